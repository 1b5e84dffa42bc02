/* SPDX-License-Identifier: MIT */
/*
 * libm over a grid. Twelve digits are printed, not all: glibc picks a variant with fused
 * multiply-add where the CPU has it, and the last bit may differ between variants.
 */
#include <complex.h>
#include <fenv.h>
#include <math.h>
#include <stdio.h>

int main(void)
{
	for (double x = -4; x <= 4; x += 0.37)
		printf("%.2f %.12g %.12g %.12g %.12g %.12g %.12g %.12g\n", x, sin(x), cos(x),
		       tan(x), exp(x), cbrt(x), atan(x), tanh(x));
	for (double x = 0.1; x < 50; x *= 1.9)
		printf("%.12g %.12g %.12g %.12g %.12g %.12g\n", log(x), sqrt(x), pow(x, 1.7),
		       lgamma(x), erf(x), j0(x));
	printf("%.12g %.12g %d\n", fmod(10, 3.3), remainder(10, 3.3), ilogb(1e100));
	printf("%g %g %g %g\n", floor(-1.5), ceil(-1.5), trunc(-1.5), rint(2.5));
	fesetround(FE_UPWARD);
	printf("%ld %g\n", lrint(2.1), rint(-2.9));
	fesetround(FE_TONEAREST);
	double complex z = csqrt(-4 + 0 * I) * cexp(I * M_PI);
	printf("%.10g %.10g %.10g\n", creal(z), cimag(z), cabs(3 + 4 * I));
	feclearexcept(FE_ALL_EXCEPT);
	volatile double zero = 0, r = 1 / zero;
	printf("%g raised %d\n", r, fetestexcept(FE_DIVBYZERO) != 0);
	int exponent;
	double mantissa = frexp(48, &exponent);
	printf("%g %d %g %a\n", mantissa, exponent, ldexp(0.75, 5), nextafter(1, 2));
	return 0;
}
