/* SPDX-License-Identifier: MIT */
/*
 * futex and membarrier: what threads' synchronisation asks of the kernel. The argument
 * that is a timeout for some operations is a count for others. Manual: futex(2).
 *
 * Priority inheritance and FUTEX_WAKE_OP are not there: -ENOSYS, as on kernels without.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/proc/futex.h"
#include "kernel/proc/proc.h"
#include "machine/clock.h"
#include "sys/args.h"

/* The three forms of the call differ in how a timeout is laid out. */
struct futex_call {
	uaddr_t word;
	u32 op, val;
	u64 timeout;
	uaddr_t word2;
	u32 val3;
	timespec_reader *read_timeout;
};

#define FUTEX_CMD_MASK (~(LINUX_FUTEX_PRIVATE_FLAG | LINUX_FUTEX_CLOCK_REALTIME))
#define TIMESPEC_SEC_MAX (INT64_MAX / (s64)NSEC_PER_SEC)

/* FUTEX_WAIT has a span, FUTEX_WAIT_BITSET an instant of the clock its flag names. */
static err_t deadline_get(uaddr_t timeout, timespec_reader *read, bool absolute, bool realtime,
			  u64 *deadline_ns)
{
	struct l64_timespec ts;
	u64 ns, now;
	err_t e;

	*deadline_ns = WAIT_FOREVER;
	if (!timeout)
		return 0;
	e = read(timeout, &ts);
	if (e)
		return e;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= (s64)NSEC_PER_SEC)
		return -EINVAL;
	if (ts.tv_sec >= TIMESPEC_SEC_MAX)
		return 0;
	ns = (u64)ts.tv_sec * NSEC_PER_SEC + (u64)ts.tv_nsec;
	now = !absolute ? 0 : realtime ? clock_realtime_ns() : clock_monotonic_ns();
	*deadline_ns = clock_monotonic_ns() + (ns > now ? ns - now : 0);
	return 0;
}

/* A signal that lets the program live does not end the wait. */
static long wait(uaddr_t addr, u32 expected, u32 bitset, u64 deadline_ns)
{
	err_t e;

	if (!bitset)
		return -EINVAL;
	while ((e = futex_wait(addr, expected, bitset, deadline_ns)) == -EINTR)
		signal_deliver();
	return e;
}

/* Counts are ints; Linux wakes one even for 0. */
static long wake(uaddr_t addr, u32 count, u32 bitset)
{
	if (!bitset)
		return -EINVAL;
	return futex_wake(addr, (s32)count > 0 ? count : 1, bitset);
}

static long requeue(const struct futex_requeue *rq)
{
	u32 count;
	err_t e;

	if ((s32)rq->max_wake < 0 || (s32)rq->max_move < 0)
		return -EINVAL;
	if (!is_aligned(rq->to, sizeof(u32)))
		return -EINVAL;
	if (!user_range_ok(rq->to, sizeof(u32)))
		return -EFAULT;
	e = futex_requeue(rq, &count);
	return e ? e : (long)count;
}

static long wait_op(const struct futex_call *c, int cmd, u32 bitset)
{
	bool realtime = c->op & LINUX_FUTEX_CLOCK_REALTIME;
	u64 deadline_ns;
	err_t e = deadline_get(c->timeout, c->read_timeout, cmd == LINUX_FUTEX_WAIT_BITSET,
			       realtime, &deadline_ns);

	return e ? e : wait(c->word, c->val, bitset, deadline_ns);
}

static long futex_call(const struct futex_call *c)
{
	int cmd = (int)(c->op & FUTEX_CMD_MASK);
	bool realtime = c->op & LINUX_FUTEX_CLOCK_REALTIME;
	struct futex_requeue rq = { c->word, c->word2, c->val, (u32)c->timeout, false, c->val3 };

	if (realtime && cmd != LINUX_FUTEX_WAIT_BITSET)
		return -ENOSYS;
	if (!is_aligned(c->word, sizeof(u32)))
		return -EINVAL;
	if (!user_range_ok(c->word, sizeof(u32)))
		return -EFAULT;
	switch (cmd) {
	case LINUX_FUTEX_WAIT:
		return wait_op(c, cmd, FUTEX_ANY);
	case LINUX_FUTEX_WAIT_BITSET:
		return wait_op(c, cmd, c->val3);
	case LINUX_FUTEX_WAKE:
		return wake(c->word, c->val, FUTEX_ANY);
	case LINUX_FUTEX_WAKE_BITSET:
		return wake(c->word, c->val, c->val3);
	case LINUX_FUTEX_REQUEUE:
		return requeue(&rq);
	case LINUX_FUTEX_CMP_REQUEUE:
		rq.compare = true;
		return requeue(&rq);
	default:
		return -ENOSYS;
	}
}

long sys_futex(uin_uint word, u32 op, u32 val, u64 timeout, uaddr_t word2, u32 val3)
{
	return futex_call(
		&(struct futex_call){ word.a, op, val, timeout, word2, val3, timespec_read });
}

long sys_futex32(uin_uint word, u32 op, u32 val, u64 timeout, uaddr_t word2, u32 val3)
{
	return futex_call(
		&(struct futex_call){ word.a, op, val, timeout, word2, val3, timespec_read32 });
}

long sys_futex_time64(uin_uint word, u32 op, u32 val, u64 timeout, uaddr_t word2, u32 val3)
{
	return futex_call(&(struct futex_call){ word.a, op, val, timeout, word2, val3,
						timespec_read_time64 });
}

/* As a Linux without it: callers fall back to barriers of their own. */
long sys_membarrier(int cmd, u32 flags, int cpu)
{
	return -ENOSYS;
}
