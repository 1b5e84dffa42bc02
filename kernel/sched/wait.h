/* SPDX-License-Identifier: MIT */
/*
 * Sleep and wake. A wait queue goes with a condition and the spinlock that protects it:
 *
 *	irq = spin_lock_irq(&x->lock);            // wait_lock(&x->lock)
 *	while (!condition)
 *		if ((e = waitq_sleep(&x->wq, &x->lock, deadline)))
 *			break;
 *
 * waitq_sleep enqueues the thread, releases the lock and switches away in one step as seen
 * by any waker that takes the lock, and takes the lock again before it returns; wake-ups
 * cannot be lost. Wake-ups may be spurious: always loop.
 */
#ifndef KERNEL_SCHED_WAIT_H
#define KERNEL_SCHED_WAIT_H

#include "base/types.h"
#include "cpu/spinlock.h"

struct thread;

struct waitq {
	struct thread *first, *last;
};

#define WAIT_FOREVER UINT64_MAX

void waitq_init(struct waitq *wq);
/*
 * Called with lk held (by spin_guard); returns with it held.
 * deadline_ns: CLOCK_MONOTONIC instant. 0 woken (perhaps spuriously), -ETIMEDOUT,
 * -EINTR when the thread must die or has a signal to take.
 */
MUST_CHECK err_t waitq_sleep(struct waitq *wq, struct spinlock *lk, u64 deadline_ns);
/* The caller holds the lock that protects the condition. */
void waitq_wake_one(struct waitq *wq);
void waitq_wake_all(struct waitq *wq);

/* A sleeping lock: owners may sleep; not for interrupt handlers. */
struct mutex {
	struct spinlock lock;
	struct thread *owner;
	struct waitq waiters;
};

void mutex_init(struct mutex *m);
void mutex_lock(struct mutex *m);
void mutex_unlock(struct mutex *m);

static inline struct mutex *mutex_guard_enter(struct mutex *m)
{
	mutex_lock(m);
	return m;
}
static inline void mutex_guard_leave(struct mutex **m)
{
	mutex_unlock(*m);
}
#define mutex_guard(m)                                                              \
	__attribute__((cleanup(mutex_guard_leave), unused)) struct mutex *SPIN_CAT( \
		mguard_, __LINE__) = mutex_guard_enter(m)

#endif
