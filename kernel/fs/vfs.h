/* SPDX-License-Identifier: MIT */
/*
 * The file system by path: what sys/ and exec call.
 *
 * A place is where a relative path starts (NULL: the working directory) and the path, a
 * kernel string shorter than PATH_MAX. Every function takes tree_lock for itself, checks
 * permissions as the calling process, and returns Linux's errno in Linux's order.
 */
#ifndef KERNEL_FS_VFS_H
#define KERNEL_FS_VFS_H

#include "base/types.h"
#include "kernel/fs/fs_context.h"
#include "kernel/fs/path.h"

struct file;
struct kstat;
struct vmobj;

struct place {
	struct inode *start;
	const char *path;
};

/* ---- open.c ---- */

/* flags: LINUX_O_*; mode (permission bits) counts only when a file is made. One reference. */
MUST_CHECK err_t vfs_open(struct fs_context *fs, struct place at, u32 flags, u32 mode,
			  struct file **out);
/* A program image: a regular file with an execute bit. -EACCES for anything else. One reference. */
MUST_CHECK err_t vfs_open_exec(struct fs_context *fs, const char *path, struct vmobj **image);
/* The absolute path, links resolved, of something that exists. size >= PATH_MAX is enough. */
MUST_CHECK err_t vfs_resolve(struct fs_context *fs, const char *path, char *buf, u64 size);
/* A reference to what the place names. */
MUST_CHECK err_t vfs_lookup(struct fs_context *fs, struct place at, enum walk_mode mode,
			    struct inode **out);

/* ---- namespace.c ---- */

/* mode with its type: regular file, FIFO, socket or device. -EEXIST, -EPERM, ... */
MUST_CHECK err_t vfs_mknod(struct fs_context *fs, struct place at, u32 mode, u64 rdev);
MUST_CHECK err_t vfs_mkdir(struct fs_context *fs, struct place at, u32 mode);
MUST_CHECK err_t vfs_symlink(struct fs_context *fs, const char *target, struct place at);
/* mode says whether a symbolic link `from` is followed. */
MUST_CHECK err_t vfs_link(struct fs_context *fs, struct place from, enum walk_mode mode,
			  struct place to);
/* A second name for an inode that is already at hand. */
MUST_CHECK err_t vfs_link_inode(struct fs_context *fs, struct inode *i, struct place to);
MUST_CHECK err_t vfs_unlink(struct fs_context *fs, struct place at);
MUST_CHECK err_t vfs_rmdir(struct fs_context *fs, struct place at);
/* flags: LINUX_RENAME_NOREPLACE or LINUX_RENAME_EXCHANGE. */
MUST_CHECK err_t vfs_rename(struct fs_context *fs, struct place from, struct place to, u32 flags);

/* ---- attr.c: of an inode at hand ---- */

void vfs_stat(struct inode *i, struct kstat *st);
MUST_CHECK err_t vfs_chmod(struct inode *i, u32 mode);
/* UINT32_MAX leaves an owner as it is. */
MUST_CHECK err_t vfs_chown(struct inode *i, u32 uid, u32 gid);

#define TIME_KEEP INT64_MIN /* instead of a time */
/* Both "now": enough that the caller may write. Else only the owner. */
MUST_CHECK err_t vfs_set_times(struct inode *i, s64 atime_ns, s64 mtime_ns, bool both_now);
MUST_CHECK err_t vfs_truncate(struct inode *i, u64 size);
MUST_CHECK err_t vfs_access(struct inode *i, u32 may, struct fs_cred who);
/* The text of a symbolic link, cut to size, without a NUL. -EINVAL when it is none. */
MUST_CHECK err_t vfs_readlink(struct inode *i, char *buf, u64 size, u64 *len);

struct fs_stats {
	u64 magic, dev, block_size, blocks, blocks_free, files, files_free;
	bool readonly;
};
void vfs_statfs(struct inode *i, struct fs_stats *out);

/* ---- cwd.c ---- */

MUST_CHECK err_t vfs_chdir(struct fs_context *fs, struct inode *dir);
/* *len counts the NUL. -ERANGE, -ENOENT. */
MUST_CHECK err_t vfs_getcwd(struct fs_context *fs, char *buf, u64 size, u64 *len);

#endif
