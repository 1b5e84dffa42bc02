/* SPDX-License-Identifier: MIT */
/*
 * The archive that carries configuration and files into the guest: cpio's "newc"
 * format in a memfd, as QEMU's -initrd takes it. abi/hostlink.h says what comes first
 * and how file data is aligned.
 */
#ifndef TOOLS_LSTAR_CPIO_H
#define TOOLS_LSTAR_CPIO_H

#include "tools/lstar/buf.h"
#include "tools/lstar/guestfs.h"

/* A memfd, or -1 and an outcome. */
MUST_CHECK int cpio_build(const struct node *root, const struct buf *config, u64 *size,
			  struct outcome *out);

#endif
