/* SPDX-License-Identifier: MIT */
/*
 * What a run needs before QEMU starts: the program, checked and packed with its files,
 * and the kernel. Either is refused here with a message, or will be there.
 */
#ifndef TOOLS_LSTAR_PREPARE_H
#define TOOLS_LSTAR_PREPARE_H

#include "tools/lstar/options.h"
#include "tools/lstar/outcome.h"

/* A memfd with the archive, or -1 and an outcome. fds: mask of the open standard descriptors. */
MUST_CHECK int prepare_initrd(const struct options *o, unsigned fds, struct outcome *out);
/* Path of the kernel image (the caller frees it), or NULL and an outcome. */
MUST_CHECK char *prepare_kernel(const struct options *o, u64 *link_addr, struct outcome *out);

#endif
