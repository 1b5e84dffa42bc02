/* SPDX-License-Identifier: MIT */
/* Text to numbers, exactly: halfway cases, overflow, hexadecimal, bases, what is left over. */
#include "check.h"

#include <limits.h>

int main(void)
{
	static const char *reals[] = { "0",
				       "-0",
				       "1e23",
				       "9007199254740993",
				       "2.2250738585072011e-308",
				       "4.9406564584124654e-324",
				       "1.7976931348623159e308",
				       "0x1.8p3",
				       "0x.8p-1074",
				       "inf",
				       "-infinity",
				       "nan",
				       "1e",
				       ".5.5",
				       "  12abc",
				       "179769313486231580793728971405301e276",
				       "1e-400",
				       "",
				       "e5" };
	static const char *ints[] = { "0",
				      "-42",
				      "0x7f",
				      "017",
				      "9223372036854775807",
				      "9223372036854775808",
				      "-9223372036854775809",
				      "zz",
				      "  +7 rest",
				      "0xg",
				      "18446744073709551616" };
	char *end;

	for (unsigned i = 0; i < sizeof reals / sizeof *reals; i++) {
		errno = 0;
		double d = strtod(reals[i], &end);
		printf("'%s' %a rest '%s' errno %d\n", reals[i], d != d ? 0 : d, end, errno);
	}
	for (unsigned i = 0; i < sizeof ints / sizeof *ints; i++) {
		for (int base = 0; base <= 36; base += 18) {
			errno = 0;
			long v = strtol(ints[i], &end, base);
			printf("'%s' base %d: %ld rest '%s' errno %d", ints[i], base, v, end,
			       errno);
			errno = 0;
			printf(" unsigned %lu errno %d\n", strtoul(ints[i], NULL, base), errno);
		}
	}
	for (double d = 1e-5; d < 1e22; d *= 7.3) {
		char text[40];
		snprintf(text, sizeof text, "%.17g", d);
		if (strtod(text, NULL) != d)
			printf("FAIL round trip of %s\n", text);
	}
	return 0;
}
