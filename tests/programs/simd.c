/* SPDX-License-Identifier: MIT */
/* Vector arithmetic: SSE2 always, AVX and AVX2 where the CPU has them; the result is the same. */
#include "check.h"

#include <immintrin.h>

#define N 4096

static float a[N], b[N];
static int x[N];

static double sum_sse(void)
{
	__m128 acc = _mm_setzero_ps();

	for (int i = 0; i < N; i += 4)
		acc = _mm_add_ps(acc,
				 _mm_mul_ps(_mm_loadu_ps(a + i), _mm_sqrt_ps(_mm_loadu_ps(b + i))));
	float part[4];
	_mm_storeu_ps(part, acc);
	return (double)part[0] + part[1] + part[2] + part[3];
}

__attribute__((target("avx"))) static void scale_avx(float by)
{
	for (int i = 0; i < N; i += 8)
		_mm256_storeu_ps(a + i, _mm256_mul_ps(_mm256_loadu_ps(a + i), _mm256_set1_ps(by)));
}

static void scale_plain(float by)
{
	for (int i = 0; i < N; i++)
		a[i] *= by;
}

__attribute__((target("avx2"))) static void add_avx2(int v)
{
	for (int i = 0; i < N; i += 8) {
		__m256i *p = (__m256i *)(x + i);
		_mm256_storeu_si256(p,
				    _mm256_add_epi32(_mm256_loadu_si256(p), _mm256_set1_epi32(v)));
	}
}

static void add_plain(int v)
{
	for (int i = 0; i < N; i++)
		x[i] += v;
}

int main(void)
{
	unsigned seed = 3;

	for (int i = 0; i < N; i++) {
		a[i] = check_random(&seed) % 1000 / 8.0f;
		b[i] = check_random(&seed) % 1000;
		x[i] = check_random(&seed);
	}
	for (int round = 0; round < 50; round++) {
		__builtin_cpu_supports("avx") ? scale_avx(0.984375f) : scale_plain(0.984375f);
		__builtin_cpu_supports("avx2") ? add_avx2(round) : add_plain(round);
	}
	printf("%.6f %lx %lx\n", sum_sse(), check_hash(1, a, sizeof a), check_hash(1, x, sizeof x));
	unsigned csr = _mm_getcsr();
	CHECK(csr == 0x1f80 || (csr & ~0x3fu) == 0x1f80);
	_mm_setcsr(0x1f80 | _MM_ROUND_UP);
	printf("%.20f\n", 1.0 / (3.0 + (seed & 0)));
	volatile double one = 1, three = 3;
	printf("%a\n", one / three);
	_mm_setcsr(0x1f80);
	printf("%a\n", one / three);
	long double ld = 1;
	for (int i = 1; i < 30; i++)
		ld *= (long double)i / 3;
	printf("%La\n", ld);
	return check_failures != 0;
}
