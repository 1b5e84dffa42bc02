/* SPDX-License-Identifier: MIT */
/*
 * Calls of group @time. Manual: clock_gettime(2), clock_nanosleep(2).
 *
 * There is one oscillator (machine/clock.h): RAW, BOOTTIME and COARSE clocks are
 * CLOCK_MONOTONIC or CLOCK_REALTIME by another name; TAI keeps the offset 0 it has on a
 * Linux that nobody told about leap seconds.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"
#include "machine/clock.h"
#include "sys/time_impl.h"

#define COARSE_NS 4000000 /* what a tick of 250 Hz gives */

/* Clock ids below 0 are processor-time clocks: ~pid << 3 | 4 for a thread | which of 3. */
#define CPU_CLOCK_KIND 3
#define CPU_CLOCK_THREAD 4
#define CPU_CLOCK_SCHED 2 /* the exact one; 0 and 1 count ticks on Linux */
#define CPU_CLOCK_KINDS 3

struct l64_timespec clock_timespec(u64 ns)
{
	return (struct l64_timespec){ (s64)(ns / NSEC_PER_SEC), (s64)(ns % NSEC_PER_SEC) };
}

/* -EINVAL when it is not normal; times too far for 64 bits are "never". */
static err_t span_of(const struct l64_timespec *ts, u64 *ns)
{
	if (ts->tv_sec < 0 || ts->tv_nsec < 0 || ts->tv_nsec >= (s64)NSEC_PER_SEC)
		return -EINVAL;
	if ((u64)ts->tv_sec >= UINT64_MAX / NSEC_PER_SEC)
		*ns = WAIT_FOREVER;
	else
		*ns = (u64)ts->tv_sec * NSEC_PER_SEC + (u64)ts->tv_nsec;
	return 0;
}

static err_t cpu_clock_check(int clock)
{
	u32 id = (u32) ~(clock >> 3);
	u32 self = clock & CPU_CLOCK_THREAD ? current_thread()->tid : current_proc()->pid;

	if ((clock & CPU_CLOCK_KIND) >= CPU_CLOCK_KINDS)
		return -EINVAL;
	return id == 0 || id == self ? 0 : -EINVAL;
}

/* -EINVAL for a clock that does not exist. */
err_t clock_read(int clock, u64 *ns)
{
	if (clock < 0) {
		*ns = thread_cpu_ns(current_thread());
		return cpu_clock_check(clock);
	}
	switch (clock) {
	case LINUX_CLOCK_REALTIME:
	case LINUX_CLOCK_REALTIME_COARSE:
	case LINUX_CLOCK_TAI:
		*ns = clock_realtime_ns();
		return 0;
	case LINUX_CLOCK_MONOTONIC:
	case LINUX_CLOCK_MONOTONIC_RAW:
	case LINUX_CLOCK_MONOTONIC_COARSE:
	case LINUX_CLOCK_BOOTTIME:
		*ns = clock_monotonic_ns();
		return 0;
	case LINUX_CLOCK_PROCESS_CPUTIME_ID:
	case LINUX_CLOCK_THREAD_CPUTIME_ID:
		*ns = thread_cpu_ns(current_thread());
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_clock_gettime(int clock, uout_timespec time)
{
	struct l64_timespec ts;
	u64 ns;
	err_t e = clock_read(clock, &ns);

	if (e)
		return e;
	ts = clock_timespec(ns);
	return put_user(time, &ts);
}

err_t clock_resolution(int clock, u64 *resolution_ns)
{
	bool coarse = clock == LINUX_CLOCK_REALTIME_COARSE ||
		      clock == LINUX_CLOCK_MONOTONIC_COARSE ||
		      (clock < 0 && (clock & CPU_CLOCK_KIND) < CPU_CLOCK_SCHED);
	u64 ns;

	*resolution_ns = coarse ? COARSE_NS : 1;
	return clock_read(clock, &ns);
}

long sys_clock_getres(int clock, uout_timespec resolution)
{
	struct l64_timespec ts;
	u64 ns;
	err_t e = clock_resolution(clock, &ns);

	if (e || !resolution.a)
		return e;
	ts = clock_timespec(ns);
	return put_user(resolution, &ts);
}

/* Signals that let the program live (SIGSTOP and SIGCONT) do not shorten the sleep. */
static void sleep_until(u64 deadline_ns)
{
	struct spinlock lock = SPINLOCK_INIT;
	struct waitq nobody;
	err_t e;

	if (deadline_ns <= clock_monotonic_ns())
		return;
	waitq_init(&nobody);
	do {
		{
			spin_guard(&lock);
			e = waitq_sleep(&nobody, &lock, deadline_ns);
		}
		if (e == -EINTR)
			signal_deliver();
	} while (e != -ETIMEDOUT);
}

static u64 saturating_add(u64 a, u64 b)
{
	return a + b < a ? WAIT_FOREVER : a + b;
}

/* From an instant or a span on one clock to an instant of CLOCK_MONOTONIC. */
static u64 deadline_of(int clock, bool absolute, u64 ns)
{
	u64 mono = clock_monotonic_ns(), real;

	if (!absolute)
		return saturating_add(mono, ns);
	if (clock == LINUX_CLOCK_MONOTONIC || clock == LINUX_CLOCK_BOOTTIME)
		return ns;
	real = clock_realtime_ns();
	return ns > real ? saturating_add(mono, ns - real) : 0;
}

static err_t clock_can_sleep(int clock)
{
	u64 ns;

	switch (clock) {
	case LINUX_CLOCK_REALTIME:
	case LINUX_CLOCK_MONOTONIC:
	case LINUX_CLOCK_BOOTTIME:
	case LINUX_CLOCK_TAI:
		return 0;
	default: /* there, but without an alarm of its own */
		return clock_read(clock, &ns) ? -EINVAL : -EOPNOTSUPP;
	}
}

long clock_sleep(int clock, int flags, uaddr_t request, timespec_reader *read)
{
	struct l64_timespec ts;
	u64 ns;
	err_t e = clock_can_sleep(clock);

	if (!e)
		e = read(request, &ts);
	if (!e)
		e = span_of(&ts, &ns);
	if (e)
		return e;
	sleep_until(deadline_of(clock, flags & LINUX_TIMER_ABSTIME, ns));
	return 0;
}

/* `remaining` is for calls that a handler interrupted: there are none. */
long sys_clock_nanosleep(int clock, int flags, uin_timespec request, uout_timespec remaining)
{
	return clock_sleep(clock, flags, request.a, timespec_read);
}

long sys_nanosleep(uin_timespec request, uout_timespec remaining)
{
	return sys_clock_nanosleep(LINUX_CLOCK_MONOTONIC, 0, request, remaining);
}

long sys_gettimeofday(uout_timeval time, uout_timezone zone)
{
	u64 ns = clock_realtime_ns();
	struct l64_timeval tv = { (s64)(ns / NSEC_PER_SEC), (s64)(ns % NSEC_PER_SEC / 1000) };
	struct l64_timezone utc = { 0 };
	err_t e = time.a ? put_user(time, &tv) : 0;

	return e || !zone.a ? e : put_user(zone, &utc);
}

long sys_time(uout_time result)
{
	s64 now = (s64)(clock_realtime_ns() / NSEC_PER_SEC);
	err_t e = result.a ? put_user(result, &now) : 0;

	return e ? e : now;
}
