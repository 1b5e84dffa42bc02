/* SPDX-License-Identifier: MIT */
/*
 * The per-CPU block: what entry code needs before it has a stack, and what C asks of the
 * CPU it runs on. GS base points here in kernel mode; the user's GS base waits in
 * KERNEL_GS_BASE. this_cpu() is the only way to it, so that the way can change.
 *
 * Kernel code is not preempted (only the return to user mode reschedules), so this_cpu()
 * stays right until the caller sleeps.
 */
#ifndef CPU_PERCPU_H
#define CPU_PERCPU_H

#include "base/types.h"
#include "cpu/desc.h"

struct thread; /* opaque to the library: whatever the kernel calls its unit of execution */

struct percpu {
	struct percpu *self; /* at %gs:0 */
	u64 user_rsp; /* scratch of the SYSCALL gates for two instructions; nobody else reads it */
	u64 kstack_top; /* = tss.rsp0: top of the current thread's kernel stack */
	struct thread *current;
	u32 work; /* the kernel's bits; non-zero: user_return_work and the chooser run before user
		     code */
	u32 syscall_slow; /* the kernel's: calls of the current thread need more than the table */
	u32 id;		  /* 0 .. ncpus-1 */
	u32 apic_id;
	u32 nmi_count;
	u64 exit_iret_count[8]; /* by enum iret_reason: how often the chooser refused SYSRET */
	u64 stack_canary;
	struct tss tss;
	struct gdt gdt;
};

static inline struct percpu *this_cpu(void)
{
	struct percpu *pc;
	__asm__ volatile("mov %%gs:%c1, %0" : "=r"(pc) : "i"(offsetof(struct percpu, self)));
	return pc;
}

static inline bool percpu_syscall_slow(void)
{
	__asm__ goto("cmpl $0, %%gs:%c0; jne %l1"
		     :
		     : "i"(offsetof(struct percpu, syscall_slow))
		     : "cc", "memory"
		     : slow);
	return false;
slow:
	return true;
}

/* One load instead of two for the hottest word. */
static inline struct thread *percpu_current(void)
{
	struct thread *t;
	__asm__ volatile("mov %%gs:%c1, %0" : "=r"(t) : "i"(offsetof(struct percpu, current)));
	return t;
}

#endif
