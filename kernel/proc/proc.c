/* SPDX-License-Identifier: MIT */
/*
 * Process records: creation and look-up. exec fills one with a program (exec.c), exit.c
 * takes it down.
 *
 * One process lives at a time so far. Limits, credentials and attributes are what a root shell on a
 * small Linux has.
 */
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/page.h"
#include "kernel/proc/proc.h"
#include "lib/string.h"

#include "gen/errno.h"
#include "gen/flags.h"

#define STACK_LIMIT (8ull << 20)
#define NOFILE_SOFT 1024
#define NOFILE_HARD 4096
#define MEMLOCK_LIMIT (8ull << 20)
#define MSGQUEUE_LIMIT 819200
#define TIMER_SLACK_NS 50000
/* Not 1: kill(-1) would not mean its group, and programs take 1 for init. Its parent is 0, as
 * that of a process that came into a container from outside. */
#define FIRST_PID 2
#define CAP_LAST 40 /* CAP_CHECKPOINT_RESTORE */
#define CAP_ALL ((1ull << (CAP_LAST + 1)) - 1)

static struct proc *the_process;

static void limit_set(struct proc *p, u32 which, u64 cur, u64 max)
{
	p->limits[which] = (struct rlimit){ cur, max };
}

static void limits_init(struct proc *p)
{
	struct page_stats ps;
	u64 threads;

	page_stats(&ps);
	threads = ps.total / 64; /* Linux: kernel stacks may take an eighth of memory, halved */
	for (u32 i = 0; i < RLIMIT_COUNT; i++)
		limit_set(p, i, RLIM_INFINITY, RLIM_INFINITY);
	limit_set(p, LINUX_RLIMIT_STACK, STACK_LIMIT, RLIM_INFINITY);
	limit_set(p, LINUX_RLIMIT_CORE, 0, RLIM_INFINITY);
	limit_set(p, LINUX_RLIMIT_NPROC, threads, threads);
	limit_set(p, LINUX_RLIMIT_NOFILE, NOFILE_SOFT, NOFILE_HARD);
	limit_set(p, LINUX_RLIMIT_MEMLOCK, MEMLOCK_LIMIT, MEMLOCK_LIMIT);
	limit_set(p, LINUX_RLIMIT_SIGPENDING, threads, threads);
	limit_set(p, LINUX_RLIMIT_MSGQUEUE, MSGQUEUE_LIMIT, MSGQUEUE_LIMIT);
	limit_set(p, LINUX_RLIMIT_NICE, 0, 0);
	limit_set(p, LINUX_RLIMIT_RTPRIO, 0, 0);
}

/* The references to fds and fs become the process's on success only. */
err_t proc_new(struct fdtable *fds, struct fs_context *fs, struct proc **out)
{
	struct proc *p = kzalloc(sizeof *p);

	if (!p)
		return -ENOMEM;
	p->pid = FIRST_PID;
	p->fds = fds;
	p->fs = fs;
	p->attr = (struct proc_attr){
		.pgid = p->pid,
		.sid = p->pid,
		.cap_effective = CAP_ALL,
		.cap_permitted = CAP_ALL,
		.cap_bounding = CAP_ALL,
		.timer_slack_ns = TIMER_SLACK_NS,
		.dumpable = 1,
	};
	p->nthreads = 1;
	waitq_init(&p->stop_wait);
	limits_init(p);
	__atomic_store_n(&the_process, p, __ATOMIC_RELEASE);
	*out = p;
	return 0;
}

struct proc *proc_find(u32 pid)
{
	struct proc *p = __atomic_load_n(&the_process, __ATOMIC_ACQUIRE);
	return p && p->pid == pid ? p : NULL;
}
