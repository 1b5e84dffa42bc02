/* SPDX-License-Identifier: MIT */
/*
 * /dev: null, zero, full, random, urandom, the terminal's names, and the links that
 * programs expect. A node made by mknod elsewhere works too: the number decides.
 */
#include "kernel/fs/devices.h"

#include "gen/errno.h"
#include "kernel/fs/console.h"
#include "kernel/fs/dir.h"
#include "kernel/fs/file_io.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/ramfile.h"
#include "kernel/mm/uio.h"
#include "lib/string.h"
#include "machine/random.h"

static err_t null_read(struct file *f, struct uio *u, u64 *pos)
{
	(void)f, (void)u, (void)pos;
	return 0;
}

static err_t null_write(struct file *f, struct uio *u, u64 *pos)
{
	(void)f, (void)pos;
	uio_skip(u, u->resid);
	return 0;
}

static err_t zero_read(struct file *f, struct uio *u, u64 *pos)
{
	u64 moved;
	(void)f, (void)pos;
	return uio_zero(u, u->resid, &moved);
}

static err_t full_write(struct file *f, struct uio *u, u64 *pos)
{
	(void)f, (void)pos;
	return u->resid ? -ENOSPC : 0;
}

static err_t random_read(struct file *f, struct uio *u, u64 *pos)
{
	u8 bytes[256];
	err_t e = 0;
	(void)f, (void)pos;
	while (u->resid && !e) {
		u64 moved, n = min_u64(u->resid, sizeof bytes);
		random_bytes(bytes, n);
		e = uio_move(u, bytes, n, &moved);
	}
	memset(bytes, 0, sizeof bytes);
	return e;
}

/* These have no position; programs may seek all the same and always are at 0. */
static err_t seek_nowhere(struct file *f, s64 off, int whence, u64 *result)
{
	(void)f, (void)off, (void)whence;
	*result = 0;
	return 0;
}

/* Zeros to map: a file of its own that nobody else can name, as large as any mapping. */
static err_t zero_mmap(struct file *f, struct vmobj **obj)
{
	struct inode *i;
	(void)f;
	err_t e = inode_new(&anon_sb, LINUX_S_IFREG, &i);
	if (e)
		return e;
	e = ramfile_set_size(i, FILE_SIZE_MAX);
	if (e)
		inode_unref(i);
	else
		*obj = &i->obj;
	return e;
}

static const struct file_ops null_ops = {
	.read = null_read,
	.write = null_write,
	.seek = seek_nowhere,
	.stat = file_stat_inode,
	.release = file_release_inode,
};
static const struct file_ops zero_ops = {
	.read = zero_read,
	.write = null_write,
	.seek = seek_nowhere,
	.stat = file_stat_inode,
	.mmap = zero_mmap,
	.release = file_release_inode,
};
static const struct file_ops full_ops = {
	.read = zero_read,
	.write = full_write,
	.seek = seek_nowhere,
	.stat = file_stat_inode,
	.mmap = zero_mmap,
	.release = file_release_inode,
};
/* What is written to random is dropped: it could only add to what the kernel knows. */
static const struct file_ops random_ops = {
	.read = random_read,
	.write = null_write,
	.seek = seek_nowhere,
	.stat = file_stat_inode,
	.release = file_release_inode,
};

/* Numbers as Linux gives them (its admin-guide/devices.txt). */
static const struct device {
	const char *name;
	u32 major, minor;
	const struct file_ops *ops; /* NULL: the terminal */
} devices[] = {
	{ "null", 1, 3, &null_ops },	  { "zero", 1, 5, &zero_ops },
	{ "full", 1, 7, &full_ops },	  { "random", 1, 8, &random_ops },
	{ "urandom", 1, 9, &random_ops }, { "tty", 5, 0, NULL },
	{ "console", 5, 1, NULL },
};

err_t device_open(struct inode *i, u32 flags, struct file **out)
{
	for (u32 n = 0; n < ARRAY_SIZE(devices) && inode_type(i) == LINUX_S_IFCHR; n++) {
		const struct device *d = &devices[n];
		if (i->rdev != dev_make(d->major, d->minor))
			continue;
		return d->ops ? file_new(d->ops, flags, out) : console_open_tty(flags, out);
	}
	return -ENXIO;
}

static err_t add(struct inode *dir, const char *name, struct inode *i)
{
	err_t e = dir_add(dir, name, (u32)strlen(name), i);
	inode_unref(i);
	return e;
}

static err_t add_node(struct inode *dir, const struct device *d)
{
	struct inode *i;
	err_t e = inode_new(dir->sb, LINUX_S_IFCHR | 0666, &i);
	if (e)
		return e;
	i->rdev = dev_make(d->major, d->minor);
	return add(dir, d->name, i);
}

static err_t add_link(struct inode *dir, const char *name, const char *target)
{
	struct inode *i;
	err_t e = inode_new_link(dir->sb, target, &i);
	return e ? e : add(dir, name, i);
}

static err_t add_dir(struct inode *dir, const char *name, u32 mode, struct inode **out)
{
	err_t e = dir_make(dir, name, (u32)strlen(name), out);
	if (!e)
		(*out)->mode = LINUX_S_IFDIR | mode;
	return e;
}

err_t devices_populate(struct superblock *sb)
{
	static const char *const links[][2] = { { "fd", "/proc/self/fd" },
						{ "stdin", "/proc/self/fd/0" },
						{ "stdout", "/proc/self/fd/1" },
						{ "stderr", "/proc/self/fd/2" } };
	INODE_HELD shm = NULL;
	INODE_HELD pts = NULL;
	err_t e = 0;
	for (u32 n = 0; n < ARRAY_SIZE(devices) && !e; n++)
		e = add_node(sb->root, &devices[n]);
	for (u32 n = 0; n < ARRAY_SIZE(links) && !e; n++)
		e = add_link(sb->root, links[n][0], links[n][1]);
	if (!e)
		e = add_dir(sb->root, "shm", 01777, &shm);
	if (!e)
		e = add_dir(sb->root, "pts", 0755, &pts);
	return e ? e : console_populate(pts);
}
