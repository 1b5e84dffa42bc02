/* SPDX-License-Identifier: MIT */
/*
 * Open regular files: read, write, seek, truncate, map.
 *
 * User memory is copied a page at a time with a reference to that page and without
 * file.lock, because the copy may fault on a mapping of this very file. Writers exclude
 * each other by io_lock for the whole call, so appends do not interleave.
 */
#include "gen/errno.h"
#include "gen/signals.h"
#include "kernel/fs/file_io.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/ramfile.h"
#include "kernel/fs/ramfile_impl.h"
#include "kernel/mm/page.h"
#include "kernel/mm/uio.h"
#include "kernel/proc/proc.h"

/* Some bytes of a file that can be reached at once. */
struct piece {
	void *bytes; /* NULL: a hole, zeros */
	u64 len;
	struct page *page; /* a reference; NULL: the image's, which stays */
};

/* lock held. A read-only tree's image never changes: one piece as long as it goes. */
static bool piece_of_image(struct inode *i, u64 pos, u64 n, struct piece *out)
{
	u64 end = i->file.image_pages * PAGE_SIZE;
	if (!i->sb->readonly || pos >= end)
		return false;
	*out = (struct piece){ (char *)pa_to_kva(i->file.image) + pos, min_u64(n, end - pos),
			       NULL };
	return true;
}

/* The piece at pos, at most n bytes; len 0 at or past the end of the file. */
static err_t piece_get(struct inode *i, u64 pos, u64 n, struct piece *out)
{
	mutex_guard(&i->file.lock);
	*out = (struct piece){ NULL, 0, NULL };
	if (pos >= i->file.size)
		return 0;
	n = min_u64(n, i->file.size - pos);
	if (piece_of_image(i, pos, n, out))
		return 0;
	err_t e = ramfile_page(i, pos / PAGE_SIZE, PAGE_IF_THERE, &out->page);
	if (e)
		return e;
	out->len = min_u64(n, PAGE_SIZE - pos % PAGE_SIZE);
	if (out->page)
		out->bytes = (char *)page_kva(out->page) + pos % PAGE_SIZE;
	return 0;
}

static err_t file_read_ram(struct file *f, struct uio *u, u64 *pos)
{
	err_t e = 0;
	while (u->resid && !e) {
		struct piece p;
		u64 moved;
		e = piece_get(f->inode, *pos, u->resid, &p);
		if (e || !p.len)
			break;
		if (p.bytes)
			e = uio_move(u, p.bytes, p.len, &moved);
		else
			e = uio_zero(u, p.len, &moved);
		*pos += moved;
		if (p.page)
			page_unref(p.page);
	}
	if (!(f->flags & LINUX_O_NOATIME))
		inode_touch_atime(f->inode);
	return e;
}

/* Bytes that may be written at pos; RLIMIT_FSIZE and the largest offset are the limits. */
static err_t write_room(u64 pos, u64 *room)
{
	u64 limit = current_proc()->limits[LINUX_RLIMIT_FSIZE].cur;
	if (pos >= limit) {
		err_t e = proc_signal(current_proc(), SIGXFSZ);
		return e ? e : -EFBIG;
	}
	if (pos >= FILE_SIZE_MAX)
		return -EFBIG;
	*room = min_u64(limit, FILE_SIZE_MAX) - pos;
	return 0;
}

/* io_lock held: the page under pos, ready to be written; a gap before it becomes zeros. */
static err_t page_for_write(struct inode *i, u64 pos, struct page **out)
{
	mutex_guard(&i->file.lock);
	if (pos > i->file.size) {
		err_t e = ramfile_clear_tail(i);
		if (e)
			return e;
	}
	return ramfile_page(i, pos / PAGE_SIZE, PAGE_WRITABLE, out);
}

static void size_reaches(struct inode *i, u64 end)
{
	mutex_guard(&i->file.lock);
	if (end > i->file.size)
		__atomic_store_n(&i->file.size, end, __ATOMIC_RELAXED);
}

static err_t write_page(struct inode *i, struct uio *u, u64 n, u64 *pos)
{
	struct page *pg;
	u64 moved, in_page = *pos % PAGE_SIZE;
	err_t e = page_for_write(i, *pos, &pg);
	if (e)
		return e == -ENOMEM ? -ENOSPC : e;
	e = uio_move(u, (char *)page_kva(pg) + in_page, min_u64(n, PAGE_SIZE - in_page), &moved);
	*pos += moved;
	if (moved)
		size_reaches(i, *pos);
	page_unref(pg);
	return e;
}

static err_t file_write_ram(struct file *f, struct uio *u, u64 *pos)
{
	struct inode *i = f->inode;
	mutex_guard(&i->file.io_lock);
	if (!u->resid)
		return 0;
	if (f->flags & LINUX_O_APPEND)
		*pos = ramfile_size(&i->obj);
	u64 room;
	err_t e = write_room(*pos, &room);
	u64 keep = !e && u->resid > room ? u->resid - room : 0;
	while (!e && u->resid > keep)
		e = write_page(i, u, u->resid - keep, pos);
	inode_touch_mtime(i);
	return e;
}

/* SEEK_DATA and SEEK_HOLE by pages; past the end there is neither. */
static err_t seek_sparse(struct inode *i, u64 off, bool data, u64 *result)
{
	mutex_guard(&i->file.lock);
	if (off >= i->file.size)
		return -ENXIO;
	u64 page = off / PAGE_SIZE;
	if (data) {
		if (page >= i->file.image_pages)
			page = pagetree_next(&i->file.pages, page);
		if (page == UINT64_MAX)
			return -ENXIO;
	} else {
		while (page < i->file.image_pages || pagetree_get(&i->file.pages, page))
			page++;
	}
	*result = max_u64(off, page * PAGE_SIZE);
	if (*result >= i->file.size) {
		*result = i->file.size;
		return data ? -ENXIO : 0;
	}
	return 0;
}

static err_t file_seek_ram(struct file *f, s64 off, int whence, u64 *result)
{
	if (whence == LINUX_SEEK_DATA || whence == LINUX_SEEK_HOLE) {
		err_t e = seek_sparse(f->inode, (u64)off, whence == LINUX_SEEK_DATA, result);
		if (!e)
			f->pos = *result;
		return e;
	}
	return file_seek_in(f, off, whence, ramfile_size(&f->inode->obj), result);
}

static err_t file_truncate_ram(struct file *f, u64 size)
{
	u64 room;
	err_t e = size ? write_room(size - 1, &room) : 0;
	if (!e)
		e = ramfile_set_size(f->inode, size);
	if (!e)
		inode_touch_mtime(f->inode);
	return e;
}

static err_t file_mmap_ram(struct file *f, struct vmobj **obj)
{
	inode_ref(f->inode);
	*obj = &f->inode->obj;
	inode_touch_atime(f->inode);
	return 0;
}

const struct file_ops ramfile_ops = {
	.read = file_read_ram,
	.write = file_write_ram,
	.seek = file_seek_ram,
	.stat = file_stat_inode,
	.truncate = file_truncate_ram,
	.fsync = file_fsync_memory,
	.mmap = file_mmap_ram,
	.release = file_release_inode,
};
