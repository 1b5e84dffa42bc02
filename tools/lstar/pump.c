/* SPDX-License-Identifier: MIT */
/*
 * The loop; see pump.h. Each turn: do everything that can be done, announce the sleep
 * in every ring, look once more, sleep. The end has an order: the exit record first,
 * then what the rings still hold (the guest wrote it before), QEMU killed meanwhile
 * because its own tear-down is the slowest part and nobody needs it.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/lstar/pump.h"
#include "tools/lstar/say.h"
#include "tools/lstar/signals.h"
#include "tools/lstar/strace.h"
#include "tools/lstar/tty.h"

#define BOOT_TIMEOUT_S 30.0
#define SECOND_NS 1e9

u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (u64)ts.tv_sec * 1000000000u + (u64)ts.tv_nsec;
}

static double boot_timeout_s(void)
{
	const char *env = getenv("LSTAR_BOOT_TIMEOUT");
	double s = env != NULL ? strtod(env, NULL) : 0;

	return s > 0 && s < 1e6 ? s : BOOT_TIMEOUT_S;
}

void pump_init(struct pump *p, unsigned fds)
{
	input_open(&p->in, (fds & 1) != 0);
	output_open(&p->out[0], STDOUT_FILENO, (fds & 2) != 0);
	output_open(&p->out[1], STDERR_FILENO, (fds & 4) != 0);
	p->start_ns = now_ns();
	p->boot_deadline_ns = p->start_ns + (u64)(boot_timeout_s() * SECOND_NS);
	if (p->options->timeout_s > 0)
		p->run_deadline_ns = p->start_ns + (u64)(p->options->timeout_s * SECOND_NS);
}

static void broken(struct pump *p)
{
	outcome_set(p->outcome, OUTCOME_LAUNCHER, 0,
		    "the link page in the guest's memory is damaged: the kernel or its memory is "
		    "broken");
	p->outcome->want_logs = true;
}

static void attach(struct pump *p)
{
	struct link *l = p->link;

	if (p->attached || !l->up)
		return;
	p->attached = true;
	pump_window_size(p);
	if (!input_attach(&p->in, l) || !output_attach(&p->out[0], l, HL_STDOUT) ||
	    !output_attach(&p->out[1], l, HL_STDERR) ||
	    !ring_attach(&p->trace, &l->page->ring[HL_TRACE], l->ram, l->ram_size))
		broken(p);
}

static enum stream_result trace_pump(struct pump *p)
{
	struct iovec iov[2];
	u64 n;

	if (p->trace.shared == NULL || p->strace == NULL)
		return STREAM_IDLE;
	n = ring_filled(&p->trace, iov);
	if (n == 0 || n == RING_BROKEN)
		return n == 0 ? STREAM_IDLE : STREAM_BROKEN;
	strace_feed(p->strace, iov[0].iov_base, iov[0].iov_len);
	if (iov[1].iov_len > 0)
		strace_feed(p->strace, iov[1].iov_base, iov[1].iov_len);
	if (ring_consumed(&p->trace, n))
		link_ring_bell(p->link);
	return STREAM_MOVED;
}

bool pump_trace_ready(const struct pump *p)
{
	struct iovec iov[2];

	return p->trace.shared != NULL && p->strace != NULL && ring_filled(&p->trace, iov) > 0;
}

static bool outputs_drained(const struct pump *p)
{
	return output_drained(&p->out[0]) && output_drained(&p->out[1]) && !pump_trace_ready(p);
}

/* One round over everything; true when something moved. */
static bool move_bytes(struct pump *p)
{
	const enum stream_result results[] = {
		trace_pump(p),
		output_pump(&p->out[0], p->link),
		output_pump(&p->out[1], p->link),
		p->ended ? STREAM_IDLE : input_pump(&p->in, p->link),
	};
	bool moved = false;

	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		if (results[i] == STREAM_BROKEN)
			broken(p);
		moved |= results[i] == STREAM_MOVED;
	}
	return moved;
}

