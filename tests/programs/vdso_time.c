/* SPDX-License-Identifier: MIT */
/*
 * The vDSO's answers are the kernel's: between two calls that cross, its clocks lie between
 * theirs, in nanoseconds, over and over; seconds, microseconds and the CPU's number agree.
 */
#define _GNU_SOURCE
#include "check.h"

#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#ifdef SYS_clock_gettime64 /* i386 */
#define CROSS SYS_clock_gettime64
#else
#define CROSS SYS_clock_gettime
#endif

static long long ns_of(const struct timespec *t)
{
	return t->tv_sec * 1000000000ll + t->tv_nsec;
}

static long long crossing(clockid_t clock)
{
	struct {
		long long sec, nsec;
	} t = { 0, 0 };

	syscall(CROSS, clock, &t);
	return t.sec * 1000000000ll + t.nsec;
}

static long long vdso(clockid_t clock)
{
	struct timespec t;

	NEED(clock_gettime(clock, &t) == 0 || !"clock_gettime");
	return ns_of(&t);
}

static int between(clockid_t clock)
{
	for (int i = 0; i < 20000; i++) {
		struct timespec t;
		long long first = crossing(clock), last;
		if (clock_gettime(clock, &t))
			return 0;
		last = crossing(clock);
		if (ns_of(&t) < first || ns_of(&t) > last) {
			printf("FAIL %lld not in %lld .. %lld\n", ns_of(&t), first, last);
			return 0;
		}
	}
	return 1;
}

int main(void)
{
	struct timeval tv;
	unsigned cpu = 99, node = 99, again = 99;
	struct timespec t;

	CHECK(between(CLOCK_MONOTONIC));
	CHECK(between(CLOCK_REALTIME));
	CHECK(between(CLOCK_BOOTTIME));
	CHECK(vdso(CLOCK_PROCESS_CPUTIME_ID) >= 0);
	CHECK_ERRNO(clock_gettime(77, &t), EINVAL);
	CHECK(vdso(CLOCK_REALTIME_COARSE) > 1000000000ll * 1000000000);
	long long before = crossing(CLOCK_REALTIME);
	CHECK(gettimeofday(&tv, NULL) == 0);
	CHECK(tv.tv_sec * 1000000000ll + tv.tv_usec * 1000ll >= before - 1000);
	CHECK(time(NULL) - tv.tv_sec < 2);
	cpu_set_t one;
	CHECK(sched_getaffinity(0, sizeof one, &one) == 0);
	for (int i = 0; i < 5; i++) { /* it may move between the two questions, not every time */
		cpu = sched_getcpu();
		syscall(SYS_getcpu, &again, &node, NULL);
		if (cpu == again)
			break;
	}
	CHECK(cpu == again && CPU_ISSET(cpu, &one));
	CHECK(node == 0);
	return check_failures != 0;
}
