/* SPDX-License-Identifier: MIT */
/* The `.lstar` entry of the initrd: what to run (keys in abi/hostlink.h). */
#ifndef BOOT_CONFIG_H
#define BOOT_CONFIG_H

#include "base/types.h"
#include "kernel/fs/console.h"

struct run_config {
	const char *exec, *cwd;
	char *strings; /* argv then envp, NUL-terminated, in one block; kmalloc'ed */
	u64 strings_len;
	u32 argc, envc;
	struct console_config console;
	bool strace;
	u32 strsize;
};

/* bytes live as long as the config. NULL, or what is wrong with it. */
const char *config_parse(const char *bytes, u64 len, struct run_config *out);

#endif
