/* SPDX-License-Identifier: MIT */
/*
 * Entries of directories. The caller holds tree_lock throughout.
 */
#ifndef KERNEL_FS_DIR_H
#define KERNEL_FS_DIR_H

#include "kernel/fs/inode.h"

extern const struct file_ops dir_file_ops;

/* The entry, or NULL. */
struct dirent *dir_find(struct inode *dir, const char *name, u32 len);
/* Names an inode in dir, which takes a reference of its own; the name must be free. -ENOMEM. */
MUST_CHECK err_t dir_add(struct inode *dir, const char *name, u32 len, struct inode *i);
/* Takes the name away; a directory so removed is dead. May end the inode. */
void dir_remove(struct dirent *entry);
/* The same inode under another name, perhaps elsewhere; the name must be free. -ENOMEM. */
MUST_CHECK err_t dir_move(struct dirent *entry, struct inode *to, const char *name, u32 len);
/* The inode of `from` takes the place of that of `to`; the name `from` is gone. */
void dir_replace(struct dirent *from, struct dirent *to);
/* Two entries change their inodes. */
void dir_exchange(struct dirent *a, struct dirent *b);

bool dir_empty(const struct inode *dir);
/* True when dir is i or lies below it. */
bool dir_is_below(const struct inode *dir, const struct inode *i);
/* The directory ".." leads to, mounts crossed; no reference. */
struct inode *dir_parent(struct inode *dir);

/* The directory of that name, made with mode 0755 when missing. A reference. For boot. */
MUST_CHECK err_t dir_make(struct inode *dir, const char *name, u32 len, struct inode **out);

#endif
