/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a regular file: pages in memory, some of them the initrd's own.
 * What the path-level code and the open file share; all lock for themselves.
 */
#ifndef KERNEL_FS_RAMFILE_H
#define KERNEL_FS_RAMFILE_H

#include "base/types.h"
#include "kernel/proc/file.h"

struct inode;
struct page;
struct vmobj;

extern const struct file_ops ramfile_ops;

/* vmobj_ops of an inode. */
err_t ramfile_page_get(struct vmobj *obj, u64 pgoff, bool for_write, struct page **out);
err_t ramfile_read_kernel(struct vmobj *obj, u64 off, void *buf, u64 n, u64 *done);
u64 ramfile_size(struct vmobj *obj);

/* Sets the size; what lies beyond reads as zeros if it grows again. -EFBIG, -ENOMEM. */
MUST_CHECK err_t ramfile_set_size(struct inode *i, u64 size);
/* Makes [off, off+len) hold memory, growing the file unless keep_size. -ENOSPC. */
MUST_CHECK err_t ramfile_allocate(struct inode *i, u64 off, u64 len, bool keep_size);
/* [off, off+len) reads as zeros; whole pages are given back. */
MUST_CHECK err_t ramfile_punch(struct inode *i, u64 off, u64 len);

/*
 * Fills an empty file from page-aligned bytes of the initrd without copying them, except
 * for the last page if it is partial (what follows there is not the file's). -ENOMEM.
 */
MUST_CHECK err_t ramfile_set_image(struct inode *i, paddr_t image, u64 len);
/* Fills an empty file by copying. */
MUST_CHECK err_t ramfile_fill(struct inode *i, const void *bytes, u64 len);

u64 ramfile_pages(struct inode *i); /* in memory */
void ramfile_drop(struct inode *i); /* the inode is going away */

#endif
