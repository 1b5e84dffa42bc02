/* SPDX-License-Identifier: MIT */
/*
 * Entries of directories: two red-black trees over the same entries, by name for lookup
 * and by cookie for readdir. Cookies only grow, so a position stays meaningful while
 * entries come and go: nothing that stays is skipped or shown twice.
 */
#include "kernel/fs/dir.h"

#include "gen/errno.h"
#include "kernel/fs/file_io.h"
#include "kernel/mm/kmalloc.h"
#include "lib/string.h"

static int compare_names(const struct dirent *a, const struct dirent *b)
{
	int c = memcmp(a->name, b->name, min_u64(a->len, b->len));
	return c ? c : (int)a->len - (int)b->len;
}

static int compare_cookies(const struct dirent *a, const struct dirent *b)
{
	return a->cookie < b->cookie ? -1 : a->cookie > b->cookie;
}

/* Not RB_GENERATE_STATIC: it relies on a __unused that only the BSDs have. */
RB_GENERATE_INTERNAL(dirents_by_name, dirent, by_name, compare_names, UNUSED static)
RB_GENERATE_INTERNAL(dirents_by_cookie, dirent, by_cookie, compare_cookies, UNUSED static)

/* Not RB_FIND: that wants a key of the elements' own type, and names are long. */
struct dirent *dir_find(struct inode *dir, const char *name, u32 len)
{
	struct dirent *d = RB_ROOT(&dir->dir.by_name);
	while (d) {
		int c = memcmp(name, d->name, min_u64(len, d->len));
		if (!c)
			c = (int)len - (int)d->len;
		if (!c)
			return d;
		d = c < 0 ? RB_LEFT(d, by_name) : RB_RIGHT(d, by_name);
	}
	return NULL;
}

static struct dirent *dirent_new(const char *name, u32 len)
{
	struct dirent *d = kzalloc(sizeof *d + len + 1);
	if (d) {
		memcpy(d->name, name, len);
		d->len = len;
	}
	return d;
}

/* Links the entry, its directory and its inode to each other. */
static void attach(struct dirent *d, struct inode *dir, struct inode *i)
{
	d->dir = dir;
	d->inode = i;
	d->cookie = dir->dir.next_cookie++;
	RB_INSERT(dirents_by_name, &dir->dir.by_name, d);
	RB_INSERT(dirents_by_cookie, &dir->dir.by_cookie, d);
	dir->dir.nentries++;
	i->self = d;
	if (inode_is_dir(i)) {
		i->dir.parent = dir;
		dir->nlink++; /* its ".." */
	}
	inode_touch_mtime(dir);
}

static void detach(struct dirent *d)
{
	struct inode *dir = d->dir;
	RB_REMOVE(dirents_by_name, &dir->dir.by_name, d);
	RB_REMOVE(dirents_by_cookie, &dir->dir.by_cookie, d);
	dir->dir.nentries--;
	if (d->inode->self == d)
		d->inode->self = NULL;
	if (inode_is_dir(d->inode))
		dir->nlink--;
	inode_touch_mtime(dir);
}

err_t dir_add(struct inode *dir, const char *name, u32 len, struct inode *i)
{
	struct dirent *d = dirent_new(name, len);
	if (!d)
		return -ENOMEM;
	if (!inode_is_dir(i))
		i->nlink++;
	attach(d, dir, inode_ref(i));
	return 0;
}

/* The inode has lost its name in dir; ends it unless somebody still uses it. */
static void retire(struct inode *i, struct inode *dir)
{
	if (inode_is_dir(i)) {
		i->dir.dead = true;
		i->dir.parent = inode_ref(dir);
		i->nlink = 0;
	} else {
		i->nlink--;
	}
	i->ctime_ns = dir->ctime_ns;
	inode_unref(i);
}

void dir_remove(struct dirent *d)
{
	detach(d);
	retire(d->inode, d->dir);
	kfree(d);
}

void dir_replace(struct dirent *from, struct dirent *to)
{
	struct inode *moved = from->inode, *gone = to->inode, *dir = to->dir;
	detach(from);
	detach(to);
	attach(to, dir, moved);
	moved->ctime_ns = dir->ctime_ns;
	retire(gone, dir);
	kfree(from);
}

