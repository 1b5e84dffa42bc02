/* SPDX-License-Identifier: MIT */
/*
 * The program's stdin; see streams.h. The guest asks by setting consumer_sleeps before
 * it waits; while we wait for that with input at hand, producer_sleeps asks it for a
 * bell, and pump.c looks again from time to time for guests that do not ring it.
 */
#include <errno.h>
#include <unistd.h>

#include "tools/lstar/signals.h"
#include "tools/lstar/streams.h"
#include "tools/lstar/tty.h"

#define CHUNK (128u << 10)

void input_open(struct input *in, bool open)
{
	*in = (struct input){ .open = open };
	if (open)
		hostfd_open(&in->host, STDIN_FILENO);
}

bool input_attach(struct input *in, struct link *l)
{
	return ring_attach(&in->ring, &l->page->ring[HL_STDIN], l->ram, l->ram_size);
}

/* Does the guest want bytes now? A regular file can be given back, so it may run ahead. */
static bool wanted(struct input *in)
{
	bool asks = ring_peer_wants_data(&in->ring);

	in->interested |= asks;
	return asks || in->host.seekable || (in->interested && !in->host.tty);
}

static ssize_t read_host(struct input *in, struct iovec iov[2])
{
	if (iov[0].iov_len > CHUNK)
		iov[0].iov_len = CHUNK;
	if (iov[1].iov_len > CHUNK)
		iov[1].iov_len = CHUNK;
	int pieces = iov[0].iov_len < CHUNK && iov[1].iov_len > 0 ? 2 : 1;

	if (!in->host.tty || tty_foreground())
		return hostfd_read(&in->host, iov, pieces);
	/* From the background this stops us, as it would stop the program itself: termios(3). */
	signals_unblock_job_control();
	ssize_t n = hostfd_read(&in->host, iov, pieces);
	int error = errno;

	signals_block();
	errno = error;
	return n;
}

static enum stream_result end_of_file(struct input *in, struct link *l)
{
	if (in->host.tty)
		in->at_eof = true;
	else
		in->open = false;
	if (ring_set_eof(&in->ring))
		link_ring_bell(l);
	return STREAM_MOVED;
}

static enum stream_result read_some(struct input *in, struct link *l, struct iovec iov[2])
{
	ssize_t n = read_host(in, iov);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return STREAM_IDLE;
	if (n <= 0) {
		if (n < 0)
			in->host.tty = false; /* an error ends it for good */
		return end_of_file(in, l);
	}
	if (ring_produced(&in->ring, (u64)n))
		link_ring_bell(l);
	return STREAM_MOVED;
}

enum stream_result input_pump(struct input *in, struct link *l)
{
	struct iovec iov[2];

	if (in->ring.shared == NULL)
		return STREAM_IDLE;
	if (!in->open) {
		if (ring_eof(&in->ring))
			return STREAM_IDLE;
		return end_of_file(in, l);
	}
	if (in->at_eof && ring_eof(&in->ring))
		return STREAM_IDLE;
	in->at_eof = false;
	u64 room = ring_room(&in->ring, iov);

	if (room == RING_BROKEN)
		return STREAM_BROKEN;
	in->full = room == 0;
	if (in->full || !wanted(in))
		return STREAM_IDLE;
	in->refused = false;
	return read_some(in, l, iov);
}

/* After arming the wake-up: did the guest make room, ask, or read on after an end of file? */
bool input_ready(struct input *in)
{
	struct iovec iov[2];

	if (!in->open || in->ring.shared == NULL)
		return false;
	return (in->full && ring_room(&in->ring, iov) > 0) || (in->refused && wanted(in)) ||
	       (in->at_eof && !ring_eof(&in->ring));
}

void input_poll(struct input *in, struct pollfd *pfd)
{
	bool listen =
		in->open && in->ring.shared != NULL && !in->full && !in->refused && !in->at_eof;

	*pfd = (struct pollfd){ .fd = listen ? in->host.fd : -1, .events = POLLIN };
	if (in->open && in->ring.shared != NULL && (in->full || !in->interested || in->host.tty))
		ring_producer_sleeps(&in->ring);
}

void input_polled(struct input *in, const struct pollfd *pfd)
{
	if (pfd->fd >= 0 && pfd->revents != 0 && !wanted(in))
		in->refused = true;
}

/* The next reader of the file goes on where the program stopped, not where we did. */
void input_return_unread(struct input *in)
{
	if (in->ring.shared == NULL || !in->host.seekable)
		return;
	u64 tail = __atomic_load_n(&in->ring.shared->tail, __ATOMIC_ACQUIRE);

	if (tail < in->ring.pos)
		lseek(in->host.fd, in->host.start + (off_t)tail, SEEK_SET);
}
