/* SPDX-License-Identifier: MIT */
/*
 * Open files in general: see file_io.h. The shared position is advanced under file->lock,
 * so that two threads reading one description get different bytes; a file that cannot
 * seek has no position, and its readers must be able to wait side by side.
 */
#include "kernel/fs/file_io.h"

#include "gen/errno.h"
#include "gen/flags.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/poll.h"
#include "kernel/mm/page.h"
#include "kernel/mm/uio.h"
#include "kernel/mm/uio_kernel.h"

bool file_can_read(const struct file *f)
{
	u32 mode = f->flags & LINUX_O_ACCMODE;
	return !(f->flags & LINUX_O_PATH) && (mode == LINUX_O_RDONLY || mode == LINUX_O_RDWR);
}

bool file_can_write(const struct file *f)
{
	u32 mode = f->flags & LINUX_O_ACCMODE;
	return !(f->flags & LINUX_O_PATH) && (mode == LINUX_O_WRONLY || mode == LINUX_O_RDWR);
}

typedef err_t (*transfer_fn)(struct file *f, struct uio *u, u64 *pos);

/* Runs a read or write op with the position it should use. */
static err_t transfer(struct file *f, transfer_fn op, struct uio *u, u64 *pos, u64 *moved)
{
	if (pos && !f->ops->seek)
		return -ESPIPE;
	if (!op)
		return -EINVAL;
	u64 before = u->resid;
	err_t e;
	if (pos || !f->ops->seek) {
		u64 none = 0;
		e = op(f, u, pos ? pos : &none);
	} else {
		mutex_guard(&f->lock);
		e = op(f, u, &f->pos);
	}
	*moved = before - u->resid;
	return e;
}

err_t file_read(struct file *f, struct uio *u, u64 *pos, u64 *moved)
{
	*moved = 0;
	if (!file_can_read(f))
		return -EBADF;
	return transfer(f, f->ops->read, u, pos, moved);
}

err_t file_write(struct file *f, struct uio *u, u64 *pos, u64 *moved)
{
	*moved = 0;
	if (!file_can_write(f))
		return -EBADF;
	return transfer(f, f->ops->write, u, pos, moved);
}

err_t file_seek(struct file *f, s64 off, int whence, u64 *result)
{
	if (whence < LINUX_SEEK_SET || whence > LINUX_SEEK_HOLE)
		return -EINVAL;
	if (!f->ops->seek)
		return -ESPIPE;
	mutex_guard(&f->lock);
	return f->ops->seek(f, off, whence, result);
}

err_t file_seek_in(struct file *f, s64 off, int whence, u64 size, u64 *result)
{
	s64 base = whence == LINUX_SEEK_CUR   ? (s64)f->pos
		   : whence == LINUX_SEEK_END ? (s64)size
					      : 0;
	s64 to;
	if (whence > LINUX_SEEK_END || __builtin_add_overflow(base, off, &to) || to < 0)
		return -EINVAL;
	f->pos = *result = (u64)to;
	return 0;
}

err_t file_stat(struct file *f, struct kstat *st)
{
	return f->ops->stat ? f->ops->stat(f, st) : -EBADF;
}

err_t file_readdir(struct file *f, struct dir_sink *s)
{
	if (!f->ops->readdir)
		return -ENOTDIR;
	mutex_guard(&f->lock);
	return f->ops->readdir(f, s);
}

err_t file_truncate(struct file *f, u64 size)
{
	if (!file_can_write(f) || !f->ops->truncate)
		return -EINVAL;
	return f->ops->truncate(f, size);
}

err_t file_sync(struct file *f)
{
	return f->ops->fsync ? f->ops->fsync(f) : -EINVAL;
}

u32 file_poll(struct file *f)
{
	struct waitq *wq = NULL;
	struct spinlock *lock = NULL;
	if (!f->ops->poll)
		return LINUX_POLLIN | LINUX_POLLOUT | LINUX_POLLRDNORM | LINUX_POLLWRNORM;
	return f->ops->poll(f, &wq, &lock);
}

/* One step of file_copy through a page. What could not be written is read again later. */
static err_t copy_step(struct file *in, u64 *in_pos, struct file *out, u64 *out_pos, void *page,
		       u64 n, u64 *moved)
{
	struct uio u;
	u64 got, put = 0;
	uio_init_kernel(&u, UIO_TO_USER, page, n);
	*moved = 0;
	err_t e = file_read(in, &u, in_pos, &got);
	if (!got)
		return e;
	uio_init_kernel(&u, UIO_FROM_USER, page, got);
	e = file_write(out, &u, out_pos, &put);
	*moved = put;
	if (put == got || !in->ops->seek)
		return e;
	u64 ignored;
	if (in_pos)
		*in_pos -= got - put;
	else if (file_seek(in, -(s64)(got - put), LINUX_SEEK_CUR, &ignored))
		return -EIO;
	return e;
}

err_t file_copy(struct file *in, u64 *in_pos, struct file *out, u64 *out_pos, u64 n, u64 *moved)
{
	struct page *pg;
	*moved = 0;
	err_t e = page_alloc(&pg);
	if (e)
		return e;
	while (!e && *moved < n) {
		u64 done;
		e = copy_step(in, in_pos, out, out_pos, page_kva(pg),
			      min_u64(n - *moved, PAGE_SIZE), &done);
		*moved += done;
		if (!done)
			break;
	}
	page_unref(pg);
	return e;
}

err_t file_stat_inode(struct file *f, struct kstat *st)
{
	mutex_guard(&tree_lock);
	inode_stat(f->inode, st);
	return 0;
}

err_t file_fsync_memory(struct file *f)
{
	(void)f;
	return 0;
}

void file_release_inode(struct file *f)
{
	inode_unref(f->inode);
}
