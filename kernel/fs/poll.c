/* SPDX-License-Identifier: MIT */
/*
 * The poll event: see poll.h. Called by sys/poll.c and by everything whose readiness
 * changes (the console now, pipes and sockets when they come).
 */
#include "kernel/fs/poll.h"

#include "gen/errno.h"
#include "kernel/fs/file_io.h"
#include "kernel/sched/wait.h"

static struct {
	struct spinlock lock;
	/* under lock */
	struct waitq waiters;
	u64 sequence;
} event;

void poll_notify(void)
{
	spin_guard(&event.lock);
	event.sequence++;
	waitq_wake_all(&event.waiters);
}

u64 poll_sequence(void)
{
	spin_guard(&event.lock);
	return event.sequence;
}

err_t poll_wait(u64 seq, u64 deadline_ns)
{
	err_t e = 0;
	spin_guard(&event.lock);
	while (event.sequence == seq && !e)
		e = waitq_sleep(&event.waiters, &event.lock, deadline_ns);
	return e;
}

static u32 ask_all(struct poll_item *items, u32 n)
{
	u32 ready = 0;
	for (u32 i = 0; i < n; i++) {
		struct poll_item *it = &items[i];
		if (it->file)
			it->revents = file_poll(it->file) & it->events;
		ready += it->revents != 0;
	}
	return ready;
}

err_t poll_items(struct poll_item *items, u32 n, u64 deadline_ns, u32 *ready)
{
	for (;;) {
		u64 seq = poll_sequence();
		*ready = ask_all(items, n);
		if (*ready || deadline_ns == 0)
			return 0;
		err_t e = poll_wait(seq, deadline_ns);
		if (e == -ETIMEDOUT) {
			*ready = ask_all(items, n);
			return 0;
		}
		if (e)
			return e;
	}
}
