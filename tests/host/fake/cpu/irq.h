/* SPDX-License-Identifier: MIT */
/* Host tests: no interrupts in a process. Stands in for cpu/irq.h. */
#ifndef CPU_IRQ_H
#define CPU_IRQ_H

#include "base/types.h"

static inline void irq_enable(void)
{
}
static inline void irq_disable(void)
{
}
static inline bool irq_enabled(void)
{
	return true;
}
static inline u64 irq_save(void)
{
	return 0;
}
static inline void irq_restore(u64 flags)
{
	(void)flags;
}

#endif
