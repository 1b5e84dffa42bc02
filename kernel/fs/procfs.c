/* SPDX-License-Identifier: MIT */
/*
 * /proc, as much of it as is true: /proc/self/exe, /proc/self/cwd, /proc/self/root, and
 * /proc/self/fd with a link per open descriptor. "self" is a directory here and shows
 * whoever looks.
 */
#include "gen/errno.h"
#include "kernel/fs/dir.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/path.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/proc/proc.h"
#include "lib/parse.h"
#include "lib/printf.h"
#include "lib/string.h"

static const char *exe_target(struct inode *i)
{
	(void)i;
	return current_proc()->exe_path;
}

static const struct inode_ops exe_ops = { .target = exe_target };

/* ---- links to inodes: their text is made when they are looked up ---- */

static err_t fd_number(const char *name, u32 len, int *fd)
{
	u64 n;
	if (!parse_u64(span_of(name, len), 10, &n) || n > INT32_MAX || (len > 1 && name[0] == '0'))
		return -ENOENT;
	*fd = (int)n;
	return 0;
}

/* rdev of such a link holds the descriptor's number. */
static err_t fd_jump(struct inode *link, struct inode **out)
{
	struct file *f;
	err_t e = fd_get(current_proc()->fds, (int)link->rdev, &f);
	if (e)
		return -ENOENT;
	if (f->inode)
		*out = inode_ref(f->inode);
	else
		e = -ENXIO;
	file_unref(f);
	return e;
}

static const struct inode_ops fd_ops = { .jump = fd_jump };

/* What ls shows: the path by which the file was named last, or its kind and number. */
static err_t fd_text(const struct inode *i, char *buf, u64 size)
{
	u64 used;
	struct fs_context *fs = current_proc()->fs;
	if (!i)
		return ksnprintf(buf, size, "anon_inode:[file]") < size ? 0 : -ERANGE;
	if (i->self)
		return path_build(fs, i->self->dir, i->self->name, i->self->len, buf, size, &used);
	if (inode_is_dir(i) && !i->dir.dead)
		return path_build(fs, (struct inode *)(uintptr_t)i, "", 0, buf, size, &used);
	if (inode_type(i) == LINUX_S_IFIFO)
		ksnprintf(buf, size, "pipe:[%lu]", (unsigned long)i->ino);
	else
		ksnprintf(buf, size, "(deleted)");
	return 0;
}

static err_t fd_link_new(struct superblock *sb, int fd, struct file *f, struct inode **out)
{
	char *text = kmalloc(PATH_MAX);
	if (!text)
		return -ENOMEM;
	err_t e = fd_text(f->inode, text, PATH_MAX);
	if (!e)
		e = inode_new_link(sb, text, out);
	kfree(text);
	if (e)
		return e;
	(*out)->ops = &fd_ops;
	(*out)->rdev = (u64)fd;
	(*out)->mode = LINUX_S_IFLNK | 0700;
	(*out)->nlink = 1;
	return 0;
}

static err_t fd_lookup(struct inode *dir, const char *name, u32 len, struct inode **out)
{
	struct file *f;
	int fd;
	err_t e = fd_number(name, len, &fd);
	if (e || fd_get(current_proc()->fds, fd, &f))
		return -ENOENT;
	e = fd_link_new(dir->sb, fd, f, out);
	file_unref(f);
	return e;
}

/* Positions: 2 + descriptor. */
static void fd_readdir(struct inode *dir, u64 *pos, struct dir_sink *s)
{
	struct fdtable *t = current_proc()->fds;
	for (u64 fd = *pos - 2; fd < __atomic_load_n(&t->nslots, __ATOMIC_RELAXED); fd++) {
		char name[12];
		bool cloexec;
		if (fd_get_cloexec(t, (int)fd, &cloexec))
			continue;
		u64 len = ksnprintf(name, sizeof name, "%d", (int)fd);
		if (!s->emit(s, name, len, (dir->ino << 20) + fd, LINUX_DT_LNK, fd + 3))
			return;
		*pos = fd + 3;
	}
}

static const struct inode_ops fd_dir_ops = { .lookup = fd_lookup, .readdir = fd_readdir };

static err_t cwd_jump(struct inode *link, struct inode **out)
{
	(void)link;
	*out = inode_ref(current_proc()->fs->cwd);
	return 0;
}

static err_t root_jump(struct inode *link, struct inode **out)
{
	(void)link;
	*out = inode_ref(current_proc()->fs->root);
	return 0;
}

/* Under tree_lock, which every walk and readlink holds: one buffer does for all. */
static const char *cwd_target(struct inode *i)
{
	static char text[PATH_MAX];
	struct fs_context *fs = current_proc()->fs;
	u64 used;
	(void)i;
	return path_build(fs, fs->cwd, "", 0, text, sizeof text, &used) ? NULL : text;
}

static const char *root_target(struct inode *i)
{
	(void)i;
	return "/";
}

static const struct inode_ops cwd_ops = { .jump = cwd_jump, .target = cwd_target };
static const struct inode_ops root_ops = { .jump = root_jump, .target = root_target };

static err_t add(struct inode *dir, const char *name, u32 mode, const struct inode_ops *ops)
{
	struct inode *i;
	err_t e = inode_new(dir->sb, mode, &i);
	if (e)
		return e;
	i->ops = ops;
	e = dir_add(dir, name, (u32)strlen(name), i);
	inode_unref(i);
	return e;
}

err_t procfs_populate(struct superblock *sb)
{
	INODE_HELD self = NULL;
	err_t e = dir_make(sb->root, "self", 4, &self);
	if (!e)
		e = add(self, "fd", LINUX_S_IFDIR | 0500, &fd_dir_ops);
	if (!e)
		e = add(self, "exe", LINUX_S_IFLNK | 0777, &exe_ops);
	if (!e)
		e = add(self, "cwd", LINUX_S_IFLNK | 0777, &cwd_ops);
	if (!e)
		e = add(self, "root", LINUX_S_IFLNK | 0777, &root_ops);
	return e;
}
