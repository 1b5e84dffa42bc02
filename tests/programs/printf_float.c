/* SPDX-License-Identifier: MIT */
/* Floating point to text in many widths and precisions, including subnormals and long double. */
#include <float.h>
#include <math.h>
#include <stdio.h>

int main(void)
{
	static const char *formats[] = { "%f", "%.0f",	   "%.15g",  "%e",    "%.3E",
					 "%a", "%+12.4f|", "%-12g|", "%#.0f", "%012.3f" };
	double values[] = { 0.0,      -0.0,	 1.0,	   -1.5,      0.1,  1e300,
			    -1e-300,  DBL_MAX,	 DBL_MIN,  4.9e-324,  M_PI, 123456789.123456789,
			    2.5,      3.5,	 INFINITY, -INFINITY, 1e15, 1e16,
			    999999.5, 0.00001234 };

	for (unsigned v = 0; v < sizeof values / sizeof *values; v++) {
		for (unsigned f = 0; f < sizeof formats / sizeof *formats; f++) {
			printf(formats[f], values[v]);
			putchar(' ');
		}
		putchar('\n');
	}
	printf("%.40f\n%.300f\n", 0.1, 1e-200);
	printf("%Lf %.25Lg %La\n", 1.0L / 3, 2.0L / 3, LDBL_MAX);
	printf("%f %g\n", fabs(NAN), copysign(0.0, -1));
	return 0;
}
