/* SPDX-License-Identifier: MIT */
/*
 * Calls on names: listing directories, the working directory, making, linking, renaming
 * and removing. Handlers copy the paths in, call one service of kernel/fs/vfs.h, done.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/fs/file_io.h"
#include "kernel/mm/kmalloc.h"
#include "lib/string.h"
#include "sys/args.h"

/* ---- listing ---- */

/* More than this is not returned by one call, whatever the program's buffer. */
#define LIST_BYTES 8192

/* Collects records in kernel memory: entries are emitted under locks. */
struct list {
	struct dir_sink sink;
	char *buf;
	u64 used, size;
	bool refused; /* there was an entry that did not fit */
};

/* A cleared record (its padding goes to the user), or NULL when it does not fit. */
static void *record_new(struct list *l, u64 bytes)
{
	if (bytes > l->size - l->used) {
		l->refused = true;
		return NULL;
	}
	void *record = l->buf + l->used;
	memset(record, 0, bytes);
	l->used += bytes;
	return record;
}

static bool emit_dirent64(struct dir_sink *s, const char *name, u64 namelen, u64 ino, u32 dtype,
			  u64 next_pos)
{
	struct list *l = container_of(s, struct list, sink);
	u64 bytes = align_up(offsetof(struct l64_dirent64, d_name) + namelen + 1, 8);
	struct l64_dirent64 *d = record_new(l, bytes);
	if (!d)
		return false;
	d->d_ino = ino;
	d->d_off = (s64)next_pos;
	d->d_reclen = (u16)bytes;
	d->d_type = (u8)dtype;
	memcpy(d->d_name, name, namelen);
	return true;
}

static bool emit_dirent(struct dir_sink *s, const char *name, u64 namelen, u64 ino, u32 dtype,
			u64 next_pos)
{
	struct list *l = container_of(s, struct list, sink);
	u64 bytes = align_up(offsetof(struct l64_dirent, d_name) + namelen + 2, 8);
	struct l64_dirent *d = record_new(l, bytes);
	if (!d)
		return false;
	d->d_ino = ino;
	d->d_off = next_pos;
	d->d_reclen = (u16)bytes;
	memcpy(d->d_name, name, namelen);
	((char *)d)[bytes - 1] = (char)dtype;
	return true;
}

static bool emit_dirent32(struct dir_sink *s, const char *name, u64 namelen, u64 ino, u32 dtype,
			  u64 next_pos)
{
	struct list *l = container_of(s, struct list, sink);
	u64 bytes = align_up(offsetof(struct l32_dirent, d_name) + namelen + 2, 4);
	struct l32_dirent *d = record_new(l, bytes);
	if (!d)
		return false;
	d->d_ino = (u32)ino;
	d->d_off = (u32)next_pos;
	d->d_reclen = (u16)bytes;
	memcpy(d->d_name, name, namelen);
	((char *)d)[bytes - 1] = (char)dtype;
	return true;
}

/* Fills and copies out. When the user's memory is not there the position goes back. */
static long list_run(struct file *f, struct list *l, uaddr_t user)
{
	u64 ignored, before = f->pos;
	err_t e = file_readdir(f, &l->sink);
	if (e)
		return e;
	if (l->used == 0)
		return l->refused ? -EINVAL : 0;
	e = copyout(user, l->buf, l->used);
	if (e && file_seek(f, (s64)before, LINUX_SEEK_SET, &ignored))
		return -EIO;
	return e ? e : (long)l->used;
}

static long list_dir(int fd, uaddr_t user, u32 count, struct dir_sink sink)
{
	FILE_HELD f = NULL;
	struct list l = { .sink = sink, .size = min_u64(count, LIST_BYTES) };
	err_t e = file_get(fd, &f);
	if (e)
		return e;
	l.buf = kmalloc(LIST_BYTES);
	if (!l.buf)
		return -ENOMEM;
	long result = list_run(f, &l, user);
	kfree(l.buf);
	return result;
}

long sys_getdents(int fd, uout_dirents dirp, u32 count)
{
	return list_dir(fd, dirp.a, count, (struct dir_sink){ emit_dirent });
}

long sys_getdents64(int fd, uout_dirents64 dirp, u32 count)
{
	return list_dir(fd, dirp.a, count, (struct dir_sink){ emit_dirent64 });
}

long sys_getdents32(int fd, uout_dirents32 dirp, u32 count)
{
	return list_dir(fd, dirp.a, count, (struct dir_sink){ emit_dirent32 });
}

/* ---- the working directory ---- */

