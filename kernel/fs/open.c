/* SPDX-License-Identifier: MIT */
/*
 * Opening by path. The order of checks is Linux's, because programs see it in errno: the
 * name first, then what the thing is, then whether the caller may, then truncation.
 */
#include "gen/errno.h"
#include "kernel/fs/devices.h"
#include "kernel/fs/dir.h"
#include "kernel/fs/file_io.h"
#include "kernel/fs/ramfile.h"
#include "kernel/fs/vfs.h"

#define CREATION_FLAGS \
	(LINUX_O_CREAT | LINUX_O_EXCL | LINUX_O_NOCTTY | LINUX_O_TRUNC | LINUX_O_CLOEXEC)
#define PATH_FLAGS (LINUX_O_PATH | LINUX_O_DIRECTORY | LINUX_O_NOFOLLOW | LINUX_O_CLOEXEC)

/* What O_PATH gives: a place in the tree, nothing to read or write. */
static const struct file_ops path_file_ops = {
	.stat = file_stat_inode,
	.release = file_release_inode,
};

static bool wants_write(u32 flags)
{
	return (flags & LINUX_O_ACCMODE) != LINUX_O_RDONLY;
}

static err_t check_flags(u32 flags)
{
	/* The bit that O_TMPFILE has besides O_DIRECTORY. */
	u32 tmpfile_bit = LINUX_O_TMPFILE & ~(u32)LINUX_O_DIRECTORY;
	if (flags & tmpfile_bit) {
		if (!(flags & LINUX_O_DIRECTORY) || (flags & LINUX_O_CREAT) || !wants_write(flags))
			return -EINVAL;
		return -EOPNOTSUPP;
	}
	if ((flags & LINUX_O_CREAT) && (flags & LINUX_O_DIRECTORY))
		return -EINVAL;
	return 0;
}

static enum walk_mode walk_mode_of(u32 flags)
{
	if (!(flags & LINUX_O_CREAT))
		return flags & LINUX_O_NOFOLLOW ? WALK_NOFOLLOW : WALK_FOLLOW;
	return flags & (LINUX_O_EXCL | LINUX_O_NOFOLLOW) ? WALK_PARENT : WALK_CREATE;
}

static u32 wanted_access(u32 flags)
{
	static const u32 by_mode[] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE,
				       MAY_READ | MAY_WRITE };
	return by_mode[flags & LINUX_O_ACCMODE] | (flags & LINUX_O_TRUNC ? MAY_WRITE : 0);
}

/* tree_lock held: makes the regular file that w found missing. */
static err_t create(struct walk *w, u32 mode)
{
	if (w->dir->dir.dead)
		return -ENOENT;
	err_t e = inode_permission(w->dir, MAY_WRITE | MAY_EXEC, fs_cred_effective());
	if (e)
		return e;
	e = inode_new(w->dir->sb, LINUX_S_IFREG | (mode & 07777), &w->inode);
	return e ? e : dir_add(w->dir, w->name, w->len, w->inode);
}

static err_t check_existing(const struct walk *w, u32 flags)
{
	if (flags & LINUX_O_CREAT) {
		if (flags & LINUX_O_EXCL)
			return -EEXIST;
		if (inode_is_dir(w->inode))
			return -EISDIR;
	}
	if (((flags & LINUX_O_DIRECTORY) || w->slash) && !inode_is_dir(w->inode))
		return -ENOTDIR;
	if (flags & LINUX_O_PATH)
		return 0;
	if (inode_is_link(w->inode))
		return -ELOOP;
	if (inode_is_dir(w->inode) && (wanted_access(flags) & MAY_WRITE))
		return -EISDIR;
	err_t e = inode_permission(w->inode, wanted_access(flags), fs_cred_effective());
	if (e)
		return e;
	u32 uid = fs_cred_effective().uid;
	return (flags & LINUX_O_NOATIME) && uid != 0 && uid != w->inode->uid ? -EPERM : 0;
}

/* tree_lock held: the inode to open, found or made. */
static err_t find_or_create(struct fs_context *fs, struct place at, u32 flags, u32 mode,
			    struct inode **out, bool *created)
{
	WALK_HELD w = { 0 };
	err_t e = path_walk(fs, at.start, at.path, walk_mode_of(flags), &w);
	if (e)
		return e;
	*created = !w.inode && (flags & LINUX_O_CREAT);
	if ((flags & LINUX_O_CREAT) && w.slash && w.last == LAST_NAME)
		e = -EISDIR;
	else if (w.late)
		e = w.late;
	else if (w.inode)
		e = check_existing(&w, flags);
	else
		e = *created ? create(&w, mode & ~fs->umask) : -ENOENT;
	if (!e)
		*out = inode_ref(w.inode);
	return e;
}

static err_t file_of_inode(struct inode *i, u32 flags, struct file **out)
{
	if (flags & LINUX_O_PATH)
		return file_new(&path_file_ops, flags, out);
	if (i->ops && i->ops->open)
		return i->ops->open(i, flags, out);
	switch (inode_type(i)) {
	case LINUX_S_IFREG:
		return file_new(&ramfile_ops, flags, out);
	case LINUX_S_IFDIR:
		return file_new(&dir_file_ops, flags, out);
	case LINUX_S_IFCHR:
	case LINUX_S_IFBLK:
		return device_open(i, flags, out);
	default: /* sockets as Linux; named pipes are not there yet */
		return -ENXIO;
	}
}

err_t vfs_open(struct fs_context *fs, struct place at, u32 flags, u32 mode, struct file **out)
{
	INODE_HELD i = NULL;
	bool created;
	if (flags & LINUX_O_PATH)
		flags &= PATH_FLAGS;
	err_t e = check_flags(flags);
	if (e)
		return e;
	{
		mutex_guard(&tree_lock);
		e = find_or_create(fs, at, flags, mode, &i, &created);
	}
	if (e)
		return e;
	e = file_of_inode(i, flags & ~CREATION_FLAGS, out);
	if (e)
		return e;
	(*out)->inode = inode_ref(i);
	if ((flags & LINUX_O_TRUNC) && !created && inode_is_reg(i)) {
		e = ramfile_set_size(i, 0);
		inode_touch_mtime(i);
	}
	if (e)
		file_unref(*out);
	return e;
}

err_t vfs_open_exec(struct fs_context *fs, const char *path, struct vmobj **image)
{
	WALK_HELD w = { 0 };
	mutex_guard(&tree_lock);
	err_t e = path_find(fs, NULL, path, WALK_FOLLOW, &w);
	if (e)
		return e;
	if (!inode_is_reg(w.inode))
		return -EACCES;
	e = inode_permission(w.inode, MAY_EXEC, fs_cred_effective());
	if (!e)
		*image = &inode_ref(w.inode)->obj;
	return e;
}

err_t vfs_resolve(struct fs_context *fs, const char *path, char *buf, u64 size)
{
	WALK_HELD w = { 0 };
	u64 used;
	mutex_guard(&tree_lock);
	err_t e = path_find(fs, NULL, path, WALK_FOLLOW, &w);
	if (e)
		return e;
	if (inode_is_dir(w.inode))
		return path_build(fs, w.inode, "", 0, buf, size, &used);
	return path_build(fs, w.dir, w.name, w.len, buf, size, &used);
}

err_t vfs_lookup(struct fs_context *fs, struct place at, enum walk_mode mode, struct inode **out)
{
	WALK_HELD w = { 0 };
	mutex_guard(&tree_lock);
	err_t e = path_find(fs, at.start, at.path, mode, &w);
	if (!e)
		*out = inode_ref(w.inode);
	return e;
}
