/* SPDX-License-Identifier: MIT */
/* What the calls about a process itself answer: ids, prctl, limits, scheduling, segment bases. */
#define _GNU_SOURCE
#include "answers.h"

#include <asm/prctl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/times.h>

#define TOP 0x7ffffffff000ul

static void ids(void)
{
	unsigned long head, length;
	char list[24];

	ANSWER(call(setpgid, -1, 0));
	ANSWER(call(setpgid, 0, -1));
	ANSWER(call(setpgid, NOBODY, 0));
	ANSWER(call(getpgid, NOBODY));
	ANSWER(call(getpgid, -1));
	ANSWER(call(getsid, NOBODY));
	ANSWER(call(getpgid, 0) == call(getpgrp));
	ANSWER(call(gettid) == call(getpid));
	ANSWER(call(set_tid_address, 0) == call(getpid));
	ANSWER(call(set_robust_list, list, 23));
	ANSWER(call(set_robust_list, list, 24));
	ANSWER(call(get_robust_list, 0, &head, &length));
	ANSWER(head == (unsigned long)list && length == 24);
	ANSWER(call(get_robust_list, 0, BAD, &length));
	ANSWER(call(get_robust_list, 0, &head, BAD));
	ANSWER(call(get_robust_list, NOBODY, &head, &length));
}

static void bases(void)
{
	unsigned long base;

	ANSWER(call(arch_prctl, ARCH_GET_FS, &base));
	ANSWER(call(arch_prctl, ARCH_SET_GS, 0x1234));
	ANSWER(call(arch_prctl, ARCH_GET_GS, &base));
	ANSWER(base);
	ANSWER(call(arch_prctl, ARCH_SET_GS, KERNEL_HALF));
	ANSWER(call(arch_prctl, ARCH_SET_GS, 1ul << 47));
	ANSWER(call(arch_prctl, ARCH_SET_FS, TOP));
	ANSWER(call(arch_prctl, ARCH_SET_GS, TOP - 1));
	ANSWER(call(arch_prctl, ARCH_GET_FS, BAD));
	ANSWER(call(arch_prctl, 0x9999, 8));
	ANSWER(call(arch_prctl, ARCH_SET_GS, 0));
}

