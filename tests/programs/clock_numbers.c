/* SPDX-License-Identifier: MIT */
/*
 * Prints what usually differs from run to run: clocks, random bytes, addresses, the TSC.
 * Under --icount two runs must print the same.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
	struct timespec t;
	unsigned char bytes[16];
	const unsigned char *seed = (void *)getauxval(AT_RANDOM);

	for (int clock = 0; clock < 2; clock++) {
		clock_gettime(clock, &t);
		printf("clock %d %lld.%09ld\n", clock, (long long)t.tv_sec, t.tv_nsec);
	}
	if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
		return 1;
	for (int i = 0; i < 16; i++)
		printf("%02x%02x", bytes[i], seed[i]);
	printf("\nstack %p heap %p pid %d tsc %llu\n", (void *)&t, malloc(100), (int)getpid(),
	       __builtin_ia32_rdtsc());
	return 0;
}
