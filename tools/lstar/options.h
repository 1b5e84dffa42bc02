/* SPDX-License-Identifier: MIT */
/*
 * The options of `lstar run`, `lstar strace` and `lstar image`, as data. Parsing touches nothing
 * outside the struct; what an option means is decided where it is used.
 */
#ifndef TOOLS_LSTAR_OPTIONS_H
#define TOOLS_LSTAR_OPTIONS_H

#include "base/types.h"
#include "tools/lstar/buf.h"

enum options_for { OPTIONS_RUN, OPTIONS_STRACE, OPTIONS_IMAGE };

struct options {
	bool strace;
	const char *output; /* of strace, NULL: stderr; of image */
	unsigned strsize;

	struct strv env; /* NAME or NAME=VALUE */
	bool clean_env;
	const char *chdir; /* NULL: the host's current directory */
	struct strv files; /* HOST or HOST:GUEST */

	u64 memory; /* bytes */
	unsigned cpus;
	double timeout_s; /* 0: none */
	bool verbose;
	bool dry_run;
	const char *status_file;

	const char *machine; /* microvm, q35, pc */
	const char *accel;   /* tcg, kvm, auto */
	const char *cpu;     /* NULL: max or host */
	int icount;	     /* shift, or -1 */
	struct strv qemu_args;
	struct strv kernel_args;
	const char *kernel; /* NULL: the one beside the launcher */

	char **argv; /* program and its arguments */
};

/* argv[0] is the subcommand. False: a message was printed (or nothing, for --help). */
bool options_parse(struct options *o, int argc, char **argv, enum options_for command);
void options_free(struct options *o);

#endif
