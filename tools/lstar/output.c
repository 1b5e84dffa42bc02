/* SPDX-License-Identifier: MIT */
/* The program's stdout and stderr; see streams.h. */
#include <errno.h>

#include "tools/lstar/streams.h"

#define CHUNK (128u << 10) /* the guest refills what one write has freed during the next */

void output_open(struct output *o, int standard, bool open)
{
	*o = (struct output){ .open = open };
	if (open)
		hostfd_open(&o->host, standard);
}

bool output_attach(struct output *o, struct link *l, enum hl_stream stream)
{
	if (!ring_attach(&o->ring, &l->page->ring[stream], l->ram, l->ram_size))
		return false;
	if (!o->open && o->ring.shared != NULL && ring_set_gone(&o->ring))
		link_ring_bell(l);
	return true;
}

static void reader_gone(struct output *o, struct link *l, int error)
{
	if (error != EPIPE && error != EIO && error != ECONNRESET)
		o->error = error;
	o->open = false;
	if (ring_set_gone(&o->ring))
		link_ring_bell(l);
	hostfd_close(&o->host);
}

static enum stream_result write_some(struct output *o, struct link *l, struct iovec iov[2])
{
	if (iov[0].iov_len > CHUNK)
		iov[0].iov_len = CHUNK;
	int pieces = iov[0].iov_len < CHUNK && iov[1].iov_len > 0 ? 2 : 1;

	if (pieces == 2 && iov[1].iov_len > CHUNK)
		iov[1].iov_len = CHUNK;
	ssize_t n = hostfd_write(&o->host, iov, pieces);

	if (n > 0) {
		if (ring_consumed(&o->ring, (u64)n))
			link_ring_bell(l);
		return STREAM_MOVED;
	}
	if (n < 0 && errno == EINTR)
		return STREAM_MOVED;
	if (n < 0 && errno == EAGAIN) {
		o->blocked = true;
		return STREAM_IDLE;
	}
	reader_gone(o, l, n < 0 ? errno : EIO);
	return STREAM_MOVED;
}

enum stream_result output_pump(struct output *o, struct link *l)
{
	struct iovec iov[2];

	if (o->ring.shared == NULL || !o->open || o->blocked)
		return STREAM_IDLE;
	bool eof = ring_eof(&o->ring);
	u64 n = ring_filled(&o->ring, iov);

	if (n == RING_BROKEN)
		return STREAM_BROKEN;
	if (n > 0)
		return write_some(o, l, iov);
	if (!eof)
		return STREAM_IDLE;
	/* The program closed it: who reads the pipe must see that now, not when we end. */
	o->open = false;
	hostfd_close(&o->host);
	return STREAM_MOVED;
}

bool output_drained(const struct output *o)
{
	struct iovec iov[2];
	u64 n;

	if (o->ring.shared == NULL || !o->open)
		return true;
	n = ring_filled(&o->ring, iov);
	return n == 0 || n == RING_BROKEN;
}

bool output_ready(const struct output *o)
{
	return !o->blocked &&
	       (!output_drained(o) || (o->open && o->ring.shared != NULL && ring_eof(&o->ring)));
}

/* POLLERR comes unasked: the program learns early that nobody reads. */
void output_poll(struct output *o, struct pollfd *pfd)
{
	*pfd = (struct pollfd){ .fd = o->open ? o->host.fd : -1,
				.events = o->blocked ? POLLOUT : 0 };
	if (o->ring.shared != NULL && o->open && !o->blocked)
		ring_consumer_sleeps(&o->ring);
}

void output_polled(struct output *o, struct link *l, const struct pollfd *pfd)
{
	if (pfd->fd < 0 || pfd->revents == 0 || !o->open)
		return;
	o->blocked = false;
	if ((pfd->revents & (POLLERR | POLLNVAL)) != 0 && o->ring.shared != NULL)
		reader_gone(o, l, EPIPE);
}
