/* SPDX-License-Identifier: MIT */
/*
 * The launcher's one loop: from QEMU's start to the end of the run it moves bytes
 * between the rings and the host, forwards signals, keeps the deadlines and notices how
 * the run ended. Single-threaded; it sleeps only in ppoll.
 */
#ifndef TOOLS_LSTAR_PUMP_H
#define TOOLS_LSTAR_PUMP_H

#include "tools/lstar/link.h"
#include "tools/lstar/options.h"
#include "tools/lstar/outcome.h"
#include "tools/lstar/qemu.h"
#include "tools/lstar/streams.h"

struct strace;

struct pump {
	/* set by the caller */
	const struct options *options;
	struct link *link;
	struct qemu *qemu;
	struct strace *strace; /* NULL: not wanted */
	int log;	       /* our end of COM1, or -1 */
	struct outcome *outcome;

	struct input in;
	struct output out[2];
	struct ring trace;
	bool attached; /* the rings are in use */
	bool ended;    /* the guest left an exit record, or QEMU is gone */

	u64 start_ns;
	u64 boot_deadline_ns;
	u64 run_deadline_ns; /* 0: none */
	/* signals that were forwarded and not taken by the guest yet */
	u64 forwarded;
	u64 forward_deadline_ns;
	u64 first_signal_ns;
	unsigned signal_count;
	unsigned nap_ms; /* how long until we look again whether the guest wants input */
};

u64 now_ns(void);
/* fds: mask of the standard descriptors that were open. Call before QEMU starts. */
void pump_init(struct pump *p, unsigned fds);
/* Returns when *outcome is set, QEMU is gone, and what could be written was written. */
void pump_run(struct pump *p);

bool pump_trace_ready(const struct pump *p);

/* pump_sleep.c: wait until there may be something to do; not at all when bytes are moving. */
void pump_sleep(struct pump *p, bool moving);

/* pump_signals.c: act on what arrived. */
void pump_signals(struct pump *p);
/* Tell the guest the window's size, and that it changed. */
void pump_window_size(struct pump *p);
/* A forwarded signal was not taken in time: end the run. */
void pump_check_forwarded(struct pump *p, u64 now);

#endif
