/* SPDX-License-Identifier: MIT */
/*
 * The i386 forms of calls about limits and usage: 32-bit numbers, and a limit that does not
 * fit is shown as none. What they do is sys/limit.c's.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "sys/limit_impl.h"

/* What old getrlimit calls infinity: its callers have signed longs. */
#define OLD_INFINITY 0x7fffffffu

static u32 limit_cut(u64 limit, u32 most)
{
	return limit > most ? most : (u32)limit;
}

static long get_limit(u32 resource, uout_rlimit32 limit, u32 most)
{
	struct rlimit old;
	err_t e = limit_swap(resource, NULL, &old);
	struct l32_rlimit out;

	if (e)
		return e;
	out = (struct l32_rlimit){ limit_cut(old.cur, most), limit_cut(old.max, most) };
	return put_user(limit, &out);
}

long sys_getrlimit_old(u32 resource, uout_rlimit32 limit)
{
	return get_limit(resource, limit, OLD_INFINITY);
}

long sys_ugetrlimit(u32 resource, uout_rlimit32 limit)
{
	return get_limit(resource, limit, L32_RLIM_INFINITY);
}

static u64 limit_widen(u32 limit)
{
	return limit == L32_RLIM_INFINITY ? RLIM_INFINITY : limit;
}

long sys_setrlimit32(u32 resource, uin_rlimit32 limit)
{
	struct l32_rlimit in;
	err_t e = get_user(&in, limit);

	if (e)
		return e;
	return limit_swap(resource,
			  &(struct rlimit){ limit_widen(in.rlim_cur), limit_widen(in.rlim_max) },
			  NULL);
}

long sys_getrusage32(int who, uout_rusage32 usage)
{
	struct l64_rusage wide;
	struct l32_rusage ru;
	err_t e = usage_get(who, &wide);

	if (e)
		return e;
	ru = (struct l32_rusage){
		.ru_utime = { (s32)wide.ru_utime.tv_sec, (s32)wide.ru_utime.tv_usec },
		.ru_stime = { (s32)wide.ru_stime.tv_sec, (s32)wide.ru_stime.tv_usec },
		.ru_maxrss = (s32)wide.ru_maxrss,
	};
	return put_user(usage, &ru);
}

long sys_times32(uout_tms32 buf)
{
	struct l64_tms wide;
	long now = times_get(&wide);
	struct l32_tms tms = { (s32)wide.tms_utime, (s32)wide.tms_stime, (s32)wide.tms_cutime,
			       (s32)wide.tms_cstime };
	err_t e = buf.a ? put_user(buf, &tms) : 0;

	return e ? e : now;
}

long sys_sched_getaffinity32(int pid, u32 length, uout_cpumask mask)
{
	return affinity_get(pid, length, sizeof(u32), mask.a);
}

/* The same bytes: words of 4 or 8 only differ in how many must be given. */
long sys_sched_setaffinity32(int pid, u32 length, uin_cpumask mask)
{
	return sys_sched_setaffinity(pid, length, mask);
}

/* The increment is cut first, so that no sum can wrap. */
long sys_nice(int increment)
{
	int nice = increment < -40 ? -40 : increment > 40 ? 40 : increment;

	return sys_setpriority(LINUX_PRIO_PROCESS, 0, current_proc()->attr.nice + nice);
}
