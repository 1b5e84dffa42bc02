/* SPDX-License-Identifier: MIT */
/*
 * Timeouts of sleeping threads: a list sorted by instant. Few threads sleep with a timeout
 * at once; a heap earns its keep only with hundreds.
 */
#include "kernel/sched/sched_impl.h"
#include "kernel/sched/wait.h"

static struct thread *first;

void timer_insert(struct thread *t, u64 wake_at_ns)
{
	t->wake_at_ns = wake_at_ns;
	if (wake_at_ns == WAIT_FOREVER)
		return;
	struct thread **p = &first;
	while (*p && (*p)->wake_at_ns <= wake_at_ns)
		p = &(*p)->timer_next;
	t->timer_next = *p;
	*p = t;
}

void timer_remove(struct thread *t)
{
	for (struct thread **p = &first; *p; p = &(*p)->timer_next) {
		if (*p == t) {
			*p = t->timer_next;
			break;
		}
	}
	t->wake_at_ns = WAIT_FOREVER;
}

void timer_expire(u64 now_ns)
{
	while (first && first->wake_at_ns <= now_ns) {
		struct thread *t = first;
		t->timed_out = true;
		sched_make_ready(t);
	}
}

u64 timer_next(void)
{
	return first ? first->wake_at_ns : WAIT_FOREVER;
}
