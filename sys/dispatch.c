/* SPDX-License-Identifier: MIT */
/*
 * Which table answers (docs/hops.md, hop 4). Called by the gates with interrupts off; the
 * generated thunks turn them on for calls that may sleep or take long.
 *
 * The common case, an untraced Linux program's SYSCALL, is one flag of the CPU (kept by
 * dispatch_update, loaded on every switch of threads) and a direct call: a pointer in the
 * personality would cost an indirect branch, which is a retpoline where those are needed.
 */
#include "sys/dispatch.h"
#include "cpu/upcalls.h"
#include "cpu/percpu.h"
#include "gen/errno.h"
#include "gen/sysproto.h"
#include "kernel/proc/personality.h"
#include "kernel/proc/proc.h"
#include "kernel/trace/strace.h"

/* The tracer reads the arguments in user memory, before the call and after it. */
static long dispatch_traced(struct trapframe *tf)
{
	u32 tid = current_thread()->tid;
	long value;

	strace_enter(ABI_LINUX64, tf, tid);
	value = dispatch_linux64(tf);
	strace_exit(ABI_LINUX64, tf, tid, value);
	return value;
}

/* Which ABI answers at this door, asked of the personality. */
long syscall_dispatch_door(struct trapframe *tf)
{
	struct proc *p = current_thread()->proc;

	/* The kernel's own test of INT 0x80 comes from ring 0, where there is no process. */
	if (!p || p->personality->door_abi[tf->vector - VECTOR_DOOR(0)] != ABI_LINUX64)
		return -ENOSYS;
	return p->traced ? dispatch_traced(tf) : dispatch_linux64(tf);
}

long syscall_dispatch(struct trapframe *tf)
{
	if (unlikely(percpu_syscall_slow()))
		return syscall_dispatch_door(tf);
	return dispatch_linux64(tf);
}

void dispatch_update(void)
{
	struct proc *p = current_proc();
	bool plain = !p->traced && p->personality->door_abi[DOOR_SYSCALL64] == ABI_LINUX64;

	thread_set_syscall_slow(!plain);
}
