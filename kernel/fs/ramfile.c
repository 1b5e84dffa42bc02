/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a regular file: pages by number. A page is, in this order, one in
 * file.pages, a page of the initrd (image), or a hole that reads as zeros.
 *
 * Invariant: whatever lies beyond the size in the page that holds the last byte is
 * cleared before the size grows over it (a shared mapping may have written there).
 * Locking: inode.h. Called through vmobj_ops, by ramfile_io.c and by the path-level code.
 */
#include "kernel/fs/ramfile.h"

#include "gen/errno.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/ramfile_impl.h"
#include "kernel/mm/page.h"
#include "lib/string.h"

static err_t page_charge(struct superblock *sb)
{
	u64 n = __atomic_add_fetch(&sb->npages, 1, __ATOMIC_RELAXED);
	if (!sb->max_pages || n <= sb->max_pages)
		return 0;
	__atomic_fetch_sub(&sb->npages, 1, __ATOMIC_RELAXED);
	return -ENOSPC;
}

/* Drops pages first..last from the tree and from the superblock's account. */
static void drop_pages(struct inode *i, u64 first, u64 last)
{
	u64 before = i->file.pages.npages;
	pagetree_drop(&i->file.pages, first, last);
	__atomic_fetch_sub(&i->sb->npages, before - i->file.pages.npages, __ATOMIC_RELAXED);
}

static struct page *image_page(const struct inode *i, u64 index)
{
	if (index >= i->file.image_pages)
		return NULL;
	return page_of_pa(i->file.image + index * PAGE_SIZE);
}

/* A page of the file's own at a place that has none: zeros, or a copy of the image's. */
static err_t page_add(struct inode *i, u64 index, struct page **out)
{
	struct page *from = image_page(i, index);
	err_t e = page_charge(i->sb);
	if (e)
		return e;
	e = page_alloc_zero(out);
	if (!e) {
		if (from)
			memcpy(page_kva(*out), page_kva(from), PAGE_SIZE);
		e = pagetree_put(&i->file.pages, index, *out);
		if (e)
			page_unref(*out);
	}
	if (e)
		__atomic_fetch_sub(&i->sb->npages, 1, __ATOMIC_RELAXED);
	return e;
}

err_t ramfile_page(struct inode *i, u64 index, enum page_want want, struct page **out)
{
	err_t e = 0;
	struct page *pg = pagetree_get(&i->file.pages, index);
	if (!pg && want != PAGE_WRITABLE)
		pg = image_page(i, index);
	if (!pg && want != PAGE_IF_THERE)
		e = page_add(i, index, &pg);
	if (e)
		return e;
	if (pg)
		page_ref(pg);
	*out = pg;
	return 0;
}

err_t ramfile_page_get(struct vmobj *obj, u64 pgoff, bool for_write, struct page **out)
{
	struct inode *i = container_of(obj, struct inode, obj);
	mutex_guard(&i->file.lock);
	if (pgoff >= align_up(i->file.size, PAGE_SIZE) / PAGE_SIZE)
		return -ENXIO;
	return ramfile_page(i, pgoff, for_write ? PAGE_WRITABLE : PAGE_FILLED, out);
}

u64 ramfile_size(struct vmobj *obj)
{
	struct inode *i = container_of(obj, struct inode, obj);
	return __atomic_load_n(&i->file.size, __ATOMIC_RELAXED);
}

u64 ramfile_pages(struct inode *i)
{
	mutex_guard(&i->file.lock);
	return i->file.pages.npages + i->file.image_pages;
}

err_t ramfile_read_kernel(struct vmobj *obj, u64 off, void *buf, u64 n, u64 *done)
{
	struct inode *i = container_of(obj, struct inode, obj);
	mutex_guard(&i->file.lock);
	n = off < i->file.size ? min_u64(n, i->file.size - off) : 0;
	for (*done = 0; *done < n;) {
		u64 at = off + *done, in_page = at % PAGE_SIZE;
		u64 chunk = min_u64(n - *done, PAGE_SIZE - in_page);
		struct page *pg = pagetree_get(&i->file.pages, at / PAGE_SIZE);
		if (!pg)
			pg = image_page(i, at / PAGE_SIZE);
		if (pg)
			memcpy((char *)buf + *done, (char *)page_kva(pg) + in_page, chunk);
		else
			memset((char *)buf + *done, 0, chunk);
		*done += chunk;
	}
	return 0;
}

