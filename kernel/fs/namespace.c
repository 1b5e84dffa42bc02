/* SPDX-License-Identifier: MIT */
/*
 * Making, removing and renaming names. Every operation walks, checks and changes under
 * one hold of tree_lock. Checks stand in Linux's order; the comments say where that
 * order is not the obvious one.
 */
#include "gen/errno.h"
#include "kernel/fs/dir.h"
#include "kernel/fs/vfs.h"
#include "lib/string.h"

/* The right to change names in dir. */
static err_t may_change(const struct inode *dir)
{
	return inode_permission(dir, MAY_WRITE | MAY_EXEC, fs_cred_effective());
}

/* In a sticky directory (/tmp) only owners take names away. */
static err_t may_remove(const struct inode *dir, const struct inode *victim)
{
	err_t e = may_change(dir);
	u32 uid = fs_cred_effective().uid;
	if (!e && (dir->mode & LINUX_S_ISVTX) && uid && uid != victim->uid && uid != dir->uid)
		e = -EPERM;
	return e;
}

/* Walks to a name that must be free and may be made. */
static err_t walk_to_new(struct fs_context *fs, struct place at, bool is_dir, struct walk *w)
{
	err_t e = path_walk(fs, at.start, at.path, WALK_PARENT, w);
	if (e)
		return e;
	if (w->late)
		return w->late;
	if (w->inode)
		return -EEXIST;
	if (w->slash && !is_dir)
		return -ENOENT;
	if (w->dir->dir.dead)
		return -ENOENT;
	return may_change(w->dir);
}

/* Gives a new inode its name; takes over the reference. */
static err_t name_new(struct walk *w, struct inode *i)
{
	err_t e = dir_add(w->dir, w->name, w->len, i);
	inode_unref(i);
	return e;
}

static err_t make_inode(struct fs_context *fs, struct place at, u32 mode, u64 rdev)
{
	WALK_HELD w = { 0 };
	struct inode *i;
	mutex_guard(&tree_lock);
	err_t e = walk_to_new(fs, at, (mode & LINUX_S_IFMT) == LINUX_S_IFDIR, &w);
	if (e)
		return e;
	e = inode_new(w.dir->sb, mode & ~fs->umask, &i);
	if (e)
		return e;
	i->rdev = rdev;
	return name_new(&w, i);
}

