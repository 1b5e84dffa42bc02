/* SPDX-License-Identifier: MIT */
/*
 * exec with its reasons: proc_exec (kernel/proc/proc.h) for callers that can tell a person
 * why a program was refused. Called by boot/main.c for the first program and by sys/proc.c.
 */
#ifndef KERNEL_PROC_EXEC_H
#define KERNEL_PROC_EXEC_H

#include "base/types.h"
#include "kernel/proc/proc.h"

/* One string of argv or envp, its NUL included (Linux's MAX_ARG_STRLEN). */
#define EXEC_STRING_MAX (128 * 1024)

/*
 * Replaces the calling process's image; see proc_exec. exe_path is what /proc/self/exe
 * shows, absolute. On failure *why is a sentence (static storage) for the user.
 */
MUST_CHECK err_t exec_image(struct vmobj *image, const char *exe_path, const struct exec_args *args,
			    struct trapframe *tf, const char **why);

/*
 * Most bytes that argv and envp strings together with the path may have, their NULs
 * included, for that many strings; 0 when the pointers to them are too many already. As
 * Linux: a quarter of the stack limit, 128 KiB at least and 6 MiB at most.
 */
u64 exec_strings_max(const struct proc *p, u32 nstrings);

#endif