err_t dir_move(struct dirent *old, struct inode *to, const char *name, u32 len)
{
	struct dirent *d = dirent_new(name, len);
	if (!d)
		return -ENOMEM;
	detach(old);
	attach(d, to, old->inode);
	d->inode->ctime_ns = to->ctime_ns;
	kfree(old);
	return 0;
}

void dir_exchange(struct dirent *a, struct dirent *b)
{
	struct inode *i = a->inode, *j = b->inode;
	struct inode *dir_a = a->dir, *dir_b = b->dir;
	detach(a);
	detach(b);
	attach(a, dir_a, j);
	attach(b, dir_b, i);
	i->ctime_ns = j->ctime_ns = dir_a->ctime_ns;
}

bool dir_empty(const struct inode *dir)
{
	return dir->dir.nentries == 0;
}

bool dir_is_below(const struct inode *dir, const struct inode *i)
{
	while (dir && dir != i)
		dir = dir->dir.parent ? dir->dir.parent : dir->sb->covers;
	return dir == i;
}

struct inode *dir_parent(struct inode *dir)
{
	while (!dir->dir.parent && dir->sb->covers)
		dir = dir->sb->covers;
	return dir->dir.parent ? dir->dir.parent : dir;
}

err_t dir_make(struct inode *dir, const char *name, u32 len, struct inode **out)
{
	struct dirent *d = dir_find(dir, name, len);
	if (d && !inode_is_dir(d->inode))
		return -ENOTDIR;
	if (d) {
		*out = inode_ref(d->inode);
		return 0;
	}
	err_t e = inode_new(dir->sb, LINUX_S_IFDIR | 0755, out);
	if (e)
		return e;
	e = dir_add(dir, name, len, *out);
	if (e)
		inode_unref(*out);
	return e;
}

static bool emit_dots(struct inode *dir, struct dir_sink *s, u64 *pos)
{
	if (*pos == 0) {
		if (!s->emit(s, ".", 1, dir->ino, LINUX_DT_DIR, 1))
			return false;
		*pos = 1;
	}
	if (*pos == 1) {
		if (!s->emit(s, "..", 2, dir_parent(dir)->ino, LINUX_DT_DIR, 2))
			return false;
		*pos = 2;
	}
	return true;
}

static bool emit_entries(struct inode *dir, struct dir_sink *s, u64 *pos)
{
	struct dirent from = { .cookie = *pos };
	struct dirent *d = RB_NFIND(dirents_by_cookie, &dir->dir.by_cookie, &from);
	for (; d; d = RB_NEXT(dirents_by_cookie, &dir->dir.by_cookie, d)) {
		if (!s->emit(s, d->name, d->len, d->inode->ino, inode_dtype(d->inode),
			     d->cookie + 1))
			return false;
		*pos = d->cookie + 1;
	}
	return true;
}

/* f->lock is held. Emits go to kernel memory, so tree_lock may be held over them. */
static err_t dir_readdir(struct file *f, struct dir_sink *s)
{
	struct inode *dir = f->inode;
	mutex_guard(&tree_lock);
	if (dir->dir.dead)
		return -ENOENT;
	if (emit_dots(dir, s, &f->pos) && emit_entries(dir, s, &f->pos) && dir->ops &&
	    dir->ops->readdir)
		dir->ops->readdir(dir, &f->pos, s);
	inode_touch_atime(dir);
	return 0;
}

static err_t dir_read(struct file *f, struct uio *u, u64 *pos)
{
	(void)f, (void)u, (void)pos;
	return -EISDIR;
}

static err_t dir_seek(struct file *f, s64 off, int whence, u64 *result)
{
	if (whence == LINUX_SEEK_END)
		return -EINVAL;
	return file_seek_in(f, off, whence, 0, result);
}

const struct file_ops dir_file_ops = {
	.read = dir_read,
	.seek = dir_seek,
	.stat = file_stat_inode,
	.readdir = dir_readdir,
	.fsync = file_fsync_memory,
	.release = file_release_inode,
};
