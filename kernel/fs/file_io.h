/* SPDX-License-Identifier: MIT */
/*
 * What system calls do to open files, whatever is behind them: mode checks, the shared
 * position, errors for ops that are not there; and the parts that several ops share.
 */
#ifndef KERNEL_FS_FILE_IO_H
#define KERNEL_FS_FILE_IO_H

#include "base/types.h"
#include "kernel/proc/file.h"

/*
 * pos NULL: the file's own position, under file->lock when the file can seek. *moved counts
 * the bytes that went, also on error; a caller that sees both reports the bytes.
 * -EBADF not open for it, -ESPIPE a pos for what cannot seek, else what the op says.
 */
MUST_CHECK err_t file_read(struct file *f, struct uio *u, u64 *pos, u64 *moved);
MUST_CHECK err_t file_write(struct file *f, struct uio *u, u64 *pos, u64 *moved);
MUST_CHECK err_t file_seek(struct file *f, s64 off, int whence, u64 *result);
MUST_CHECK err_t file_stat(struct file *f, struct kstat *st);
MUST_CHECK err_t file_readdir(struct file *f, struct dir_sink *s);
MUST_CHECK err_t file_truncate(struct file *f, u64 size);
MUST_CHECK err_t file_sync(struct file *f);
u32 file_poll(struct file *f); /* LINUX_POLL*; asks to be woken (poll.h) when nothing is ready */

/*
 * Up to n bytes from one file to the other inside the kernel. Positions as above.
 * *moved as above; 0 without an error is the end of `in`.
 */
MUST_CHECK err_t file_copy(struct file *in, u64 *in_pos, struct file *out, u64 *out_pos, u64 n,
			   u64 *moved);

bool file_can_read(const struct file *f);
bool file_can_write(const struct file *f);

/* The seek op of whatever has a size (or 0): SET, CUR and END. */
MUST_CHECK err_t file_seek_in(struct file *f, s64 off, int whence, u64 size, u64 *result);

/* Ops for files that are an inode and nothing more. */
err_t file_stat_inode(struct file *f, struct kstat *st);
err_t file_fsync_memory(struct file *f); /* memory is as safe as it gets */
void file_release_inode(struct file *f);

#endif
