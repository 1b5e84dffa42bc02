/* SPDX-License-Identifier: MIT */
/*
 * The C middle of a system call: hops 3 and 7 of docs/hops.md. Interrupts are off from
 * the gate on; a call that may sleep or take long turns them on itself (the generated
 * thunk does it), so a short one pays for neither switch.
 */
#include "base/guards.h"
#include "cpu/cpu.h"
#include "cpu/gates.h"
#include "cpu/irq.h"
#include "cpu/upcalls.h"

enum syscall_exit syscall_leave(struct trapframe *tf)
{
	irq_disable();
	struct percpu *pc = this_cpu();
	if (unlikely(pc->work)) {
		user_return_work(tf);
		pc = this_cpu(); /* it may have slept and woken elsewhere */
	}
	enum iret_reason why = frame_iret_reason(tf);
	if (likely(why == IRET_NOT_NEEDED))
		return EXIT_SYSRET;
	pc->exit_iret_count[why]++;
	return EXIT_IRET;
}

enum syscall_exit syscall_enter(struct trapframe *tf)
{
	syscall_dispatch(tf);
	return syscall_leave(tf);
}

/* INT 0x80 always leaves by IRET; from ring 0 there is no user to return to. */
void int80_enter(struct trapframe *tf)
{
	syscall_dispatch(tf);
	irq_disable();
	if (frame_from_user(tf) && this_cpu()->work)
		user_return_work(tf);
}
