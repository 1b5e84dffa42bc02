/* SPDX-License-Identifier: MIT */
/*
 * Wait queues and mutexes. The queue's links are protected by the lock of its condition,
 * the thread's state by sched_lock; taking the second before letting go of the first is
 * what closes the gap between "nothing there" and "asleep".
 */
#include "kernel/sched/wait.h"
#include "gen/errno.h"
#include "kernel/sched/sched_impl.h"

void waitq_init(struct waitq *wq)
{
	wq->first = wq->last = NULL;
}

static void waitq_push(struct waitq *wq, struct thread *t)
{
	t->waitq_next = NULL;
	t->waitq_prev = wq->last;
	if (wq->last)
		wq->last->waitq_next = t;
	else
		wq->first = t;
	wq->last = t;
	t->waiting_on = wq;
}

static void waitq_remove(struct waitq *wq, struct thread *t)
{
	if (t->waitq_prev)
		t->waitq_prev->waitq_next = t->waitq_next;
	else
		wq->first = t->waitq_next;
	if (t->waitq_next)
		t->waitq_next->waitq_prev = t->waitq_prev;
	else
		wq->last = t->waitq_prev;
	t->waiting_on = NULL;
}

/* 0 when a waker took us off the queue; else why we are awake although nobody did. */
static err_t wait_result(struct waitq *wq, struct thread *t)
{
	if (!t->waiting_on)
		return 0;
	waitq_remove(wq, t);
	return t->timed_out ? -ETIMEDOUT : -EINTR;
}

static err_t sleep_on(struct waitq *wq, struct spinlock *lk, u64 deadline_ns, bool interruptible)
{
	struct thread *t = current_thread();

	waitq_push(wq, t);
	sched_lock();
	if (interruptible && (t->work & WORK_SIGNAL)) {
		sched_unlock();
		waitq_remove(wq, t);
		return -EINTR;
	}
	t->interruptible = interruptible;
	t->timed_out = false;
	t->state = THREAD_SLEEPING;
	timer_insert(t, deadline_ns);
	spin_release(lk);
	sched_switch();
	sched_unlock();
	spin_acquire(lk);
	return wait_result(wq, t);
}

err_t waitq_sleep(struct waitq *wq, struct spinlock *lk, u64 deadline_ns)
{
	return sleep_on(wq, lk, deadline_ns, true);
}

void waitq_wake_one(struct waitq *wq)
{
	struct thread *t = wq->first;
	if (!t)
		return;
	waitq_remove(wq, t);
	sched_lock();
	sched_make_ready(t);
	sched_unlock();
}

void waitq_wake_all(struct waitq *wq)
{
	while (wq->first)
		waitq_wake_one(wq);
}

void mutex_init(struct mutex *m)
{
	m->lock = (struct spinlock)SPINLOCK_INIT;
	m->owner = NULL;
	waitq_init(&m->waiters);
}

void mutex_lock(struct mutex *m)
{
	spin_guard(&m->lock);
	while (m->owner) {
		/* Not interruptible: the only news is "woken". */
		if (sleep_on(&m->waiters, &m->lock, WAIT_FOREVER, false))
			continue;
	}
	m->owner = current_thread();
}

void mutex_unlock(struct mutex *m)
{
	spin_guard(&m->lock);
	m->owner = NULL;
	waitq_wake_one(&m->waiters);
}