/* lock held: clears [from, from+n) inside one page, which need not be there. */
static err_t clear_in_page(struct inode *i, u64 from, u64 n)
{
	u64 index = from / PAGE_SIZE;
	struct page *pg = pagetree_get(&i->file.pages, index);
	if (!pg && index < i->file.image_pages) {
		err_t e = page_add(i, index, &pg);
		if (e)
			return e;
	}
	if (pg)
		memset((char *)page_kva(pg) + from % PAGE_SIZE, 0, n);
	return 0;
}

err_t ramfile_clear_tail(struct inode *i)
{
	u64 used = i->file.size % PAGE_SIZE;
	return used ? clear_in_page(i, i->file.size, PAGE_SIZE - used) : 0;
}

/* lock held: [first, last] become holes, also where the image shows through. */
static err_t make_holes(struct inode *i, u64 first, u64 last)
{
	drop_pages(i, first, last);
	for (u64 n = first; n <= last && n < i->file.image_pages; n++) {
		struct page *pg;
		if (last >= i->file.image_pages - 1) {
			i->file.image_pages = n; /* all the rest */
			break;
		}
		err_t e = page_add(i, n, &pg);
		if (e)
			return e;
		memset(page_kva(pg), 0, PAGE_SIZE);
	}
	return 0;
}

err_t ramfile_set_size(struct inode *i, u64 size)
{
	if (size > FILE_SIZE_MAX)
		return -EFBIG;
	mutex_guard(&i->file.io_lock);
	mutex_guard(&i->file.lock);
	u64 old = i->file.size;
	if (size <= old) { /* also when equal: fallocate may have left pages beyond the end */
		err_t e = make_holes(i, align_up(size, PAGE_SIZE) / PAGE_SIZE,
				     UINT64_MAX / PAGE_SIZE);
		if (e)
			return e;
	}
	/* Cleared on both ways: a shorter file forgets, a longer one shows what is beyond. */
	i->file.size = min_u64(size, old);
	err_t e = ramfile_clear_tail(i);
	__atomic_store_n(&i->file.size, e ? old : size, __ATOMIC_RELAXED);
	return e;
}

err_t ramfile_allocate(struct inode *i, u64 off, u64 len, bool keep_size)
{
	mutex_guard(&i->file.io_lock);
	u64 end = off + len;
	for (u64 n = off / PAGE_SIZE; n * PAGE_SIZE < end; n++) {
		mutex_guard(&i->file.lock);
		struct page *pg;
		err_t e = ramfile_page(i, n, PAGE_FILLED, &pg);
		if (e)
			return e == -ENOMEM ? -ENOSPC : e;
		page_unref(pg);
	}
	mutex_guard(&i->file.lock);
	if (keep_size || end <= i->file.size)
		return 0;
	err_t e = ramfile_clear_tail(i);
	if (!e)
		i->file.size = end;
	return e;
}

err_t ramfile_punch(struct inode *i, u64 off, u64 len)
{
	mutex_guard(&i->file.io_lock);
	mutex_guard(&i->file.lock);
	u64 end = off + len, first = align_up(off, PAGE_SIZE), last = align_down(end, PAGE_SIZE);
	if (first > last) /* inside one page */
		return clear_in_page(i, off, len);
	err_t e = 0;
	if (first > off)
		e = clear_in_page(i, off, first - off);
	if (!e && end > last)
		e = clear_in_page(i, last, end - last);
	if (!e && last > first)
		e = make_holes(i, first / PAGE_SIZE, last / PAGE_SIZE - 1);
	return e;
}

err_t ramfile_fill(struct inode *i, const void *bytes, u64 len)
{
	mutex_guard(&i->file.lock);
	for (u64 off = 0; off < len; off += PAGE_SIZE) {
		struct page *pg;
		err_t e = page_add(i, off / PAGE_SIZE, &pg);
		if (e)
			return e;
		memcpy(page_kva(pg), (const char *)bytes + off, min_u64(len - off, PAGE_SIZE));
	}
	i->file.size = len;
	return 0;
}

err_t ramfile_set_image(struct inode *i, paddr_t image, u64 len)
{
	mutex_guard(&i->file.lock);
	u64 whole = len / PAGE_SIZE, rest = len % PAGE_SIZE;
	if (rest) {
		struct page *pg;
		err_t e = page_add(i, whole, &pg);
		if (e)
			return e;
		memcpy(page_kva(pg), pa_to_kva(image + whole * PAGE_SIZE), rest);
	}
	i->file.image = image;
	i->file.image_pages = whole;
	i->file.size = len;
	return 0;
}

void ramfile_drop(struct inode *i)
{
	drop_pages(i, 0, UINT64_MAX / PAGE_SIZE);
}
