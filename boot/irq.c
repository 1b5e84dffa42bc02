/* SPDX-License-Identifier: MIT */
/* Interrupts by vector: boot is the room that may know all the handlers. */
#include "cpu/upcalls.h"
#include "kernel/sched/thread.h"
#include "machine/apic.h"
#include "machine/hostlink.h"

void irq_dispatch(u32 vector)
{
	if (vector == VECTOR_SPURIOUS)
		return; /* no EOI for these: SDM vol. 3, 11.9 */
	apic_eoi();
	if (vector == VECTOR_TIMER)
		sched_tick();
	else if (vector == VECTOR_BELL)
		hl_bell_interrupt();
}

void nmi_handle(struct trapframe *tf)
{
	(void)tf; /* counted by the library; nobody sends one for a reason yet */
}
