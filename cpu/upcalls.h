/* SPDX-License-Identifier: MIT */
/*
 * What the library asks of the kernel it is linked into. Plain functions, resolved at link
 * time: a missing one is a link error, and no pointer is followed on the crossing.
 */
#ifndef CPU_UPCALLS_H
#define CPU_UPCALLS_H

#include "base/types.h"
#include "base/uaddr.h"
#include "cpu/frame.h"

/*
 * A system call by SYSCALL from 64-bit code. tf->orig_rax is the number as the user gave it;
 * the result goes to rax. Interrupts are off; the callee may turn them on and sleep, and may
 * edit the frame if it sets percpu->work, so that the exit looks at it.
 */
long syscall_dispatch(struct trapframe *tf);

/* The same by any other door; tf->vector names it. From ring 0 too (INT 0x80). */
long syscall_dispatch_door(struct trapframe *tf);

/* A CPU exception in user code. Interrupts are on. cr2 is meaningful for vector 14 only. */
void user_fault(struct trapframe *tf, u32 vector, u64 error, u64 cr2);

/*
 * A page fault of the kernel inside cpu/uaccess on a user address. Interrupts are on.
 * 0: the page is there now; else the copy ends with -EFAULT.
 */
#define UACCESS_WRITE 1
MUST_CHECK err_t user_page_fault(uaddr_t addr, u32 access);

/* An interrupt (vectors 32-255 without 0x80). Interrupts are off. */
void irq_dispatch(u32 vector);

/* percpu->work is set on the way to user mode (it may stand for no more than "the frame was
 * edited"). Called and returns with interrupts off;
 * leaves work clear or has nothing more to do about it. */
void user_return_work(struct trapframe *tf);

/* A non-maskable interrupt, on its own stack: must not fault, sleep or take locks. */
void nmi_handle(struct trapframe *tf);

/* The kernel itself is broken; tf is what was interrupted. */
NORETURN void cpu_panic(const struct trapframe *tf, const char *why);

#endif
