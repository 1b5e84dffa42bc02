/* SPDX-License-Identifier: MIT */
/*
 * liblstar: the system-call boundary of an x86-64 kernel as a library.
 *
 * Order on each CPU, in ring 0, long mode, interrupts off:
 *	cpu_init(pc, top, stacks)   GDT, TSS, IDT, control bits, syscall MSRs
 *	desc_set_ist(pc, ...)       when better stacks exist
 *	cpu_selfcheck(pc, &what)    before the first user instruction
 *	cpu_set_kstack(pc, top)     with every change of thread
 * The kernel provides cpu/upcalls.h. Nothing here allocates or sleeps. docs/adopting.md has
 * the rest.
 */
#ifndef CPU_CPU_H
#define CPU_CPU_H

#include "base/types.h"
#include "cpu/features.h"
#include "cpu/frame.h"
#include "cpu/percpu.h"

#define IST_STACK_SIZE 4096
struct ist_stacks {
	u8 bytes[IST_SLOTS - 1][IST_STACK_SIZE];
} __attribute__((aligned(16)));

/*
 * The one call that makes a CPU ready. pc is zeroed memory (but for id and the like) that
 * lives for ever, kstack_top the top of the stack it runs on; stacks NULL: desc_set_ist has
 * been called for each slot. The first CPU's call comes before all others and while the
 * kernel's text is writable: it also reads CPUID, patches (cpu_patch) and builds the IDT.
 */
void cpu_init(struct percpu *pc, vaddr_t kstack_top, struct ist_stacks *stacks);

/* Makes CLAC and STAC real where the CPU has SMAP. */
void cpu_patch(void);

/*
 * Reads back everything a crossing depends on: STAR, LSTAR, CSTAR, SFMASK, EFER,
 * SYSENTER_*, GDT order, gate privileges and stacks, CR0 and CR4. False: *what names the
 * first thing that is not as it must be.
 */
MUST_CHECK bool cpu_selfcheck(const struct percpu *pc, const char **what);

/* rflags that SYSCALL clears: all but the reserved bit and what user code may keep until the
 * exit (CF PF AF ZF SF OF go too: nobody may branch on the user's). */
#define SFMASK_VALUE 0x257fd5u

static inline void cpu_set_kstack(struct percpu *pc, vaddr_t top)
{
	pc->kstack_top = top;
	pc->tss.rsp0 = top;
}

/* The frame of the last entry from user mode on a thread's kernel stack. */
static inline struct trapframe *frame_of_kstack(vaddr_t top)
{
	return (struct trapframe *)(top - sizeof(struct trapframe));
}

/* Continues in user mode by IRET. Interrupts off; tf is frame_of_kstack of the CPU's stack. */
NORETURN void frame_return_to_user(struct trapframe *tf);

/* Name of a vector ("PF"), for messages. */
const char *vector_name(u32 vector);

#endif
