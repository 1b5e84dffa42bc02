/* SPDX-License-Identifier: MIT */
/*
 * The i386 forms of calls on time: those with 32-bit seconds, which end in 2038 (later
 * times are cut off, as by Linux), and the newer ..._time64 where padding must be ignored.
 * What they do is sys/time.c's.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "machine/clock.h"
#include "sys/args.h"
#include "sys/time_impl.h"

static long put_time(err_t e, uout_timespec32 to, u64 ns)
{
	struct l64_timespec wide = clock_timespec(ns);
	struct l32_timespec ts = timespec_narrow(&wide);

	return e ? e : put_user(to, &ts);
}

long sys_clock_gettime32(int clock, uout_timespec32 time)
{
	u64 ns = 0;
	err_t e = clock_read(clock, &ns);

	return put_time(e, time, ns);
}

long sys_clock_getres32(int clock, uout_timespec32 resolution)
{
	u64 ns = 0;
	err_t e = clock_resolution(clock, &ns);

	return resolution.a ? put_time(e, resolution, ns) : e;
}

/* `remaining` is for calls that a handler interrupted: there are none. */
long sys_clock_nanosleep32(int clock, int flags, uin_timespec32 request, uout_timespec32 remaining)
{
	return clock_sleep(clock, flags, request.a, timespec_read32);
}

long sys_clock_nanosleep_time64(int clock, int flags, uin_timespec64 request,
				uout_timespec64 remaining)
{
	return clock_sleep(clock, flags, request.a, timespec_read_time64);
}

long sys_nanosleep32(uin_timespec32 request, uout_timespec32 remaining)
{
	return clock_sleep(LINUX_CLOCK_MONOTONIC, 0, request.a, timespec_read32);
}

long sys_gettimeofday32(uout_timeval32 time, uout_timezone zone)
{
	struct l64_timespec now = clock_timespec(clock_realtime_ns());
	struct l32_timeval tv = { (s32)now.tv_sec, (s32)(now.tv_nsec / 1000) };
	struct l64_timezone utc = { 0 };
	err_t e = time.a ? put_user(time, &tv) : 0;

	return e || !zone.a ? e : put_user(zone, &utc);
}

long sys_time32(uout_time32 result)
{
	s32 now = (s32)(clock_realtime_ns() / NSEC_PER_SEC);
	err_t e = result.a ? put_user(result, &now) : 0;

	return e ? e : now;
}
