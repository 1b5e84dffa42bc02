/* SPDX-License-Identifier: MIT */
/*
 * Calls about what a process may use and has used: limits, resource usage, scheduling.
 * Manual: getrlimit(2), getrusage(2), times(2), sched(7), getpriority(2).
 *
 * One CPU, one scheduling class: the answers are those of a single-CPU Linux whose
 * process runs under SCHED_OTHER. Processor time is not split: all of it is user time.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/mm/aspace.h"
#include "kernel/proc/proc.h"
#include "machine/clock.h"
#include "machine/smp.h"
#include "sys/limit_impl.h"

#define NOFILE_CEILING (1024 * 1024) /* Linux's fs.nr_open */
#define CAP_SYS_RESOURCE 24
#define NICE_MIN (-20)
#define NICE_MAX 19
#define RT_PRIORITY_MIN 1
#define RT_PRIORITY_MAX 99
#define NSEC_PER_TICK (NSEC_PER_SEC / 100)

static err_t limit_check(const struct proc *p, u32 resource, const struct rlimit *new)
{
	bool privileged = p->attr.cap_effective >> CAP_SYS_RESOURCE & 1;

	if (new->cur > new->max)
		return -EINVAL;
	if (resource == LINUX_RLIMIT_NOFILE && new->max > NOFILE_CEILING)
		return -EPERM;
	return new->max > p->limits[resource].max && !privileged ? -EPERM : 0;
}

/* The address space keeps copies of the limits it enforces. */
static void limits_apply(struct proc *p)
{
	struct aspace *as = p->aspace;

	mutex_guard(&as->lock);
	as->limit_bytes = p->limits[LINUX_RLIMIT_AS].cur;
	as->data_limit_bytes = p->limits[LINUX_RLIMIT_DATA].cur;
	as->stack_limit_bytes = p->limits[LINUX_RLIMIT_STACK].cur;
}

/* Reads the old limit, then sets the new one; either may be NULL. */
err_t limit_swap(u32 resource, const struct rlimit *new, struct rlimit *old)
{
	struct proc *p = current_proc();
	err_t e = 0;

	if (resource >= RLIMIT_COUNT)
		return -EINVAL;
	{
		spin_guard(&p->lock);
		if (old)
			*old = p->limits[resource];
		if (new)
			e = limit_check(p, resource, new);
		if (new && !e)
			p->limits[resource] = *new;
	}
	if (new && !e)
		limits_apply(p);
	return e;
}

long sys_getrlimit(u32 resource, uout_rlimit limit)
{
	struct rlimit old;
	err_t e = limit_swap(resource, NULL, &old);
	struct l64_rlimit out;

	if (e)
		return e;
	out = (struct l64_rlimit){ old.cur, old.max };
	return put_user(limit, &out);
}

long sys_setrlimit(u32 resource, uin_rlimit limit)
{
	struct l64_rlimit in;
	err_t e = get_user(&in, limit);
	struct rlimit new;

	if (e)
		return e;
	new = (struct rlimit){ in.rlim_cur, in.rlim_max };
	return limit_swap(resource, &new, NULL);
}

long sys_prlimit64(int pid, u32 resource, uin_rlimit new_limit, uout_rlimit old_limit)
{
	struct l64_rlimit in, out;
	struct rlimit new, old;
	err_t e = new_limit.a ? get_user(&in, new_limit) : 0;

	if (e)
		return e;
	if (pid != 0 && proc_find((u32)pid) != current_proc())
		return -ESRCH;
	if (new_limit.a)
		new = (struct rlimit){ in.rlim_cur, in.rlim_max };
	e = limit_swap(resource, new_limit.a ? &new : NULL, &old);
	if (e || !old_limit.a)
		return e;
	out = (struct l64_rlimit){ old.cur, old.max };
	return put_user(old_limit, &out);
}

err_t usage_get(int who, struct l64_rusage *ru)
{
	u64 ns = thread_cpu_ns(current_thread());

	if (who != LINUX_RUSAGE_SELF && who != LINUX_RUSAGE_CHILDREN && who != LINUX_RUSAGE_THREAD)
		return -EINVAL;
	*ru = (struct l64_rusage){ 0 };
	if (who == LINUX_RUSAGE_CHILDREN)
		return 0;
	ru->ru_utime.tv_sec = (s64)(ns / NSEC_PER_SEC);
	ru->ru_utime.tv_usec = (s64)(ns % NSEC_PER_SEC / 1000);
	ru->ru_maxrss = (s64)(aspace_resident_pages(current_proc()->aspace) * (PAGE_SIZE / 1024));
	return 0;
}

