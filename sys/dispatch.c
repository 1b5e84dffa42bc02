/* SPDX-License-Identifier: MIT */
/*
 * Which table answers (docs/hops.md, hop 4). Called by cpu/syscall.c with interrupts off;
 * the generated thunks turn them on for calls that may sleep or take long.
 *
 * The ABI of the only common case is compared for and called directly: a pointer in the
 * personality would cost an indirect branch, which is a retpoline where those are needed.
 */
#include "sys/dispatch.h"
#include "cpu/upcalls.h"
#include "gen/sysproto.h"
#include "kernel/proc/personality.h"
#include "kernel/proc/proc.h"
#include "kernel/trace/strace.h"

/* The tracer reads the arguments in user memory, before the call and after it. */
static void dispatch_traced(struct trapframe *tf)
{
	u32 tid = current_thread()->tid;
	long value;

	strace_enter(ABI_LINUX64, tf, tid);
	value = dispatch_linux64(tf);
	strace_exit(ABI_LINUX64, tf, tid, value);
	tf->rax = (u64)value;
}

void syscall_dispatch(struct trapframe *tf)
{
	struct proc *p = current_thread()->proc;

	/* The kernel's own test of INT 0x80 comes from ring 0, where there is no process. */
	if (unlikely(!p) || p->personality->door_abi[tf->vector - VECTOR_DOOR(0)] != ABI_LINUX64)
		return; /* rax says -ENOSYS already */
	if (unlikely(p->traced))
		dispatch_traced(tf);
	else
		tf->rax = (u64)dispatch_linux64(tf);
}
