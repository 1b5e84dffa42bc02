/* SPDX-License-Identifier: MIT */
/*
 * Programs that do what no program should. Each has a table of cases: a name, a function,
 * how it must end in Lstar, how on the host. `program --list` prints the table and
 * `program NAME` runs one case; tests/fault/suite.py reads the former to know what to do.
 *
 * An ending is a shell status: 0 returned with every CHECK good, 128+N killed by signal N;
 * several are joined by '/' where CPUs or emulators differ (the comment says why).
 * For the host, "=" means the same and "-" means not to run it there.
 */
#ifndef TESTS_PROGRAMS_FAULT_H
#define TESTS_PROGRAMS_FAULT_H

#define _GNU_SOURCE
#include "check.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096ul
#define KERNEL_TEXT 0xffffffff80100000ul /* where the kernel is linked (boot/kernel.ld) */
#define KERNEL_HALF 0xffff800000000000ul
#define NON_CANONICAL 0x0000800000000000ul
#define USER_END 0x00007ffffffff000ul /* first address that is never the user's */

#define DIES_SEGV "139"
#define DIES_ILL "132"
#define DIES_FPE "136"
#define DIES_TRAP "133"
#define DIES_BUS "135"
#define LIVES "0"

struct fault_case {
	const char *name;
	void (*run)(void);
	const char *lstar;
	const char *host;
};

/* For the compiler: a value it cannot see through. */
static inline uint64_t opaque(uint64_t value)
{
	__asm__ volatile("" : "+r"(value));
	return value;
}

static inline void cpuid(unsigned leaf, unsigned subleaf, unsigned r[4])
{
	__asm__ volatile("cpuid"
			 : "=a"(r[0]), "=b"(r[1]), "=c"(r[2]), "=d"(r[3])
			 : "a"(leaf), "c"(subleaf));
}

/* QEMU's own translator, as opposed to a CPU: some exceptions do not exist there. */
static inline int on_tcg(void)
{
	unsigned r[4];

	cpuid(0x40000000, 0, r);
	return !memcmp(&r[1], "TCGTCGTCGTCG", 12);
}

static inline int has_fsgsbase(void)
{
	unsigned r[4];

	cpuid(7, 0, r);
	return r[1] & 1;
}

/* Linux has the 64-bit user segments at 0x33/0x2b, Lstar at 0x2b/0x23 (STAR 0x1b). */
static inline int on_lstar(void)
{
	unsigned short cs;

	__asm__("mov %%cs, %0" : "=r"(cs));
	return cs == 0x2b;
}

static inline unsigned user32_cs(void)
{
	return on_lstar() ? 0x1b : 0x23;
}

static inline long call3(long nr, long a, long b, long c)
{
	long r;

	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "0"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return r;
}

static inline void *map_pages(size_t pages, int prot)
{
	void *p = mmap(NULL, pages * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		puts("FAIL no memory");
		exit(1);
	}
	return p;
}

static inline int fault_main(int argc, char **argv, const struct fault_case *cases, size_t n)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	for (size_t i = 0; i < n; i++) {
		if (argc == 2 && !strcmp(argv[1], "--list")) {
			printf("%s %s %s\n", cases[i].name, cases[i].lstar, cases[i].host);
		} else if (argc >= 2 && !strcmp(argv[1], cases[i].name)) {
			cases[i].run();
			puts("survived");
			return check_failures != 0;
		}
	}
	return argc == 2 && !strcmp(argv[1], "--list") ? 0 : 2;
}

#define FAULT_MAIN(cases)                                                              \
	int main(int argc, char **argv)                                                \
	{                                                                              \
		return fault_main(argc, argv, cases, sizeof(cases) / sizeof *(cases)); \
	}

#endif