long sys_getrusage(int who, uout_rusage usage)
{
	struct l64_rusage ru;
	err_t e = usage_get(who, &ru);

	return e ? e : put_user(usage, &ru);
}

long times_get(struct l64_tms *tms)
{
	*tms = (struct l64_tms){
		.tms_utime = (s64)(thread_cpu_ns(current_thread()) / NSEC_PER_TICK),
	};
	return (long)(clock_monotonic_ns() / NSEC_PER_TICK);
}

long sys_times(uout_tms buf)
{
	struct l64_tms tms;
	long now = times_get(&tms);
	err_t e = buf.a ? put_user(buf, &tms) : 0;

	return e ? e : now;
}

long sys_sched_yield(void)
{
	sched_yield();
	return 0;
}

/* Threads other than the caller's do not exist so far. */
static err_t check_thread(int tid)
{
	if (tid < 0)
		return -EINVAL;
	return tid == 0 || (u32)tid == current_thread()->tid ? 0 : -ESRCH;
}

/* Bit n: CPU n runs threads. */
static u64 online_mask(void)
{
	return (1ull << smp_ncpus) - 1;
}

long affinity_get(int pid, u32 length, u32 word_bytes, uaddr_t mask)
{
	u64 mine = current_thread()->affinity & online_mask();
	u32 bytes = (u32)min_u64(length, sizeof mine);
	err_t e;

	if (bytes * 8 < smp_ncpus || length % word_bytes)
		return -EINVAL;
	e = pid < 0 ? -ESRCH : check_thread(pid);
	if (!e)
		e = copyout(mask, &mine, bytes);
	return e ? e : (long)bytes;
}

long sys_sched_getaffinity(int pid, u32 length, uout_cpumask mask)
{
	return affinity_get(pid, length, sizeof(u64), mask.a);
}

long sys_sched_setaffinity(int pid, u32 length, uin_cpumask mask)
{
	u64 wanted = 0;
	err_t e = copyin(&wanted, mask.a, min_u64(length, sizeof wanted));

	if (!e)
		e = pid < 0 ? -ESRCH : check_thread(pid);
	if (e)
		return e;
	wanted &= online_mask();
	if (!wanted)
		return -EINVAL;
	thread_set_affinity(wanted);
	return 0;
}

long sys_getcpu(uout_uint cpu, uout_uint node, uaddr_t unused)
{
	u32 this = this_cpu()->id, zero = 0;
	err_t e = cpu.a ? put_user(cpu, &this) : 0;

	return e || !node.a ? e : put_user(node, &zero);
}

/* Is `who` the caller, in the sense of `which`? */
static err_t check_who(int which, int who)
{
	const struct proc *p = current_proc();
	u32 self;

	switch (which) {
	case LINUX_PRIO_PROCESS:
		self = current_thread()->tid;
		break;
	case LINUX_PRIO_PGRP:
		self = p->attr.pgid;
		break;
	case LINUX_PRIO_USER:
		return who == 0 || (u32)who == p->cred.uid ? 0 : -ESRCH;
	default:
		return -EINVAL;
	}
	return who == 0 || (u32)who == self ? 0 : -ESRCH;
}

/* 1 .. 40, so that no priority looks like an error. */
long sys_getpriority(int which, int who)
{
	err_t e = check_who(which, who);
	return e ? e : 20 - current_proc()->attr.nice;
}

/* Remembered; with one process to run there is nobody to be nice to. */
long sys_setpriority(int which, int who, int nice)
{
	err_t e = check_who(which, who);

	if (e)
		return e;
	nice = nice < NICE_MIN ? NICE_MIN : nice > NICE_MAX ? NICE_MAX : nice;
	current_proc()->attr.nice = nice;
	return 0;
}

long sys_sched_getscheduler(int pid)
{
	err_t e = check_thread(pid);
	return e ? e : LINUX_SCHED_OTHER;
}

long sys_sched_getparam(int pid, uout_sched_param param)
{
	struct l64_sched_param zero = { 0 };
	err_t e = param.a ? check_thread(pid) : -EINVAL;

	return e ? e : put_user(param, &zero);
}

static long policy_bound(int policy, long real_time)
{
	switch (policy) {
	case LINUX_SCHED_FIFO:
	case LINUX_SCHED_RR:
		return real_time;
	case LINUX_SCHED_OTHER:
	case LINUX_SCHED_BATCH:
	case LINUX_SCHED_IDLE:
	case LINUX_SCHED_DEADLINE:
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_sched_get_priority_max(int policy)
{
	return policy_bound(policy, RT_PRIORITY_MAX);
}

long sys_sched_get_priority_min(int policy)
{
	return policy_bound(policy, RT_PRIORITY_MIN);
}
