/* SPDX-License-Identifier: MIT */
/*
 * The QEMU process: its command line, its start and its end. It is a child in a session
 * of its own, so neither the terminal's signals nor its input reach it, and it dies
 * with the launcher whatever ends that.
 */
#ifndef TOOLS_LSTAR_QEMU_H
#define TOOLS_LSTAR_QEMU_H

#include <stdio.h>
#include <sys/types.h>

#include "tools/lstar/buf.h"
#include "tools/lstar/options.h"
#include "tools/lstar/outcome.h"

/* What a command line is made from; descriptors are those QEMU inherits. */
struct machine {
	const struct options *options;
	const char *kernel;
	bool kvm;
	u64 tsc_khz;
	u64 epoch_ns;
	u8 seed[32];
	int ram;
	int initrd;
	int bell;
	int log; /* -1: COM1 leads nowhere */
};

struct qemu {
	pid_t pid;  /* 0: not running */
	int output; /* memfd with what QEMU itself said */
	int status; /* as waitpid gives it, once pid is 0 */
};

/* Does this run want the kernel's serial log? */
bool qemu_wants_log(const struct options *o);
void qemu_command(struct strv *argv, const struct machine *m);
/* The command as one line, quoted for a shell. */
void qemu_print(FILE *to, const struct strv *argv);
MUST_CHECK bool qemu_spawn(struct qemu *q, const struct machine *m, const struct strv *argv,
			   struct outcome *out);
void qemu_signal(const struct qemu *q, int sig);
/* Wait for its end; kill_first unless its own exit status matters. */
void qemu_reap(struct qemu *q, bool kill_first);
/* What QEMU itself has written: warnings, or why it failed. */
void qemu_said(const struct qemu *q, struct buf *out);
void qemu_destroy(struct qemu *q);

#endif
