/* SPDX-License-Identifier: MIT */
/*
 * The one mover of bulk bytes between kernel buffers and user memory.
 *
 * A uio is a direction and a list of user ranges that were copied in and checked once
 * (so nothing can change under the kernel between check and use). Services call uio_move
 * as often as they like; it advances.
 */
#ifndef KERNEL_MM_UIO_H
#define KERNEL_MM_UIO_H

#include "base/types.h"
#include "base/uaddr.h"

#define UIO_MAX_IOV 1024
#define UIO_MAX_BYTES 0x7ffff000ull /* as Linux: a longer request is cut to this */

enum uio_dir { UIO_TO_USER, UIO_FROM_USER };

struct uio_range {
	uaddr_t base;
	u64 len;
};

struct uio {
	const struct uio_range *iov; /* current range */
	u32 niov;		     /* ranges left, the current one included */
	enum uio_dir dir;
	u64 iov_off; /* bytes of the current range already moved */
	u64 resid;   /* bytes left in all */
	struct uio_range one;
	struct uio_range *allocated; /* freed by uio_end */
};

/* One buffer. -EFAULT when the range does not lie below USER_TOP. */
MUST_CHECK err_t uio_init(struct uio *u, enum uio_dir dir, uaddr_t base, u64 len);
/* A kernel copy of an iovec array becomes the uio's (freed by uio_end, also on error):
 * -EINVAL when the lengths overflow, -EFAULT as above. */
MUST_CHECK err_t uio_init_vec(struct uio *u, enum uio_dir dir, struct uio_range *iov, u32 niov);
void uio_end(struct uio *u);

/*
 * Moves up to n bytes between kbuf and the user ranges in the uio's direction and advances
 * by what was moved. Fewer than n: the uio was used up, or (-EFAULT) the user memory was
 * not there; *moved counts the bytes in either case. May sleep.
 */
MUST_CHECK err_t uio_move(struct uio *u, void *kbuf, u64 n, u64 *moved);
/* Zeros to the user (UIO_TO_USER) or bytes dropped unread (UIO_FROM_USER). */
MUST_CHECK err_t uio_zero(struct uio *u, u64 n, u64 *moved);
void uio_skip(struct uio *u, u64 n);

#endif
