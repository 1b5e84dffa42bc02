/* SPDX-License-Identifier: MIT */
/*
 * lib/cpio.c: entries come out as they went in; each wrong byte of a header is noticed;
 * an archive cut anywhere is bad and never read beyond (blocks of exact size).
 */
#include "check.h"

#include <stdlib.h>

#include "cpio_build.h"
#include "lib/cpio.h"

static struct archive a;

static void build(void)
{
	a.len = 0;
	archive_add(&a, (struct archive_entry){
				.name = ".lstar", .mode = 0100644, .data = "arg=x", .len = 6 });
	archive_add(&a, (struct archive_entry){ .name = "dir", .mode = 040755, .mtime = 7 });
	archive_add(&a, (struct archive_entry){ .name = "dir/file",
						.mode = 0100755,
						.ino = 0xabcdef12,
						.uid = 1,
						.gid = 2,
						.rdev_major = 3,
						.rdev_minor = 4,
						.data = "0123456789",
						.len = 10,
						.align = 4096 });
	archive_end(&a);
}

static void test_entries(void **state)
{
	struct cpio_reader r;
	struct cpio_entry e;
	(void)state;
	build();
	cpio_open(&r, a.bytes, a.len);
	assert_int_equal(cpio_next(&r, &e), CPIO_ENTRY);
	assert_string_equal(e.name, ".lstar");
	assert_int_equal(e.data_len, 6);
	assert_int_equal(cpio_next(&r, &e), CPIO_ENTRY);
	assert_string_equal(e.name, "dir");
	assert_int_equal(e.mode, 040755);
	assert_int_equal(e.mtime, 7);
	assert_int_equal(cpio_next(&r, &e), CPIO_ENTRY);
	assert_string_equal(e.name, "dir/file");
	assert_int_equal(e.name_len, 8);
	assert_int_equal(e.ino, 0xabcdef12);
	assert_true(e.uid == 1 && e.gid == 2 && e.rdev_major == 3 && e.rdev_minor == 4);
	assert_int_equal((e.data - a.bytes) % 4096, 0);
	assert_memory_equal(e.data, "0123456789", 10);
	assert_int_equal(cpio_next(&r, &e), CPIO_END);
}

/* Reads all of a copy of exactly this size; counts entries. */
static enum cpio_status read_all(const u8 *bytes, u64 len, u32 *count)
{
	u8 *copy = malloc(len ? len : 1);
	struct cpio_reader r;
	struct cpio_entry e;
	enum cpio_status s;
	memcpy(copy, bytes, len);
	cpio_open(&r, copy, len);
	for (*count = 0; (s = cpio_next(&r, &e)) == CPIO_ENTRY; ++*count)
		;
	assert_true(s == CPIO_END || r.why);
	free(copy);
	return s;
}

static void test_cut(void **state)
{
	u32 n;
	(void)state;
	build();
	/* Behind the trailer's name there may be nothing more. */
	u64 whole = a.len - 2;
	while (a.bytes[whole - 1] == 0)
		whole--;
	for (u64 len = 0; len <= whole; len++)
		assert_int_equal(read_all(a.bytes, len, &n), CPIO_BAD);
	assert_int_equal(read_all(a.bytes, a.len, &n), CPIO_END);
	assert_int_equal(n, 3);
}

static void bad_byte(u64 at, u8 value)
{
	u32 n;
	build();
	a.bytes[at] = value;
	assert_int_equal(read_all(a.bytes, a.len, &n), CPIO_BAD);
}

static void test_bad_bytes(void **state)
{
	(void)state;
	for (u64 at = 0; at < 110; at++)
		bad_byte(at, '/');
	bad_byte(5, '2');     /* magic of the CRC variant */
	bad_byte(110, 0);     /* an empty name */
	bad_byte(110 + 6, 1); /* no NUL behind the name */
	bad_byte(110 + 3, 0); /* a NUL inside the name */
	for (u64 at = 6 + 11 * 8; at < 6 + 12 * 8 - 1; at++)
		bad_byte(at, 'F'); /* c_namesize far too large */
	for (u64 at = 6 + 6 * 8; at < 6 + 7 * 8 - 3; at++)
		bad_byte(at, 'F'); /* c_filesize */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_bad_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
