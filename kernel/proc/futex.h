/* SPDX-License-Identifier: MIT */
/*
 * Futexes: sleeping on a 32-bit word of user memory until somebody says it changed.
 * Manual: futex(2). Called by sys/futex.c.
 *
 * A futex is named by address space and address. Two mappings of one shared page are
 * therefore two futexes; that matters when processes share memory.
 */
#ifndef KERNEL_PROC_FUTEX_H
#define KERNEL_PROC_FUTEX_H

#include "base/types.h"
#include "base/uaddr.h"

#define FUTEX_ANY UINT32_MAX /* bitset that matches every other */

/*
 * Sleeps if the word at addr is `expected`. 0 when woken; -EAGAIN when the word differs,
 * -EINTR, -ETIMEDOUT (deadline_ns on CLOCK_MONOTONIC), -EFAULT.
 */
MUST_CHECK err_t futex_wait(uaddr_t addr, u32 expected, u32 bitset, u64 deadline_ns);

/* Wakes waiters whose bitset meets this one, at most max; returns how many. */
u32 futex_wake(uaddr_t addr, u32 max, u32 bitset);

struct futex_requeue {
	uaddr_t from, to;
	u32 max_wake, max_move;
	bool compare; /* only when the word at `from` is still `expected` */
	u32 expected;
};
/* Wakes some, then makes others wait for `to`; *count is both together. -EAGAIN, -EFAULT. */
MUST_CHECK err_t futex_requeue(const struct futex_requeue *rq, u32 *count);

#endif
