/* SPDX-License-Identifier: MIT */
/* The `.lstar` entry of the initrd: what to run (keys in abi/hostlink.h). */
#ifndef BOOT_CONFIG_H
#define BOOT_CONFIG_H

#include "base/types.h"
#include "kernel/fs/console.h"

struct run_config {
	const char *exec, *cwd;
	u64 strings_len; /* of argv and envp with their NULs */
	u32 argc, envc;
	struct console_config console;
	bool strace;
	u32 strsize;
	const char *bytes; /* the whole config, where the initrd has it */
	u64 len;
};

/* bytes live as long as the config. NULL, or what is wrong with it. */
const char *config_parse(const char *bytes, u64 len, struct run_config *out);
/* argv then envp, NUL-terminated, in one block to be kfree'd; NULL: out of memory. */
char *config_strings(const struct run_config *c);

#endif
