/* SPDX-License-Identifier: MIT */
/*
 * What the calls of @file have in common for both ABIs: sys/file.c has the x86-64 forms,
 * sys/file32.c the i386 ones.
 */
#ifndef SYS_FILE_IMPL_H
#define SYS_FILE_IMPL_H

#include "abi/linux64.h"
#include "base/uaddr.h"
#include "kernel/mm/uio.h"

/* An array of iovecs in user memory. */
struct user_iov {
	uaddr_t addr;
	u32 n;	   /* Linux takes the lower half of the count */
	bool is32; /* of struct l32_iovec */
};

/* Bytes that went, or an error. */
long transfer_at(int fd, enum uio_dir dir, uaddr_t buf, u64 count, s64 pos);
long transfer_vec(int fd, enum uio_dir dir, struct user_iov iov, u64 *pos);
long transfer_vec_at(int fd, enum uio_dir dir, struct user_iov iov, s64 pos);
/* pos NULL: the file's own position; else it is moved on. */
long send_file(int out_fd, int in_fd, u64 *pos, u64 count);

/* A descriptor. flags are the user's; O_LARGEFILE is not implied. */
long open_at(int dirfd, ustr_t path, u32 flags, u32 mode);

/* How a program lays out struct flock. */
struct flock_io {
	err_t (*get)(uaddr_t from, struct l64_flock *lk);
	err_t (*put)(uaddr_t to, const struct l64_flock *lk);
};
long fcntl_with(const struct flock_io *io, int fd, u32 cmd, u64 arg);

#endif
