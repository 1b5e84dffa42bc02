/* SPDX-License-Identifier: MIT */
/*
 * This CPU's interrupt flag. The "memory" clobbers keep shared accesses on their side
 * of the switch.
 */
#ifndef CPU_IRQ_H
#define CPU_IRQ_H

#include "base/types.h"

#define RFLAGS_IF (1ull << 9)

static inline void irq_enable(void)
{
	__asm__ volatile("sti" ::: "memory");
}

static inline void irq_disable(void)
{
	__asm__ volatile("cli" ::: "memory");
}

static inline u64 rflags_read(void)
{
	u64 flags;
	__asm__ volatile("pushfq; pop %0" : "=r"(flags)::"memory");
	return flags;
}

static inline bool irq_enabled(void)
{
	return rflags_read() & RFLAGS_IF;
}

/* Interrupts off; the result goes to irq_restore. */
static inline u64 irq_save(void)
{
	u64 flags = rflags_read();
	irq_disable();
	return flags;
}

static inline void irq_restore(u64 flags)
{
	if (flags & RFLAGS_IF)
		irq_enable();
}

/* STI takes effect after the next instruction, so no wake-up slips in before the HLT. */
static inline void irq_enable_and_halt(void)
{
	__asm__ volatile("sti; hlt" ::: "memory");
}

#endif