long sys_getcwd(uout_char buf, u64 size)
{
	u64 len = 0;
	char *text = kmalloc(PATH_MAX);
	if (!text)
		return -ENOMEM;
	err_t e = vfs_getcwd(current_fs(), text, PATH_MAX, &len);
	if (e == -ERANGE)
		e = -ENAMETOOLONG; /* than any path may be */
	else if (!e && len > size)
		e = -ERANGE;
	if (!e)
		e = copyout(buf.a, text, len);
	kfree(text);
	return e ? e : (long)len;
}

long sys_chdir(ustr_t path)
{
	INODE_HELD i = NULL;
	err_t e = inode_get(LINUX_AT_FDCWD, path, WALK_FOLLOW, false, &i);
	return e ? e : vfs_chdir(current_fs(), i);
}

long sys_fchdir(int fd)
{
	FILE_HELD f = NULL;
	err_t e = file_get_any(fd, &f);
	if (e)
		return e;
	return f->inode ? vfs_chdir(current_fs(), f->inode) : -ENOTDIR;
}

/* ---- making ---- */

long sys_mkdirat(int dirfd, ustr_t path, u32 mode)
{
	PLACE_HELD p;
	err_t e = place_get(&p, dirfd, path);
	return e ? e : vfs_mkdir(current_fs(), p.at, mode);
}

long sys_mkdir(ustr_t path, u32 mode)
{
	return sys_mkdirat(LINUX_AT_FDCWD, path, mode);
}

long sys_mknod(ustr_t path, u32 mode, u32 dev)
{
	PLACE_HELD p;
	err_t e = place_get(&p, LINUX_AT_FDCWD, path);
	return e ? e : vfs_mknod(current_fs(), p.at, mode, dev);
}

long sys_symlinkat(ustr_t target, int dirfd, ustr_t path)
{
	__attribute__((cleanup(path_put))) struct user_path text;
	err_t e = path_get(&text, target);
	if (e)
		return e;
	PLACE_HELD p;
	e = place_get(&p, dirfd, path);
	return e ? e : vfs_symlink(current_fs(), text.text, p.at);
}

long sys_symlink(ustr_t target, ustr_t path)
{
	return sys_symlinkat(target, LINUX_AT_FDCWD, path);
}

/* ---- two places ---- */

static err_t link_fd(int fd, struct place to)
{
	INODE_HELD i = NULL;
	err_t e = inode_get_fd(fd, &i);
	return e ? e : vfs_link_inode(current_fs(), i, to);
}

long sys_linkat(int from_dirfd, ustr_t from, int to_dirfd, ustr_t to, u32 flags)
{
	if (flags & ~(u32)(LINUX_AT_SYMLINK_FOLLOW | LINUX_AT_EMPTY_PATH))
		return -EINVAL;
	PLACE_HELD a;
	err_t e = place_get(&a, from_dirfd, from);
	if (e)
		return e;
	PLACE_HELD b;
	e = place_get(&b, to_dirfd, to);
	if (e)
		return e;
	if (*a.at.path == 0 && (flags & LINUX_AT_EMPTY_PATH))
		return link_fd(from_dirfd, b.at);
	return vfs_link(current_fs(), a.at,
			flags & LINUX_AT_SYMLINK_FOLLOW ? WALK_FOLLOW : WALK_NOFOLLOW, b.at);
}

long sys_link(ustr_t from, ustr_t to)
{
	return sys_linkat(LINUX_AT_FDCWD, from, LINUX_AT_FDCWD, to, 0);
}

long sys_renameat2(int from_dirfd, ustr_t from, int to_dirfd, ustr_t to, u32 flags)
{
	PLACE_HELD a;
	err_t e = place_get(&a, from_dirfd, from);
	if (e)
		return e;
	PLACE_HELD b;
	e = place_get(&b, to_dirfd, to);
	return e ? e : vfs_rename(current_fs(), a.at, b.at, flags);
}

long sys_renameat(int from_dirfd, ustr_t from, int to_dirfd, ustr_t to)
{
	return sys_renameat2(from_dirfd, from, to_dirfd, to, 0);
}

long sys_rename(ustr_t from, ustr_t to)
{
	return sys_renameat2(LINUX_AT_FDCWD, from, LINUX_AT_FDCWD, to, 0);
}

/* ---- removing ---- */

long sys_unlinkat(int dirfd, ustr_t path, u32 flags)
{
	if (flags & ~(u32)LINUX_AT_REMOVEDIR)
		return -EINVAL;
	PLACE_HELD p;
	err_t e = place_get(&p, dirfd, path);
	if (e)
		return e;
	return flags ? vfs_rmdir(current_fs(), p.at) : vfs_unlink(current_fs(), p.at);
}

long sys_unlink(ustr_t path)
{
	return sys_unlinkat(LINUX_AT_FDCWD, path, 0);
}

long sys_rmdir(ustr_t path)
{
	return sys_unlinkat(LINUX_AT_FDCWD, path, LINUX_AT_REMOVEDIR);
}
