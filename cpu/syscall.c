/* SPDX-License-Identifier: MIT */
/*
 * The C middle of a system call: hop 3 for the rarer doors and hop 7 for all of them, as
 * docs/hops.md counts. Interrupts are off; a call that may sleep or take long turns them
 * on itself (the generated thunk does it), so a short one pays for neither switch.
 *
 * SYSCALL from 64-bit code is dispatched by its gate directly and comes here only when
 * something is to do before user mode. (All of it in C, for every call, was measured: it
 * cost a quarter more instructions for a frame nobody had touched.)
 */
#include "base/guards.h"
#include "cpu/cpu.h"
#include "cpu/gates.h"
#include "cpu/irq.h"
#include "cpu/upcalls.h"

enum syscall_exit syscall_leave(struct trapframe *tf)
{
	irq_disable();
	if (this_cpu()->work)
		user_return_work(tf);
	enum iret_reason why = frame_iret_reason(tf);
	this_cpu()->exit_iret_count[why]++;
	return why == IRET_NOT_NEEDED ? EXIT_SYSRET : EXIT_IRET;
}

enum syscall_exit syscall_enter(struct trapframe *tf)
{
	tf->rax = (u64)syscall_dispatch_door(tf);
	return syscall_leave(tf);
}

/* INT 0x80 always leaves by IRET; from ring 0 there is no user to return to. */
void int80_enter(struct trapframe *tf)
{
	tf->rax = (u64)syscall_dispatch_door(tf);
	irq_disable();
	if (frame_from_user(tf) && this_cpu()->work)
		user_return_work(tf);
}
