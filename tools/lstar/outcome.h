/* SPDX-License-Identifier: MIT */
/*
 * How a run ended, whoever noticed: a check before boot, the guest's exit record, a
 * deadline, a signal, or QEMU's death. report.c turns it into a message, an exit code
 * and the status file; nothing else decides those.
 */
#ifndef TOOLS_LSTAR_OUTCOME_H
#define TOOLS_LSTAR_OUTCOME_H

#include "base/types.h"

enum outcome_kind {
	OUTCOME_NONE,
	OUTCOME_EXIT,	/* value: status */
	OUTCOME_SIGNAL, /* value: signal that ended the program */
	OUTCOME_NOEXEC, /* value: errno */
	OUTCOME_PANIC,
	OUTCOME_CONFIG,
	OUTCOME_TIMEOUT,
	OUTCOME_INTERRUPTED, /* value: signal that ended the launcher */
	OUTCOME_LAUNCHER,    /* QEMU or the launcher failed */
};

struct outcome {
	enum outcome_kind kind;
	int value;
	bool want_logs; /* show QEMU's messages and the kernel log with it */
	char text[1024];
};

/* Keeps the first outcome: what comes after is a consequence. */
PRINTF_LIKE(4, 5)
void outcome_set(struct outcome *o, enum outcome_kind kind, int value, const char *fmt, ...);

#endif
