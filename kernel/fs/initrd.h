/* SPDX-License-Identifier: MIT */
/*
 * The initrd: a newc cpio archive in RAM becomes the tree at /. See abi/hostlink.h.
 */
#ifndef KERNEL_FS_INITRD_H
#define KERNEL_FS_INITRD_H

#include "base/types.h"

/*
 * Unpacks [start, start+len). Page-aligned data is used in place: the memory must stay
 * what it is for ever. On failure *why is a text for the user. -EINVAL, -ENOMEM.
 */
MUST_CHECK err_t initrd_unpack(paddr_t start, u64 len, const char **why);

/* The bytes of the launcher's config file, in place; len 0 when the archive has none. */
void initrd_config(const char **bytes, u64 *len);

#endif
