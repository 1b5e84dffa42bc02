/* SPDX-License-Identifier: MIT */
/*
 * A process's view of the file system: root, working directory, umask. Shared by the
 * threads of a process, so it is counted. root and cwd are under tree_lock.
 */
#ifndef KERNEL_FS_FS_CONTEXT_H
#define KERNEL_FS_FS_CONTEXT_H

#include "base/types.h"

struct inode;

struct fs_context {
	u32 refs;
	u32 umask; /* atomic */
	struct inode *root, *cwd;
};

/*
 * The first program's: cwd is an absolute path; directories that are missing are made.
 * -EINVAL, -ENOTDIR, -ELOOP, -ENAMETOOLONG, -ENOMEM.
 */
MUST_CHECK err_t fs_context_new(const char *cwd, struct fs_context **out);
/* A copy for a new process. */
MUST_CHECK err_t fs_context_copy(struct fs_context *from, struct fs_context **out);
void fs_context_unref(struct fs_context *fs); /* also declared, as an upcall, by kernel/proc */

struct fs_context *current_fs(void);
u32 fs_umask_swap(struct fs_context *fs, u32 mask);

#endif