err_t vfs_mknod(struct fs_context *fs, struct place at, u32 mode, u64 rdev)
{
	switch (mode & LINUX_S_IFMT) {
	case 0:
		mode |= LINUX_S_IFREG;
		break;
	case LINUX_S_IFCHR:
	case LINUX_S_IFBLK:
		if (fs_cred_effective().uid != 0)
			return -EPERM;
		return make_inode(fs, at, mode & (LINUX_S_IFMT | 07777), rdev);
	case LINUX_S_IFREG:
	case LINUX_S_IFIFO:
	case LINUX_S_IFSOCK:
		break;
	case LINUX_S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
	return make_inode(fs, at, mode & (LINUX_S_IFMT | 07777), 0);
}

err_t vfs_mkdir(struct fs_context *fs, struct place at, u32 mode)
{
	return make_inode(fs, at, LINUX_S_IFDIR | (mode & 01777), 0);
}

err_t vfs_symlink(struct fs_context *fs, const char *target, struct place at)
{
	WALK_HELD w = { 0 };
	struct inode *i;
	if (!*target)
		return -ENOENT;
	mutex_guard(&tree_lock);
	err_t e = walk_to_new(fs, at, false, &w);
	if (!e)
		e = inode_new_link(w.dir->sb, target, &i);
	return e ? e : name_new(&w, i);
}

/* tree_lock held */
static err_t link_locked(struct fs_context *fs, struct inode *i, struct place to)
{
	WALK_HELD w = { 0 };
	err_t e = walk_to_new(fs, to, false, &w);
	if (e)
		return e;
	if (w.dir->sb != i->sb)
		return -EXDEV;
	if (inode_is_dir(i))
		return -EPERM;
	if (i->nlink == 0) /* removed while open: it stays so */
		return -ENOENT;
	e = dir_add(w.dir, w.name, w.len, i);
	if (!e)
		i->ctime_ns = w.dir->ctime_ns;
	return e;
}

err_t vfs_link_inode(struct fs_context *fs, struct inode *i, struct place to)
{
	mutex_guard(&tree_lock);
	return link_locked(fs, i, to);
}

err_t vfs_link(struct fs_context *fs, struct place from, enum walk_mode mode, struct place to)
{
	WALK_HELD w = { 0 };
	mutex_guard(&tree_lock);
	err_t e = path_find(fs, from.start, from.path, mode, &w);
	return e ? e : link_locked(fs, w.inode, to);
}

err_t vfs_unlink(struct fs_context *fs, struct place at)
{
	WALK_HELD w = { 0 };
	mutex_guard(&tree_lock);
	err_t e = path_walk(fs, at.start, at.path, WALK_PARENT, &w);
	if (e)
		return e;
	if (w.last != LAST_NAME)
		return -EISDIR;
	if (w.dir->sb->readonly) /* even if there is no such name */
		return -EROFS;
	if (!w.inode)
		return w.late ? w.late : -ENOENT;
	if (w.slash && !inode_is_dir(w.inode))
		return -ENOTDIR;
	e = may_remove(w.dir, w.inode);
	if (e)
		return e;
	if (inode_is_dir(w.inode))
		return -EISDIR;
	if (!w.entry)
		return -EPERM;
	dir_remove(w.entry);
	return 0;
}

static bool is_mount_point(const struct walk *w)
{
	return w->entry && w->entry->inode != w->inode;
}

err_t vfs_rmdir(struct fs_context *fs, struct place at)
{
	static const err_t by_last[] = { [LAST_NAME] = 0,
					 [LAST_DOT] = -EINVAL,
					 [LAST_DOTDOT] = -ENOTEMPTY,
					 [LAST_ROOT] = -EBUSY };
	WALK_HELD w = { 0 };
	mutex_guard(&tree_lock);
	err_t e = path_walk(fs, at.start, at.path, WALK_PARENT, &w);
	if (!e)
		e = by_last[w.last];
	if (e)
		return e;
	if (w.dir->sb->readonly)
		return -EROFS;
	if (!w.inode)
		return w.late ? w.late : -ENOENT;
	e = may_remove(w.dir, w.inode);
	if (e)
		return e;
	if (!inode_is_dir(w.inode))
		return -ENOTDIR;
	if (is_mount_point(&w) || w.inode == fs->root)
		return -EBUSY;
	if (!dir_empty(w.inode))
		return -ENOTEMPTY;
	if (!w.entry)
		return -EPERM;
	dir_remove(w.entry);
	return 0;
}

/* What must hold of the two ends before anything is compared with anything. */
static err_t rename_ends_ok(const struct walk *from, const struct walk *to, u32 flags)
{
	if (from->dir->sb != to->dir->sb)
		return -EXDEV;
	if (from->last != LAST_NAME)
		return -EBUSY;
	if (to->last != LAST_NAME)
		return flags & LINUX_RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	if (from->dir->sb->readonly)
		return -EROFS;
	if (!from->inode)
		return from->late ? from->late : -ENOENT;
	if (to->dir->dir.dead)
		return -ENOENT;
	if (to->late)
		return to->late;
	if (to->inode && (flags & LINUX_RENAME_NOREPLACE))
		return -EEXIST;
	if (!to->inode && (flags & LINUX_RENAME_EXCHANGE))
		return -ENOENT;
	/* What a slash follows must be a directory; in a plain rename the target becomes one. */
	const struct walk *named = flags & LINUX_RENAME_EXCHANGE ? to : from;
	if ((from->slash && !inode_is_dir(from->inode)) ||
	    (to->slash && !inode_is_dir(named->inode)))
		return -ENOTDIR;
	return 0;
}

/* No directory may come to lie inside itself. */
static err_t rename_no_loop(const struct walk *from, const struct walk *to, u32 flags)
{
	if (inode_is_dir(from->inode) && dir_is_below(to->dir, from->inode))
		return -EINVAL;
	if (to->inode && inode_is_dir(to->inode) && dir_is_below(from->dir, to->inode))
		return flags & LINUX_RENAME_EXCHANGE ? -EINVAL : -ENOTEMPTY;
	return 0;
}

static err_t rename_target_ok(const struct walk *from, const struct walk *to, u32 flags)
{
	if (!to->inode)
		return may_change(to->dir);
	err_t e = may_remove(to->dir, to->inode);
	if (e || (flags & LINUX_RENAME_EXCHANGE))
		return e;
	if (inode_is_dir(from->inode) && !inode_is_dir(to->inode))
		return -ENOTDIR;
	if (!inode_is_dir(from->inode) && inode_is_dir(to->inode))
		return -EISDIR;
	return 0;
}

/* A directory that moves has its ".." rewritten: that needs the right to write it. */
static err_t rename_dotdot_ok(const struct walk *from, const struct walk *to)
{
	if (from->dir == to->dir || !inode_is_dir(from->inode))
		return 0;
	return inode_permission(from->inode, MAY_WRITE, fs_cred_effective());
}

static err_t rename_check(const struct walk *from, const struct walk *to, u32 flags)
{
	err_t e = rename_no_loop(from, to, flags);
	if (!e)
		e = may_remove(from->dir, from->inode);
	if (!e)
		e = rename_target_ok(from, to, flags);
	if (!e)
		e = rename_dotdot_ok(from, to);
	if (e)
		return e;
	if (is_mount_point(from) || is_mount_point(to))
		return -EBUSY;
	if (!(flags & LINUX_RENAME_EXCHANGE) && to->inode && inode_is_dir(to->inode) &&
	    !dir_empty(to->inode))
		return -ENOTEMPTY;
	return from->entry && (!to->inode || to->entry) ? 0 : -EPERM;
}

err_t vfs_rename(struct fs_context *fs, struct place from_at, struct place to_at, u32 flags)
{
	WALK_HELD from = { 0 };
	WALK_HELD to = { 0 };
	if (flags & ~(LINUX_RENAME_NOREPLACE | LINUX_RENAME_EXCHANGE) ||
	    flags == (LINUX_RENAME_NOREPLACE | LINUX_RENAME_EXCHANGE))
		return -EINVAL;
	mutex_guard(&tree_lock);
	err_t e = path_walk(fs, from_at.start, from_at.path, WALK_PARENT, &from);
	if (!e)
		e = path_walk(fs, to_at.start, to_at.path, WALK_PARENT, &to);
	if (!e)
		e = rename_ends_ok(&from, &to, flags);
	if (!e && from.inode == to.inode)
		return 0; /* two names of one file: both stay, says POSIX */
	if (!e)
		e = rename_check(&from, &to, flags);
	if (e)
		return e;
	if (!to.entry)
		return dir_move(from.entry, to.dir, to.name, to.len);
	if (flags & LINUX_RENAME_EXCHANGE)
		dir_exchange(from.entry, to.entry);
	else
		dir_replace(from.entry, to.entry);
	return 0;
}
