/* SPDX-License-Identifier: MIT */
/* From an outcome to what the user gets: a message (or none), an exit code, a status file. */
#ifndef TOOLS_LSTAR_REPORT_H
#define TOOLS_LSTAR_REPORT_H

#include "tools/lstar/buf.h"
#include "tools/lstar/options.h"
#include "tools/lstar/outcome.h"

struct report {
	const struct options *options;
	const struct outcome *outcome;
	const struct buf *qemu_said;
	const struct buf *kernel_log;
	/* for the status file; 0 where it never came to that */
	bool kvm;
	double wall_s;
	u64 ram_used;
	u64 tsc_khz;
	u64 kernel_entry_tsc;
	u64 user_started_tsc;
};

/* Opened before the run, so that a path that cannot be written is no surprise after it. */
MUST_CHECK bool report_open(const struct options *o, int *fd);
/* Prints, writes the status file when fd >= 0, returns the exit code. */
int report(const struct report *r, int fd);

#endif
