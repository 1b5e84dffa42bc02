/* SPDX-License-Identifier: MIT */
/*
 * The superblocks there are and where they hang: the initrd's tree at / (read-only once it
 * is unpacked), a writable tmpfs at /tmp, /dev with the devices, /proc.
 */
#ifndef KERNEL_FS_MOUNT_H
#define KERNEL_FS_MOUNT_H

#include "kernel/fs/inode.h"

/* Makes the root and mounts /tmp, so that the initrd's files below it land there. Before
 * initrd_unpack. -ENOMEM. */
MUST_CHECK err_t fs_init(void);
/*
 * Mounts /dev and /proc over whatever the initrd has there and makes the root
 * read-only. After initrd_unpack; fs_context_new still can make directories. -ENOMEM, -ENOTDIR.
 */
MUST_CHECK err_t fs_mount_all(void);

struct inode *fs_root(void); /* no reference; lives for ever */

/*
 * The directory of that path from the root; missing ones are made, whatever is read-only.
 * tree_lock is held by the caller. A reference. -ENOTDIR, -ELOOP, -ENAMETOOLONG, -ENOMEM.
 */
MUST_CHECK err_t fs_make_path(const char *path, u64 len, struct inode **out);

/* A superblock of its own for inodes without a name (pipes, terminals). */
extern struct superblock anon_sb;

/* Fill the superblock's root; devices.c and procfs.c. */
MUST_CHECK err_t devices_populate(struct superblock *sb);
MUST_CHECK err_t procfs_populate(struct superblock *sb);

#endif
