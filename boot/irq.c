/* SPDX-License-Identifier: MIT */
/* Interrupts by vector: boot is the room that may know all the handlers. */
#include "boot/panic.h"
#include "cpu/upcalls.h"
#include "kernel/sched/thread.h"
#include "machine/apic.h"
#include "machine/clock.h"
#include "machine/hostlink.h"
#include "machine/smp.h"

void irq_dispatch(u32 vector)
{
	if (vector == VECTOR_SPURIOUS)
		return; /* no EOI for these: SDM vol. 3, 11.9 */
	apic_eoi();
	if (vector == VECTOR_TIMER) {
		clock_alarm_fired();
		sched_tick();
	} else if (vector == VECTOR_KICK) {
		sched_tick();
	} else if (vector == VECTOR_CALL) {
		smp_call_interrupt();
	} else if (vector == VECTOR_BELL) {
		hl_bell_interrupt();
	}
}

void nmi_handle(struct trapframe *tf)
{
	(void)tf; /* counted by the library */
	panic_stop_if_asked();
}
