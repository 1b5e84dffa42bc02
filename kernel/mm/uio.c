/* SPDX-License-Identifier: MIT */
/*
 * The one mover of bulk bytes: see uio.h.
 *
 * Every range is checked against USER_TOP when the uio is made; copyin and copyout check
 * again, because the check costs two instructions and the alternative is trust. Invariant:
 * resid is the sum of what is left in the ranges, and iov_off < iov->len while resid > 0.
 */
#include "kernel/mm/uio.h"

#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/uio_kernel.h"
#include "lib/string.h"

/* `allocated` points here when the ranges are kernel memory: never freed, never in `iov`. */
static struct uio_range kernel_mark;

static const u8 zeros[PAGE_SIZE];

err_t uio_init(struct uio *u, enum uio_dir dir, uaddr_t base, u64 len)
{
	/* Fields one by one: this is on the path of every read and write. */
	u->one.base = base;
	u->one.len = min_u64(len, UIO_MAX_BYTES);
	u->iov = &u->one;
	u->niov = 1;
	u->dir = dir;
	u->iov_off = 0;
	u->resid = u->one.len;
	u->allocated = NULL;
	return user_range_ok(base, len) ? 0 : -EFAULT;
}

static err_t check_ranges(const struct uio_range *iov, u32 niov)
{
	u64 total = 0;
	for (u32 i = 0; i < niov; i++) {
		total += iov[i].len;
		if (iov[i].len > INT64_MAX || total > INT64_MAX)
			return -EINVAL;
	}
	for (u32 i = 0; i < niov; i++) {
		if (!user_range_ok(iov[i].base, iov[i].len))
			return -EFAULT;
	}
	return 0;
}

/* Steps over used-up and empty ranges. */
static void settle(struct uio *u)
{
	while (u->resid && u->iov_off == u->iov->len) {
		u->iov++;
		u->niov--;
		u->iov_off = 0;
	}
}

err_t uio_init_vec(struct uio *u, enum uio_dir dir, struct uio_range *iov, u32 niov)
{
	*u = (struct uio){ .iov = iov, .niov = niov, .dir = dir, .allocated = iov };
	err_t e = check_ranges(iov, niov);
	if (e)
		return e;
	for (u32 i = 0; i < niov; i++) {
		iov[i].len = min_u64(iov[i].len, UIO_MAX_BYTES - u->resid);
		u->resid += iov[i].len;
	}
	settle(u);
	return 0;
}

void uio_init_kernel(struct uio *u, enum uio_dir dir, void *buf, u64 len)
{
	*u = (struct uio){ .niov = 1, .dir = dir, .resid = len, .allocated = &kernel_mark };
	u->one = (struct uio_range){ (vaddr_t)buf, len };
	u->iov = &u->one;
}

void uio_end(struct uio *u)
{
	if (u->allocated && u->allocated != &kernel_mark)
		kfree(u->allocated);
	u->allocated = NULL;
}

static err_t move_kernel(struct uio *u, void *kbuf, u64 n)
{
	void *other = (void *)(vaddr_t)(u->iov->base + u->iov_off);
	if (u->dir == UIO_TO_USER)
		memcpy(other, kbuf, n);
	else
		memcpy(kbuf, other, n);
	return 0;
}

/* Moves n bytes inside the current range; *done counts, also on error. */
static err_t move_chunk(struct uio *u, void *kbuf, u64 n, u64 *done)
{
	uaddr_t base = u->iov->base + u->iov_off;
	*done = n;
	if (u->allocated == &kernel_mark)
		return move_kernel(u, kbuf, n);
	if (u->dir == UIO_TO_USER)
		return copyout_some(base, kbuf, n, done);
	return copyin_some(kbuf, base, n, done);
}

err_t uio_move(struct uio *u, void *kbuf, u64 n, u64 *moved)
{
	err_t e = 0;
	*moved = 0;
	n = min_u64(n, u->resid);
	while (n && !e) {
		u64 done = 0, chunk = min_u64(n, u->iov->len - u->iov_off);
		e = move_chunk(u, (char *)kbuf + *moved, chunk, &done);
		uio_skip(u, done);
		*moved += done;
		n -= chunk;
	}
	return e;
}

err_t uio_zero(struct uio *u, u64 n, u64 *moved)
{
	*moved = 0;
	n = min_u64(n, u->resid);
	if (u->dir == UIO_FROM_USER) {
		uio_skip(u, n);
		*moved = n;
		return 0;
	}
	while (n) {
		u64 done, chunk = min_u64(n, sizeof zeros);
		err_t e = uio_move(u, (void *)(uintptr_t)zeros, chunk, &done);
		*moved += done;
		n -= done;
		if (e)
			return e;
	}
	return 0;
}

void uio_skip(struct uio *u, u64 n)
{
	n = min_u64(n, u->resid);
	while (n) {
		u64 chunk = min_u64(n, u->iov->len - u->iov_off);
		u->iov_off += chunk;
		u->resid -= chunk;
		n -= chunk;
		settle(u);
	}
}
