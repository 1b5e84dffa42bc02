/* SPDX-License-Identifier: MIT */
/* Shared by the files of the scheduler. All of it under sched_lock, interrupts off. */
#ifndef KERNEL_SCHED_SCHED_IMPL_H
#define KERNEL_SCHED_SCHED_IMPL_H

#include "cpu/spinlock.h"
#include "kernel/sched/thread.h"

/* Interrupts off. Unlocking also sends the kicks that sched_make_ready asked for: not before,
 * or the CPU that wakes would spin on the lock its waker still holds. */
void sched_lock(void);
void sched_unlock(void);

static inline u64 sched_guard_enter(void)
{
	u64 flags = irq_save();
	sched_lock();
	return flags;
}
static inline void sched_guard_leave(u64 *flags)
{
	sched_unlock();
	irq_restore(*flags);
}
#define sched_guard()                                                                         \
	__attribute__((cleanup(sched_guard_leave), unused)) u64 SPIN_CAT(sguard_, __LINE__) = \
		sched_guard_enter()

/* Gives the CPU to the next ready thread, or keeps it when there is none and the caller may
 * run on. Called and returns with sched_lock held. */
void sched_switch(void);
void sched_make_ready(struct thread *t);

/* Timeouts, soonest first. */
void timer_insert(struct thread *t, u64 wake_at_ns);
void timer_remove(struct thread *t);
void timer_expire(u64 now_ns); /* makes due threads ready */
u64 timer_next(void);	       /* UINT64_MAX: none */

#endif
