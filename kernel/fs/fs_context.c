/* SPDX-License-Identifier: MIT */
/*
 * Root, working directory and umask of a process.
 */
#include "kernel/fs/fs_context.h"

#include "gen/errno.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/path.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/proc/proc.h"
#include "lib/string.h"

err_t fs_context_new(const char *cwd, struct fs_context **out)
{
	if (*cwd != '/')
		return -EINVAL;
	struct fs_context *fs = kzalloc(sizeof *fs);
	if (!fs)
		return -ENOMEM;
	fs->refs = 1;
	fs->umask = 022;
	fs->root = inode_ref(fs_root());
	mutex_guard(&tree_lock);
	err_t e = fs_make_path(cwd, strlen(cwd), &fs->cwd);
	if (e) {
		fs_context_unref(fs);
		return e;
	}
	*out = fs;
	return 0;
}

err_t fs_context_copy(struct fs_context *from, struct fs_context **out)
{
	struct fs_context *fs = kzalloc(sizeof *fs);
	if (!fs)
		return -ENOMEM;
	mutex_guard(&tree_lock);
	fs->refs = 1;
	fs->umask = from->umask;
	fs->root = inode_ref(from->root);
	fs->cwd = inode_ref(from->cwd);
	*out = fs;
	return 0;
}

void fs_context_unref(struct fs_context *fs)
{
	if (!fs || __atomic_fetch_sub(&fs->refs, 1, __ATOMIC_ACQ_REL) != 1)
		return;
	inode_unref(fs->cwd);
	inode_unref(fs->root);
	kfree(fs);
}

struct fs_context *current_fs(void)
{
	return current_proc()->fs;
}

u32 fs_umask_swap(struct fs_context *fs, u32 mask)
{
	return __atomic_exchange_n(&fs->umask, mask & 0777, __ATOMIC_RELAXED);
}
