/* SPDX-License-Identifier: MIT */
/* Shared by the files of the scheduler. All of it under sched_lock, interrupts off. */
#ifndef KERNEL_SCHED_SCHED_IMPL_H
#define KERNEL_SCHED_SCHED_IMPL_H

#include "cpu/spinlock.h"
#include "kernel/sched/thread.h"

extern struct spinlock sched_lock;

/* Gives the CPU to the next ready thread, or keeps it when there is none and the caller may
 * run on. Called and returns with sched_lock held. */
void sched_switch(void);
void sched_make_ready(struct thread *t);

/* Timeouts, soonest first. */
void timer_insert(struct thread *t, u64 wake_at_ns);
void timer_remove(struct thread *t);
void timer_expire(u64 now_ns); /* makes due threads ready */
u64 timer_next(void);          /* UINT64_MAX: none */

#endif
