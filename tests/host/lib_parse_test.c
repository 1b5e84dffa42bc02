/* SPDX-License-Identifier: MIT */
/* lib/parse.c: numbers at the edge of 64 bits, hexadecimal bytes, words, prefixes. */
#include "check.h"

#include <string.h>

#include "lib/parse.h"

static struct span text(const char *s)
{
	return span_of(s, strlen(s));
}

static void test_numbers(void **state)
{
	u64 v;
	(void)state;
	assert_true(parse_u64(text("0"), 10, &v) && v == 0);
	assert_true(parse_u64(text("18446744073709551615"), 10, &v) && v == UINT64_MAX);
	assert_false(parse_u64(text("18446744073709551616"), 10, &v));
	assert_true(parse_u64(text("ffffFFFFffffFFFF"), 16, &v) && v == UINT64_MAX);
	assert_false(parse_u64(text("10000000000000000"), 16, &v));
	assert_false(parse_u64(text(""), 10, &v));
	assert_false(parse_u64(text("12a"), 10, &v));
	assert_false(parse_u64(text("-1"), 10, &v));
	assert_false(parse_u64(text("0x1"), 16, &v));
	assert_true(parse_u64(span_of("123", 2), 10, &v) && v == 12);
}

static void test_hex(void **state)
{
	u8 b[3];
	(void)state;
	assert_true(parse_hex_bytes(text("00fFa5"), b, 3));
	assert_memory_equal(b, "\0\xff\xa5", 3);
	assert_false(parse_hex_bytes(text("00ff"), b, 3));
	assert_false(parse_hex_bytes(text("00ff0"), b, 3));
	assert_false(parse_hex_bytes(text("00fg00"), b, 3));
}

static void test_words(void **state)
{
	struct span rest = text("  one two=2\t\nthree  "), w;
	(void)state;
	assert_true(parse_word(&rest, &w) && span_is(w, "one"));
	assert_true(parse_word(&rest, &w) && span_cut_prefix(&w, "two=") && span_is(w, "2"));
	assert_true(parse_word(&rest, &w) && span_is(w, "three"));
	assert_false(parse_word(&rest, &w));
	rest = text("   ");
	assert_false(parse_word(&rest, &w));
	w = text("tw");
	assert_false(span_cut_prefix(&w, "two"));
	assert_false(span_is(w, "two"));
	assert_false(span_is(w, "t"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