/* What was printed under the old settings must be out before the new ones hold. */
static bool serve_terminal(struct pump *p)
{
	struct hl_tty *tty = &p->link->page->tty;

	if (!tty_request_pending(tty) || !outputs_drained(p) || !tty_apply(tty))
		return false;
	link_ring_bell(p->link);
	return true;
}

static void check_exit(struct pump *p)
{
	struct outcome end = { 0 };

	if (p->ended || !link_exit(p->link, &end))
		return;
	p->ended = true;
	qemu_signal(p->qemu, SIGKILL);
}

static void check_deadlines(struct pump *p)
{
	u64 now = now_ns();

	if (p->run_deadline_ns != 0 && now >= p->run_deadline_ns)
		outcome_set(p->outcome, OUTCOME_TIMEOUT, 0, "still running after %g s (--timeout)",
			    p->options->timeout_s);
	if (!p->attached && now >= p->boot_deadline_ns) {
		outcome_set(
			p->outcome, OUTCOME_LAUNCHER, 0,
			"the kernel did not come up within %g s; look at its log with -v, or set "
			"LSTAR_BOOT_TIMEOUT on a slow machine",
			boot_timeout_s());
		p->outcome->want_logs = true;
	}
	if (!p->ended)
		pump_check_forwarded(p, now);
}

/* COM1 of the guest, when it was asked for. */
static void log_pump(struct pump *p)
{
	char chunk[4096];
	ssize_t n = 0;

	while (p->log >= 0 && (n = recv(p->log, chunk, sizeof(chunk), MSG_DONTWAIT)) > 0)
		say_guest_text(chunk, (size_t)n);
	if (p->log >= 0 && (n == 0 || errno != EAGAIN)) {
		close(p->log);
		p->log = -1;
	}
}

/* QEMU has gone without an exit record in the page: its own status is all there is. */
static void explain_death(struct pump *p)
{
	int status = p->qemu->status;

	if (WIFSIGNALED(status))
		outcome_set(p->outcome, OUTCOME_LAUNCHER, 0, "QEMU was killed by SIG%s",
			    sigabbrev_np(WTERMSIG(status)));
	else if (!p->attached && WEXITSTATUS(status) == 1)
		outcome_set(p->outcome, OUTCOME_LAUNCHER, 0, "QEMU refused to start the machine");
	else if (WEXITSTATUS(status) == 0)
		outcome_set(p->outcome, OUTCOME_LAUNCHER, 0,
			    "the machine reset itself (a triple fault in the kernel)");
	else
		outcome_set(p->outcome, OUTCOME_LAUNCHER, 0,
			    "the kernel stopped the machine without saying why (QEMU status %d)",
			    WEXITSTATUS(status));
	p->outcome->want_logs = true;
}

/* The guest has ended and its output is out: what was it? */
static void conclude(struct pump *p)
{
	qemu_reap(p->qemu, false);
	if (!p->attached || !link_exit(p->link, p->outcome))
		explain_death(p);
	if (p->outcome->kind == OUTCOME_PANIC || p->outcome->kind == OUTCOME_LAUNCHER)
		p->outcome->want_logs = true;
}

static bool turn(struct pump *p)
{
	bool moved = false;

	pump_signals(p);
	attach(p);
	if (p->attached) {
		check_exit(p); /* before moving: what it follows is then seen too */
		moved = move_bytes(p) || serve_terminal(p);
	}
	log_pump(p);
	check_deadlines(p);
	if (p->ended && outputs_drained(p))
		conclude(p);
	return moved;
}

void pump_run(struct pump *p)
{
	while (p->outcome->kind == OUTCOME_NONE) {
		bool moved = turn(p);

		if (p->outcome->kind == OUTCOME_NONE)
			pump_sleep(p, moved);
	}
	qemu_reap(p->qemu, true);
	p->ended = true;
	while (p->attached && move_bytes(p)) /* without waiting for anybody */
		;
	log_pump(p);
	input_return_unread(&p->in);
}
