/* SPDX-License-Identifier: MIT */
/*
 * The 64-bit vDSO: calls that need no crossing, because what they ask is in a page the
 * kernel shares (vdso/vvar.h) and in the TSC. Runs in user mode, at any address, without
 * relocations (the Makefile checks). Clocks it does not know are asked of the kernel.
 *
 * Names and version are Linux's: C libraries look for them by AT_SYSINFO_EHDR. Manual: vdso(7).
 */
#include "abi/linux64.h"
#include "gen/flags.h"
#include "gen/sysnr_linux64.h"
#include "vdso/vvar.h"

#define NSEC_PER_SEC 1000000000ull

extern const struct vvar vvar __attribute__((visibility("hidden")));

int __vdso_clock_gettime(int clock, struct l64_timespec *ts);
int __vdso_clock_getres(int clock, struct l64_timespec *ts);
int __vdso_gettimeofday(struct l64_timeval *tv, struct l64_timezone *tz);
s64 __vdso_time(s64 *result);
int __vdso_getcpu(unsigned *cpu, unsigned *node, void *unused);

static long call2(long nr, long a, long b)
{
	long r;

	__asm__ volatile("syscall" : "=a"(r) : "0"(nr), "D"(a), "S"(b) : "rcx", "r11", "memory");
	return r;
}

/* The TSC after everything before: a read that ran ahead could show time going backwards. */
static u64 tsc_ordered(void)
{
	u32 lo, hi;

	__asm__ volatile("lfence; rdtsc" : "=a"(lo), "=d"(hi) : : "memory");
	return (u64)hi << 32 | lo;
}

/* The same arithmetic as machine/clock.c, so that both tell the same time. */
static u64 clock_ns(bool realtime)
{
	u64 ns;
	u32 seq;

	do {
		seq = __atomic_load_n(&vvar.seq, __ATOMIC_ACQUIRE) & ~1u;
		u64 ticks = tsc_ordered() - vvar.tsc_start;
		ns = (u64)((unsigned __int128)ticks * vvar.ns_per_tick >> VVAR_SHIFT);
		if (realtime)
			ns += vvar.epoch_ns;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (__atomic_load_n(&vvar.seq, __ATOMIC_RELAXED) != seq);
	return ns;
}

int __vdso_clock_gettime(int clock, struct l64_timespec *ts)
{
	u64 ns;

	switch (clock) {
	case LINUX_CLOCK_REALTIME:
	case LINUX_CLOCK_REALTIME_COARSE:
	case LINUX_CLOCK_TAI:
		ns = clock_ns(true);
		break;
	case LINUX_CLOCK_MONOTONIC:
	case LINUX_CLOCK_MONOTONIC_RAW:
	case LINUX_CLOCK_MONOTONIC_COARSE:
	case LINUX_CLOCK_BOOTTIME:
		ns = clock_ns(false);
		break;
	default:
		return (int)call2(SYS_linux64_clock_gettime, clock, (long)ts);
	}
	ts->tv_sec = (s64)(ns / NSEC_PER_SEC);
	ts->tv_nsec = (s64)(ns % NSEC_PER_SEC);
	return 0;
}

int __vdso_clock_getres(int clock, struct l64_timespec *ts)
{
	return (int)call2(SYS_linux64_clock_getres, clock, (long)ts);
}

int __vdso_gettimeofday(struct l64_timeval *tv, struct l64_timezone *tz)
{
	if (tv) {
		u64 ns = clock_ns(true);
		tv->tv_sec = (s64)(ns / NSEC_PER_SEC);
		tv->tv_usec = (s64)(ns % NSEC_PER_SEC / 1000);
	}
	if (tz)
		*tz = (struct l64_timezone){ 0 };
	return 0;
}

s64 __vdso_time(s64 *result)
{
	s64 now = (s64)(clock_ns(true) / NSEC_PER_SEC);

	if (result)
		*result = now;
	return now;
}

/* LSL reads the limit of a descriptor that is another one on each CPU. One NUMA node. */
int __vdso_getcpu(unsigned *cpu, unsigned *node, void *unused)
{
	unsigned number;

	(void)unused;
	__asm__ volatile("lsl %1, %0" : "=r"(number) : "r"(VVAR_CPU_SELECTOR) : "cc");
	if (cpu)
		*cpu = number;
	if (node)
		*node = 0;
	return 0;
}

#define WEAK_ALIAS(name, target) \
	extern __typeof__(target) name __attribute__((weak, alias(#target)))
WEAK_ALIAS(clock_gettime, __vdso_clock_gettime);
WEAK_ALIAS(clock_getres, __vdso_clock_getres);
WEAK_ALIAS(gettimeofday, __vdso_gettimeofday);
WEAK_ALIAS(time, __vdso_time);
WEAK_ALIAS(getcpu, __vdso_getcpu);
