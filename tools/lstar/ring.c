/* SPDX-License-Identifier: MIT */
/* Byte rings shared with the guest; see ring.h. */
#include "tools/lstar/ring.h"

#define RAM_WITH_FIXED_OFFSET (3ull << 30) /* above this, file offset and address differ */

bool ring_attach(struct ring *r, struct hl_ring *shared, u8 *ram, u64 ram_size)
{
	u64 base = __atomic_load_n(&shared->base, __ATOMIC_RELAXED);
	u64 size = __atomic_load_n(&shared->size, __ATOMIC_RELAXED);
	u64 top = min_u64(ram_size, RAM_WITH_FIXED_OFFSET);

	*r = (struct ring){ 0 };
	if (base == 0)
		return true;
	if (!is_aligned(base, PAGE_SIZE) || size == 0 || (size & (size - 1)) != 0 || base > top ||
	    size > top - base)
		return false;
	*r = (struct ring){ .shared = shared, .data = ram + base, .size = size };
	return true;
}

/* The n bytes from count `from` on, as the one or two pieces they lie in. */
static void pieces(const struct ring *r, u64 from, u64 n, struct iovec iov[2])
{
	u64 at = from & (r->size - 1);
	u64 first = min_u64(n, r->size - at);

	iov[0] = (struct iovec){ r->data + at, first };
	iov[1] = (struct iovec){ r->data, n - first };
}

u64 ring_filled(const struct ring *r, struct iovec iov[2])
{
	u64 n = __atomic_load_n(&r->shared->head, __ATOMIC_ACQUIRE) - r->pos;

	if (n > r->size)
		return RING_BROKEN;
	pieces(r, r->pos, n, iov);
	return n;
}

u64 ring_room(const struct ring *r, struct iovec iov[2])
{
	u64 used = r->pos - __atomic_load_n(&r->shared->tail, __ATOMIC_ACQUIRE);

	if (used > r->size)
		return RING_BROKEN;
	pieces(r, r->pos, r->size - used, iov);
	return r->size - used;
}

/* The store of our side must be visible before we look whether the peer sleeps. */
static bool wake(u32 *sleeps)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(sleeps, __ATOMIC_RELAXED) != 0 &&
	       __atomic_exchange_n(sleeps, 0, __ATOMIC_RELAXED) != 0;
}

bool ring_consumed(struct ring *r, u64 n)
{
	r->pos += n;
	__atomic_store_n(&r->shared->tail, r->pos, __ATOMIC_RELEASE);
	return wake(&r->shared->producer_sleeps);
}

bool ring_produced(struct ring *r, u64 n)
{
	r->pos += n;
	__atomic_store_n(&r->shared->head, r->pos, __ATOMIC_RELEASE);
	return wake(&r->shared->consumer_sleeps);
}

bool ring_set_eof(struct ring *r)
{
	__atomic_store_n(&r->shared->eof, 1, __ATOMIC_RELEASE);
	return wake(&r->shared->consumer_sleeps);
}

bool ring_set_gone(struct ring *r)
{
	__atomic_store_n(&r->shared->gone, 1, __ATOMIC_RELEASE);
	return wake(&r->shared->producer_sleeps);
}

void ring_consumer_sleeps(struct ring *r)
{
	__atomic_store_n(&r->shared->consumer_sleeps, 1, __ATOMIC_RELAXED);
}

void ring_producer_sleeps(struct ring *r)
{
	__atomic_store_n(&r->shared->producer_sleeps, 1, __ATOMIC_RELAXED);
}

bool ring_peer_wants_data(const struct ring *r)
{
	return __atomic_load_n(&r->shared->consumer_sleeps, __ATOMIC_ACQUIRE) != 0;
}

bool ring_eof(const struct ring *r)
{
	return __atomic_load_n(&r->shared->eof, __ATOMIC_ACQUIRE) != 0;
}
