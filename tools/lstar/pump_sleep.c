/* SPDX-License-Identifier: MIT */
/*
 * How the launcher's loop sleeps; see pump.h, and abi/hostlink.h for the protocol that
 * makes sleeping safe: announce it in each ring, fence, look once more, then wait for
 * the bell, a descriptor, a signal or the nearest deadline.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "tools/lstar/pump.h"
#include "tools/lstar/signals.h"

#define NAP_MAX_MS 64u

enum { POLL_BELL, POLL_LOG, POLL_STDIN, POLL_STDOUT, POLL_STDERR, POLL_COUNT };

/* Sets every sleep word; nothing of the guest's is polled before it handed the page over. */
static void arm(struct pump *p, struct pollfd pfds[POLL_COUNT])
{
	pfds[POLL_BELL] = (struct pollfd){ .fd = p->ended ? -1 : p->link->bell, .events = POLLIN };
	pfds[POLL_LOG] = (struct pollfd){ .fd = p->log, .events = POLLIN };
	for (int i = POLL_STDIN; i < POLL_COUNT; i++)
		pfds[i] = (struct pollfd){ .fd = -1 };
	if (!p->attached)
		return;
	if (!p->ended)
		input_poll(&p->in, &pfds[POLL_STDIN]);
	output_poll(&p->out[0], &pfds[POLL_STDOUT]);
	output_poll(&p->out[1], &pfds[POLL_STDERR]);
	if (p->trace.shared != NULL)
		ring_consumer_sleeps(&p->trace);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static bool ready(struct pump *p)
{
	if (signals_pending())
		return true;
	if (!p->attached)
		return false;
	return output_ready(&p->out[0]) || output_ready(&p->out[1]) || pump_trace_ready(p) ||
	       (!p->ended && input_ready(&p->in));
}

/*
 * Input is waiting that the guest has not asked for. Its bell will tell when it does; the
 * nap covers a guest that starts to wait without ringing.
 */
static u64 nap_deadline(struct pump *p, u64 now)
{
	if (!p->in.refused || p->ended) {
		p->nap_ms = 1;
		return UINT64_MAX;
	}
	u64 deadline = now + p->nap_ms * 1000000ull;

	p->nap_ms = p->nap_ms < NAP_MAX_MS ? p->nap_ms * 2 : NAP_MAX_MS;
	return deadline;
}

static struct timespec sleep_time(struct pump *p)
{
	u64 now = now_ns();
	u64 until = nap_deadline(p, now);

	if (p->run_deadline_ns != 0)
		until = min_u64(until, p->run_deadline_ns);
	if (!p->attached)
		until = min_u64(until, p->boot_deadline_ns);
	if (p->forwarded != 0)
		until = min_u64(until, p->forward_deadline_ns);
	if (until == UINT64_MAX)
		until = now + 3600000000000ull; /* nothing is due; an hour is as good as never */
	u64 ns = until > now ? until - now : 0;

	return (struct timespec){ .tv_sec = (time_t)(ns / 1000000000u),
				  .tv_nsec = (long)(ns % 1000000000u) };
}

void pump_sleep(struct pump *p, bool moving)
{
	struct pollfd pfds[POLL_COUNT];
	struct timespec wait = { 0 };

	arm(p, pfds);
	if (!moving && !ready(p))
		wait = sleep_time(p);
	if (ppoll(pfds, POLL_COUNT, &wait, signals_outside_mask()) <= 0)
		return;
	if (pfds[POLL_BELL].revents != 0 && !link_hear_bell(p->link)) {
		/* What the guest did before QEMU went still counts: look at it once more. */
		link_look(p->link);
		p->ended = true;
	}
	if (!p->attached)
		return;
	input_polled(&p->in, &pfds[POLL_STDIN]);
	output_polled(&p->out[0], p->link, &pfds[POLL_STDOUT]);
	output_polled(&p->out[1], p->link, &pfds[POLL_STDERR]);
}
