/* SPDX-License-Identifier: MIT */
/*
 * One end of a byte ring of the link page; abi/hostlink.h has the protocol. The other
 * end is a guest that may be broken or hostile: base and size are checked once and
 * copied, our own counter is kept here, and the peer's is judged at every look.
 */
#ifndef TOOLS_LSTAR_RING_H
#define TOOLS_LSTAR_RING_H

#include <sys/uio.h>

#include "abi/hostlink.h"
#include "base/types.h"

struct ring {
	struct hl_ring *shared; /* NULL: not in use */
	u8 *data;
	u64 size;
	u64 pos; /* our counter: tail when we consume, head when we produce */
};

/* False: the description leads outside RAM. A base of 0 leaves the ring not in use. */
MUST_CHECK bool ring_attach(struct ring *r, struct hl_ring *shared, u8 *ram, u64 ram_size);

#define RING_BROKEN UINT64_MAX

/*
 * What can be consumed, or where can be produced: up to two pieces in iov (empty ones
 * have length 0); returns their total, or RING_BROKEN when the peer's counter makes no sense.
 */
u64 ring_filled(const struct ring *r, struct iovec iov[2]);
u64 ring_room(const struct ring *r, struct iovec iov[2]);

/* Move our counter by n. True: the peer sleeps and was taken off: ring the bell. */
MUST_CHECK bool ring_consumed(struct ring *r, u64 n);
MUST_CHECK bool ring_produced(struct ring *r, u64 n);
MUST_CHECK bool ring_set_eof(struct ring *r);
MUST_CHECK bool ring_set_gone(struct ring *r);

/* Announce that we are about to sleep; the caller fences, looks once more, then sleeps. */
void ring_consumer_sleeps(struct ring *r);
void ring_producer_sleeps(struct ring *r);
bool ring_peer_wants_data(const struct ring *r);
bool ring_eof(const struct ring *r);

#endif
