/* SPDX-License-Identifier: MIT */
/* Where things are on the host: the program, the kernel image, absolute names. */
#ifndef TOOLS_LSTAR_PATHS_H
#define TOOLS_LSTAR_PATHS_H

#include "tools/lstar/outcome.h"

/* The caller frees what these return. */
char *path_current(void);
/* Text only: nothing is resolved, so that the guest sees the name the user gave. */
char *path_absolute(const char *path);
/* As execvp searches: NULL and a NOEXEC outcome when there is nothing to run. */
char *path_of_program(const char *name, struct outcome *out);
/* --kernel, $LSTAR_KERNEL, beside the launcher, or ../lib/lstar of it; NULL: none exists. */
char *path_of_kernel(const char *option);

#endif
