/* SPDX-License-Identifier: MIT */
/*
 * The cost of one getpid, loop included, in TSC ticks: instructions under --icount 0. The
 * loop is one SYSCALL with its number, a decrement and a branch; what the counter reads
 * without the loop is taken off. Also the unknown call, which goes no further than the table.
 */
#include <stdio.h>
#include <x86intrin.h>

#define CALLS 100000ul

static unsigned long loop(long number)
{
	unsigned long start = __rdtsc(), n = CALLS, answer;

	__asm__ volatile("1: mov %[number], %%rax; syscall; dec %[n]; jnz 1b"
			 : "=&a"(answer), [n] "+r"(n)
			 : [number] "r"(number)
			 : "rcx", "r11", "rdi", "memory", "cc");
	return __rdtsc() - start;
}

int main(void)
{
	unsigned long nothing = __rdtsc();

	nothing = __rdtsc() - nothing;
	loop(39);
	printf("getpid loop: %.2f per iteration\n", (double)(loop(39) - nothing) / CALLS);
	printf("unknown number: %.2f per iteration\n", (double)(loop(9999) - nothing) / CALLS);
	return 0;
}
