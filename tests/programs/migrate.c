/* SPDX-License-Identifier: MIT */
/*
 * Goes round all CPUs. On each: is it where it asked to be, are its registers (general, SSE,
 * AVX by way of a checksum in floating point), segment bases and memory still its own, and
 * is memory that was unmapped or write-protected on the previous CPU really gone there? A
 * CPU that kept a stale translation shows the old page.
 *
 *	migrate ROUNDS
 */
#define _GNU_SOURCE
#include <asm/prctl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define PAGES 64
#define PAGE 4096ul

static unsigned long wrong_cpu, wrong_memory, wrong_state;

static void go(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof set, &set) || sched_getcpu() != cpu)
		wrong_cpu++;
}

/* Everything a switch must carry, over one system call that switches. */
static void go_with_state(int cpu, unsigned long salt)
{
	cpu_set_t set;
	double a = (double)salt;
	unsigned long b = salt * 3, c = ~salt, gs, result;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	syscall(SYS_arch_prctl, ARCH_SET_GS, salt << 12);
	__asm__ volatile("movq %[a], %%xmm6; movq %[b], %%r12; movq %[c], %%r9\n\t"
			 "syscall\n\t"
			 "movq %%xmm6, %[a]; movq %%r12, %[b]; movq %%r9, %[c]"
			 : "=a"(result), [a] "+m"(a), [b] "+m"(b), [c] "+m"(c)
			 : "a"(SYS_sched_setaffinity), "D"(0), "S"(sizeof set), "d"(&set)
			 : "rcx", "r11", "r9", "r12", "xmm6", "memory");
	syscall(SYS_arch_prctl, ARCH_GET_GS, &gs);
	if (result || a != (double)salt || b != salt * 3 || c != ~salt || gs != salt << 12)
		wrong_state++;
}

static void fill(char *p, char value)
{
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = value;
}

/* Seen on this CPU; then remapped on the next; this one must not see the old pages again. */
static char *remap_on(char *p, int cpu, int back)
{
	fill(p, 1);
	go(cpu);
	munmap(p, PAGES * PAGE);
	char *q = mmap(p, PAGES * PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	go(back);
	for (int i = 0; i < PAGES; i++)
		if (q[i * PAGE])
			wrong_memory++;
	return q;
}

/* Write-protected on one CPU: a write by a call on another must fail. */
static void protect_on(char *p, int cpu, int back)
{
	fill(p, 2);
	go(cpu);
	mprotect(p, PAGES * PAGE, PROT_READ);
	go(back);
	for (int i = 0; i < PAGES; i++)
		if (readlink("/proc/self/exe", p + i * PAGE, 1) != -1)
			wrong_memory++;
	mprotect(p, PAGES * PAGE, PROT_READ | PROT_WRITE);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 50;
	int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < rounds * cpus; i++) {
		int here = i % cpus, next = (i + 1) % cpus;
		go(here);
		go_with_state(next, (unsigned long)i + 1);
		p = remap_on(p, here, next);
		protect_on(p, here, next);
	}
	printf("cpus %d\n", cpus);
	CHECK(wrong_cpu == 0);
	CHECK(wrong_memory == 0);
	CHECK(wrong_state == 0);
	return check_failures != 0;
}
