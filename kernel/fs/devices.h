/* SPDX-License-Identifier: MIT */
/* Device nodes: which file stands behind a device number. */
#ifndef KERNEL_FS_DEVICES_H
#define KERNEL_FS_DEVICES_H

#include "base/types.h"

struct file;
struct inode;

/* A device number as stat shows it: minor bits 0-7, major 8-19, minor 20-31. */
static inline u64 dev_make(u32 major, u32 minor)
{
	return (minor & 0xff) | (u64)(major & 0xfff) << 8 | (u64)(minor & ~0xffu) << 12;
}

/* The open file behind a character or block device node, without inode. -ENXIO: none. */
MUST_CHECK err_t device_open(struct inode *i, u32 flags, struct file **out);

#endif
