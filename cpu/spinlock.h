/* SPDX-License-Identifier: MIT */
/*
 * Spinlocks and interrupt-state guards.
 *
 * A spinlock is always held with interrupts off on its CPU, so that a holder is never
 * interrupted by code that wants the same lock; there is no variant that leaves them on
 * (rejected: one forgotten _irqsave is a deadlock that shows once a month). Never sleep
 * while holding one.
 *
 *	{
 *		spin_guard(&q->lock);
 *		... released at the end of the block, on every path
 *	}
 */
#ifndef CPU_SPINLOCK_H
#define CPU_SPINLOCK_H

#include "base/types.h"
#include "cpu/irq.h"

/*
 * One turn of a busy wait. Plain at first, with PAUSE only after about a millisecond: an
 * emulated PAUSE takes the emulator's global lock, which the CPU waited for needs to reach
 * its devices (measured: 3 ms a wait instead of 0.1). Never pausing would hang an emulator
 * that runs its CPUs in turn.
 */
#define SPINS_BEFORE_PAUSE 200000

static inline void spin_wait(u32 *spins)
{
	if (++*spins > SPINS_BEFORE_PAUSE)
		__builtin_ia32_pause();
}

struct spinlock {
	u32 held;
};

#define SPINLOCK_INIT \
	{             \
		0     \
	}

static inline bool spin_try(struct spinlock *lk)
{
	return __atomic_exchange_n(&lk->held, 1, __ATOMIC_ACQUIRE) == 0;
}

/* The caller has interrupts off and turns them on again itself. */
static inline void spin_acquire(struct spinlock *lk)
{
	for (u32 spins = 0; !spin_try(lk);) {
		while (__atomic_load_n(&lk->held, __ATOMIC_RELAXED)) {
			spin_wait(&spins);
		}
	}
}

static inline void spin_release(struct spinlock *lk)
{
	__atomic_store_n(&lk->held, 0, __ATOMIC_RELEASE);
}

struct spin_guard {
	struct spinlock *lk;
	u64 flags;
};

static inline struct spin_guard spin_guard_enter(struct spinlock *lk)
{
	struct spin_guard g = { lk, irq_save() };
	spin_acquire(lk);
	return g;
}

static inline void spin_guard_leave(struct spin_guard *g)
{
	spin_release(g->lk);
	irq_restore(g->flags);
}

#define SPIN_CAT_(a, b) a##b
#define SPIN_CAT(a, b) SPIN_CAT_(a, b)
#define spin_guard(lk)                                                                 \
	__attribute__((cleanup(spin_guard_leave), unused)) struct spin_guard SPIN_CAT( \
		guard_, __LINE__) = spin_guard_enter(lk)

#endif
