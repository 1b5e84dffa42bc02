/* SPDX-License-Identifier: MIT */
/*
 * lib/string.c against plain loops: all small sizes, alignments and overlaps, in blocks of
 * exact size so that the sanitizer sees a byte too many. string_names.h renames ours.
 */
#include "check.h"

#include "lib/string.h"

#include <stdlib.h>

#define MAX 100

static u8 *block(size_t n)
{
	u8 *p = malloc(n ? n : 1);
	for (size_t i = 0; i < n; i++)
		p[i] = (u8)(i * 37 + n);
	return p;
}

static void test_memcpy(void **state)
{
	(void)state;
	for (size_t n = 0; n < MAX; n++) {
		u8 *src = block(n), *dst = block(n + 3);
		assert_ptr_equal(memcpy(dst + n % 4, src, n), dst + n % 4);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(dst[n % 4 + i], src[i]);
		free(src);
		free(dst);
	}
}

static void test_memset(void **state)
{
	(void)state;
	for (size_t n = 0; n < MAX; n++) {
		u8 *dst = block(n);
		memset(dst, 0x1f3, n);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(dst[i], 0xf3);
		free(dst);
	}
}

static void test_memmove(void **state)
{
	(void)state;
	for (size_t n = 0; n < 60; n++) {
		for (size_t from = 0; from < 20; from++) {
			for (size_t to = 0; to < 20; to++) {
				u8 *p = block(80), *want = block(80);
				for (size_t i = 0; i < n; i++)
					want[to + i] = p[from + i];
				memmove(p + to, p + from, n);
				assert_int_equal(memcmp(p, want, 80), 0);
				free(p);
				free(want);
			}
		}
	}
}

static void test_memcmp(void **state)
{
	(void)state;
	for (size_t n = 1; n < MAX; n++) {
		u8 *a = block(n), *b = block(n);
		assert_int_equal(memcmp(a, b, n), 0);
		for (size_t i = 0; i < n; i++) {
			a[i] = 0x80, b[i] = 0x7f;
			assert_true(memcmp(a, b, n) > 0);
			assert_true(memcmp(b, a, n) < 0);
			b[i] = 0x80;
		}
		free(a);
		free(b);
	}
}

static void test_strings(void **state)
{
	char small[4];
	(void)state;
	assert_int_equal(strlen(""), 0);
	assert_int_equal(strnlen("abc", 2), 2);
	assert_int_equal(strnlen("abc", 9), 3);
	assert_true(strcmp("a", "b") < 0 && strcmp("b", "a") > 0 && strcmp("a", "a") == 0);
	assert_true(strcmp("\xff", "a") > 0);
	assert_true(strcmp("a", "ab") < 0);
	assert_int_equal(strncmp("abX", "abY", 2), 0);
	assert_true(strncmp("ab", "abc", 3) < 0);
	assert_int_equal(strncmp("a\0x", "a\0y", 3), 0);
	assert_string_equal(strchr("hello", 'l'), "llo");
	assert_null(strchr("hello", 'z'));
	assert_string_equal(strchr("hello", 0), "");
	assert_string_equal(strrchr("hello", 'l'), "lo");
	assert_null(strrchr("hello", 'z'));
	assert_ptr_equal(memchr("abc", 'd', 3), NULL);
	assert_string_equal(memchr("abc", 'b', 3), "bc");
	assert_int_equal(strlcpy(small, "abcdef", sizeof small), 6);
	assert_string_equal(small, "abc");
	assert_int_equal(strlcpy(small, "xy", sizeof small), 2);
	assert_string_equal(small, "xy");
	assert_int_equal(strlcpy(small, "xyz", 0), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memcpy),	cmocka_unit_test(test_memset),
		cmocka_unit_test(test_memmove), cmocka_unit_test(test_memcmp),
		cmocka_unit_test(test_strings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
