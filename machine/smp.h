/* SPDX-License-Identifier: MIT */
/*
 * The other processors: starting them, and telling them things.
 *
 * CPU numbers are dense from 0, the boot CPU; struct percpu has the APIC's number.
 */
#ifndef MACHINE_SMP_H
#define MACHINE_SMP_H

#include "base/types.h"
#include "cpu/percpu.h"

#define CPUS_MAX 16

extern u32 smp_ncpus;		/* CPUs that run; grows during boot only */
struct percpu *smp_cpu(u32 id); /* id < smp_ncpus */

void smp_boot_cpu(struct percpu *pc); /* registers CPU 0 */

/*
 * Starts one CPU on the given stack; pc->id and pc->apic_id are set. It runs smp_ap_main(pc)
 * on the kernel's page tables and counts once it calls smp_ap_ready. False: it did not come up
 * in time, and pc and stack must be left alone for ever (it may yet).
 */
MUST_CHECK bool smp_start(struct percpu *pc, vaddr_t stack_top);
void smp_ap_ready(struct percpu *pc);

/* Makes a CPU take an interrupt that does no more than end its HLT or user code. */
void smp_kick(u32 cpu);
/* Runs fn(arg) on every other CPU of the mask, with interrupts off there; returns when all
 * are done. Callable with interrupts on or off, but not from interrupt handlers. */
void smp_call(u64 mask, void (*fn)(void *), void *arg);
void smp_call_interrupt(void); /* from the interrupt of VECTOR_CALL */
/* While waiting with interrupts off: serve calls of others, or two callers wait for ever. */
void smp_call_poll(void);
/* Stops all others for good, whatever they do (panic). */
void smp_stop_others(void);

/* Upcall: the AP's C. */
NORETURN void smp_ap_main(struct percpu *pc);

#endif
