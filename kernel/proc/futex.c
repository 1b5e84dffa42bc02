/* SPDX-License-Identifier: MIT */
/*
 * Futexes: a hash of lists of waiters.
 *
 * The word is compared and the waiter enqueued under one lock, and a waker takes that lock
 * after it changed the word; so either the waiter sees the new value or the waker sees the
 * waiter. One lock serves all futexes: requeue moves waiters between lists, and a waiter
 * sleeps under the lock it enqueued with, so a lock per list would have to follow it.
 *
 * The lock is a spinlock, under which user memory cannot be brought in: the word is touched
 * first, and read again under the lock, where it answers -EFAULT if it has gone meanwhile;
 * then all starts over.
 */
#include "kernel/proc/futex.h"
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "kernel/proc/proc.h"

#define BUCKETS 64 /* power of two */

struct futex_waiter {
	struct futex_waiter *next;
	const struct aspace *aspace;
	uaddr_t addr;
	u32 bitset;
	bool woken;
	struct waitq sleep; /* this waiter alone */
};

/* First in, first out: woken and moved from the head. */
static struct futex_waiter *buckets[BUCKETS];
static struct spinlock futex_lock = SPINLOCK_INIT;

static struct futex_waiter **bucket_of(uaddr_t addr)
{
	u64 hash = (addr >> 2) * 0x9e3779b97f4a7c15ull; /* Fibonacci hashing */
	return &buckets[hash >> (64 - __builtin_ctz(BUCKETS))];
}

static void waiter_push(struct futex_waiter *w)
{
	struct futex_waiter **at = bucket_of(w->addr);

	while (*at)
		at = &(*at)->next;
	w->next = NULL;
	*at = w;
}

static void waiter_remove(struct futex_waiter *w)
{
	struct futex_waiter **at = bucket_of(w->addr);

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
}

/* Takes the first waiter of a futex off its list: NULL when there is none. */
static struct futex_waiter *waiter_pop(uaddr_t addr, u32 bitset)
{
	const struct aspace *as = current_proc()->aspace;

	for (struct futex_waiter **at = bucket_of(addr); *at; at = &(*at)->next) {
		struct futex_waiter *w = *at;
		if (w->addr != addr || w->aspace != as || !(w->bitset & bitset))
			continue;
		*at = w->next;
		return w;
	}
	return NULL;
}

static u32 wake_locked(uaddr_t addr, u32 max, u32 bitset)
{
	struct futex_waiter *w;
	u32 count = 0;

	while (count < max && (w = waiter_pop(addr, bitset))) {
		w->woken = true;
		waitq_wake_one(&w->sleep);
		count++;
	}
	return count;
}

/* Brings the word in, so that it can be read under the lock. */
static err_t word_touch(uaddr_t addr)
{
	u32 word;
	return copyin(&word, addr, sizeof word);
}

/* Under the lock, interrupts off: *resident is false when word_touch must be called again. */
static err_t word_compare(uaddr_t addr, u32 expected, bool *resident)
{
	u32 word;

	*resident = copyin(&word, addr, sizeof word) == 0;
	return *resident && word != expected ? -EAGAIN : 0;
}

/* Under the lock. A waker has taken w off its list; otherwise it is still on one. */
static err_t wait_locked(struct futex_waiter *w, u64 deadline_ns)
{
	err_t e = 0;

	waiter_push(w);
	while (!w->woken && !e)
		e = waitq_sleep(&w->sleep, &futex_lock, deadline_ns);
	if (w->woken)
		return 0;
	waiter_remove(w);
	return e;
}

err_t futex_wait(uaddr_t addr, u32 expected, u32 bitset, u64 deadline_ns)
{
	struct futex_waiter w = {
		.aspace = current_proc()->aspace,
		.addr = addr,
		.bitset = bitset,
	};
	bool resident;
	err_t e;

	waitq_init(&w.sleep);
	do {
		e = word_touch(addr);
		if (e)
			return e;
		spin_guard(&futex_lock);
		e = word_compare(addr, expected, &resident);
		if (!e && resident)
			e = wait_locked(&w, deadline_ns);
	} while (!resident);
	return e;
}

u32 futex_wake(uaddr_t addr, u32 max, u32 bitset)
{
	spin_guard(&futex_lock);
	return wake_locked(addr, max, bitset);
}

static u32 move_locked(uaddr_t from, uaddr_t to, u32 max)
{
	struct futex_waiter *w;
	u32 count = 0;

	while (count < max && from != to && (w = waiter_pop(from, FUTEX_ANY))) {
		w->addr = to;
		waiter_push(w);
		count++;
	}
	return count;
}

err_t futex_requeue(const struct futex_requeue *rq, u32 *count)
{
	bool resident = true;
	err_t e = 0;

	do {
		if (rq->compare)
			e = word_touch(rq->from);
		if (e)
			return e;
		spin_guard(&futex_lock);
		if (rq->compare)
			e = word_compare(rq->from, rq->expected, &resident);
		if (!e && resident) {
			*count = wake_locked(rq->from, rq->max_wake, FUTEX_ANY);
			*count += move_locked(rq->from, rq->to, rq->max_move);
		}
	} while (!resident);
	return e;
}