static void remembered(void)
{
	char name[17] = "zzzzzzzzzzzzzzzz";
	void *tid_address;
	int value = 0;

	ANSWER(prctl(PR_SET_NAME, "abcdefghijklmnopqrst"));
	ANSWER(prctl(PR_GET_NAME, name));
	puts(name);
	ANSWER(prctl(PR_SET_NAME, BAD));
	ANSWER(prctl(PR_GET_NAME, BAD));
	ANSWER(prctl(PR_SET_PDEATHSIG, 65));
	ANSWER(prctl(PR_SET_PDEATHSIG, 9));
	ANSWER(prctl(PR_GET_PDEATHSIG, &value));
	ANSWER(value);
	ANSWER(prctl(PR_SET_DUMPABLE, 2));
	ANSWER(prctl(PR_SET_DUMPABLE, 0));
	ANSWER(prctl(PR_GET_DUMPABLE));
	ANSWER(prctl(PR_SET_DUMPABLE, 1));
	ANSWER(prctl(PR_GET_KEEPCAPS));
	ANSWER(prctl(PR_SET_KEEPCAPS, 2));
	ANSWER(prctl(PR_SET_TIMERSLACK, 77));
	ANSWER(prctl(PR_GET_TIMERSLACK));
	ANSWER(prctl(PR_SET_TIMERSLACK, 0));
	ANSWER(prctl(PR_GET_TIMERSLACK));
	ANSWER(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	ANSWER(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
	ANSWER(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
	ANSWER(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
	ANSWER(prctl(PR_GET_CHILD_SUBREAPER, &value));
	ANSWER(value);
	ANSWER(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
	ANSWER(prctl(PR_GET_TID_ADDRESS, &tid_address));
	ANSWER((long)tid_address);
	ANSWER(prctl(9999));
}

static void fixed_answers(void)
{
	int value = 0;

	ANSWER(prctl(PR_CAPBSET_READ, 64));
	ANSWER(prctl(PR_GET_TSC, &value));
	ANSWER(value);
	ANSWER(prctl(PR_SET_TSC, 9));
	ANSWER(prctl(PR_GET_SECUREBITS));
	ANSWER(prctl(PR_GET_TIMING));
	ANSWER(prctl(PR_SET_TIMING, 1));
	ANSWER(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 0, 0, 0));
	ANSWER(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
	ANSWER(prctl(PR_CAP_AMBIENT, 9, 0, 0, 0));
	ANSWER(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 99, 0, 0));
	ANSWER(prctl(PR_GET_UNALIGN, &value));
}

static void limits(void)
{
	struct rlimit r = { 5, 4 }, old;

	ANSWER(call(setrlimit, RLIMIT_CORE, &r));
	r.rlim_max = 1 << 21;
	ANSWER(call(setrlimit, RLIMIT_NOFILE, &r));
	ANSWER(call(getrlimit, RLIMIT_STACK, BAD));
	ANSWER(call(setrlimit, RLIMIT_STACK, BAD));
	ANSWER(call(getrlimit, 16, &r));
	ANSWER(call(prlimit64, 0, 99, 0, 0));
	ANSWER(call(prlimit64, NOBODY, RLIMIT_STACK, 0, &r));
	ANSWER(call(prlimit64, 0, RLIMIT_STACK, BAD, &r));
	ANSWER(call(prlimit64, 0, RLIMIT_STACK, 0, BAD));
	r = (struct rlimit){ 0, 0 };
	ANSWER(call(prlimit64, 0, RLIMIT_CORE, &r, &old));
	ANSWER(call(getrlimit, RLIMIT_CORE, &r));
	ANSWER(r.rlim_cur + r.rlim_max);
	ANSWER(call(prlimit64, getpid(), RLIMIT_STACK, 0, 0));
}

static void usage(void)
{
	struct rusage ru;

	ANSWER(call(getrusage, RUSAGE_SELF, &ru));
	ANSWER(call(getrusage, RUSAGE_CHILDREN, &ru));
	ANSWER(ru.ru_utime.tv_sec + ru.ru_utime.tv_usec);
	ANSWER(call(getrusage, 1, &ru));
	ANSWER(call(getrusage, -2, &ru));
	ANSWER(call(getrusage, 7, &ru));
	ANSWER(call(getrusage, RUSAGE_SELF, BAD));
	ANSWER(call(times, BAD));
	WORKED(call(times, 0));
}

static void scheduling(void)
{
	unsigned long mask[16] = { 0 };

	ANSWER(call(sched_getaffinity, 0, 7, mask));
	ANSWER(call(sched_getaffinity, 0, 12, mask));
	ANSWER(call(sched_getaffinity, 0, 128, BAD));
	ANSWER(call(sched_getaffinity, NOBODY, 128, mask));
	ANSWER(call(sched_getaffinity, -1, 128, mask));
	ANSWER(call(sched_setaffinity, 0, 8, mask));
	mask[0] = 1;
	ANSWER(call(sched_setaffinity, 0, 8, BAD));
	ANSWER(call(sched_setaffinity, NOBODY, 8, mask));
	ANSWER(call(sched_getscheduler, 0));
	ANSWER(call(sched_getscheduler, -1));
	ANSWER(call(sched_getscheduler, NOBODY));
	ANSWER(call(sched_getparam, 0, mask));
	ANSWER(call(sched_getparam, 0, 0));
	ANSWER(call(sched_getparam, 0, BAD));
	ANSWER(call(sched_getparam, -1, mask));
	for (int policy = -1; policy < 7; policy++) {
		ANSWER(call(sched_get_priority_max, policy));
		ANSWER(call(sched_get_priority_min, policy));
	}
	ANSWER(call(sched_yield));
	ANSWER(call(getcpu, 0, 0, 0));
	ANSWER(call(getcpu, BAD, 0, 0));
	ANSWER(call(getcpu, 0, BAD, 0));
}

static void priority(void)
{
	ANSWER(call(getpriority, PRIO_PROCESS, 0));
	ANSWER(call(getpriority, PRIO_PROCESS, NOBODY));
	ANSWER(call(getpriority, PRIO_PGRP, 0));
	ANSWER(call(getpriority, 3, 0));
	ANSWER(call(getpriority, -1, 0));
	ANSWER(call(setpriority, PRIO_PROCESS, 0, 5));
	ANSWER(call(getpriority, PRIO_PROCESS, 0));
	ANSWER(call(setpriority, PRIO_PROCESS, 0, 50));
	ANSWER(call(getpriority, PRIO_PROCESS, 0));
	ANSWER(call(setpriority, 9, 0, 0));
}

int main(void)
{
	ids();
	bases();
	remembered();
	fixed_answers();
	limits();
	usage();
	scheduling();
	priority();
	return 0;
}
