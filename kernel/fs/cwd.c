/* SPDX-License-Identifier: MIT */
/* The working directory: changing it and saying where it is. */
#include "gen/errno.h"
#include "kernel/fs/vfs.h"

err_t vfs_chdir(struct fs_context *fs, struct inode *dir)
{
	struct inode *old;
	{
		mutex_guard(&tree_lock);
		if (!inode_is_dir(dir))
			return -ENOTDIR;
		err_t e = inode_permission(dir, MAY_EXEC, fs_cred_effective());
		if (e)
			return e;
		old = fs->cwd;
		fs->cwd = inode_ref(dir);
	}
	inode_unref(old);
	return 0;
}

err_t vfs_getcwd(struct fs_context *fs, char *buf, u64 size, u64 *len)
{
	mutex_guard(&tree_lock);
	return path_build(fs, fs->cwd, "", 0, buf, size, len);
}
