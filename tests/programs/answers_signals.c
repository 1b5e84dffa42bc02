/* SPDX-License-Identifier: MIT */
/* Dispositions, masks, pending sets and targets of signals; no handler runs. */
#define _GNU_SOURCE
#include "answers.h"

#include <signal.h>

#define SETSIZE 8

struct kernel_action {
	void *handler;
	unsigned long flags;
	void *restorer;
	unsigned long mask;
};

static unsigned long set;

static void actions(void)
{
	struct kernel_action ignore = { (void *)1, 0xffffffffffff, 0, -1ul }, old = { 0 };

	ANSWER(call(rt_sigaction, SIGUSR1, &ignore, 0, SETSIZE));
	ANSWER(call(rt_sigaction, SIGUSR1, 0, &old, SETSIZE));
	printf("flags %lx mask %lx\n", old.flags, old.mask);
	ANSWER(call(rt_sigaction, SIGUSR1, &ignore, 0, 16));
	ANSWER(call(rt_sigaction, SIGKILL, &ignore, 0, SETSIZE));
	ANSWER(call(rt_sigaction, SIGSTOP, &ignore, 0, SETSIZE));
	ANSWER(call(rt_sigaction, SIGKILL, 0, &old, SETSIZE));
	ANSWER(call(rt_sigaction, 0, 0, &old, SETSIZE));
	ANSWER(call(rt_sigaction, -1, 0, 0, SETSIZE));
	ANSWER(call(rt_sigaction, 64, 0, &old, SETSIZE));
	ANSWER(call(rt_sigaction, 65, 0, &old, SETSIZE));
	ANSWER(call(rt_sigaction, SIGUSR1, BAD, 0, SETSIZE));
	ANSWER(call(rt_sigaction, SIGUSR1, 0, BAD, SETSIZE));
}

static void masks(void)
{
	unsigned long all = -1ul;

	ANSWER(call(rt_sigprocmask, SIG_BLOCK, &all, &set, SETSIZE));
	printf("%lx\n", set);
	ANSWER(call(rt_sigprocmask, SIG_BLOCK, 0, &set, SETSIZE));
	printf("%lx\n", set);
	ANSWER(call(rt_sigprocmask, 9, &all, 0, SETSIZE));
	ANSWER(call(rt_sigprocmask, 9, 0, &set, SETSIZE));
	ANSWER(call(rt_sigprocmask, SIG_BLOCK, &all, 0, 4));
	ANSWER(call(rt_sigprocmask, SIG_BLOCK, BAD, 0, SETSIZE));
	ANSWER(call(rt_sigprocmask, SIG_BLOCK, 0, BAD, SETSIZE));
}

/* With everything blocked: sent, seen as pending, dropped when ignored. */
static void pending(void)
{
	struct kernel_action ignore = { (void *)1, 0, 0, 0 };
	unsigned long none = 0;

	ANSWER(call(kill, getpid(), SIGUSR2));
	ANSWER(call(tkill, getpid(), SIGUSR1));
	ANSWER(call(tgkill, getpid(), getpid(), SIGCHLD));
	ANSWER(call(rt_sigpending, &set, SETSIZE));
	printf("%lx\n", set);
	set = 0;
	ANSWER(call(rt_sigpending, &set, 1));
	printf("%lx\n", set);
	ANSWER(call(rt_sigpending, &set, 9));
	ANSWER(call(rt_sigpending, BAD, SETSIZE));
	ANSWER(call(rt_sigpending, BAD, 0));
	ANSWER(call(rt_sigaction, SIGUSR2, &ignore, 0, SETSIZE));
	ANSWER(call(rt_sigpending, &set, SETSIZE));
	printf("%lx\n", set);
	ANSWER(call(rt_sigprocmask, SIG_SETMASK, &none, 0, SETSIZE));
	ANSWER(call(rt_sigpending, &set, SETSIZE));
	printf("%lx\n", set);
}

static void targets(void)
{
	ANSWER(call(kill, getpid(), 0));
	ANSWER(call(kill, getpid(), 65));
	ANSWER(call(kill, getpid(), -1));
	ANSWER(call(kill, NOBODY, 0));
	ANSWER(call(kill, NOBODY, 65));
	ANSWER(call(kill, -NOBODY, 0));
	ANSWER(call(kill, 0, 0));
	ANSWER(call(kill, -getpgrp(), 0));
	ANSWER(call(tkill, getpid(), 0));
	ANSWER(call(tkill, 0, 0));
	ANSWER(call(tkill, -1, 0));
	ANSWER(call(tgkill, getpid(), 0, 0));
	ANSWER(call(tgkill, NOBODY, getpid(), 0));
	ANSWER(call(tgkill, getpid(), NOBODY, 0));
	ANSWER(call(tgkill, -1, 1, 0));
}

static void alternate_stack(void)
{
	static char memory[16384];
	stack_t want = { .ss_sp = memory, .ss_size = 2047 }, old;

	ANSWER(call(sigaltstack, 0, &old));
	ANSWER(old.ss_flags);
	ANSWER(call(sigaltstack, &want, 0));
	want.ss_size = sizeof memory;
	want.ss_flags = 5;
	ANSWER(call(sigaltstack, &want, 0));
	want.ss_flags = 0;
	ANSWER(call(sigaltstack, &want, &old));
	ANSWER(call(sigaltstack, 0, &old));
	ANSWER(old.ss_flags);
	ANSWER(old.ss_sp == memory && old.ss_size == sizeof memory);
	want.ss_flags = SS_DISABLE;
	ANSWER(call(sigaltstack, &want, 0));
	ANSWER(call(sigaltstack, 0, &old));
	ANSWER((long)old.ss_sp + (long)old.ss_size + old.ss_flags);
	want.ss_flags = 1u << 31; /* SS_AUTODISARM */
	ANSWER(call(sigaltstack, &want, 0));
	ANSWER(call(sigaltstack, 0, &old));
	ANSWER(old.ss_flags);
	ANSWER(call(sigaltstack, BAD, 0));
	ANSWER(call(sigaltstack, 0, BAD));
}

int main(void)
{
	actions();
	masks();
	pending();
	targets();
	alternate_stack();
	return 0;
}
