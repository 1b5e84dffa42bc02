/* SPDX-License-Identifier: MIT */
/*
 * Between ramfile.c (pages) and ramfile_io.c (open files). file.lock is held by the caller.
 */
#ifndef KERNEL_FS_RAMFILE_IMPL_H
#define KERNEL_FS_RAMFILE_IMPL_H

#include "base/types.h"

struct inode;
struct page;

enum page_want {
	PAGE_IF_THERE, /* NULL for a hole */
	PAGE_FILLED,   /* a hole gets a page of zeros; may be the image's own */
	PAGE_WRITABLE, /* the file's own page; the image's is copied first */
};
/* The page with a reference for the caller. -ENOMEM, -ENOSPC. */
MUST_CHECK err_t ramfile_page(struct inode *i, u64 index, enum page_want want, struct page **out);
/* Clears what lies beyond the size in the last page. */
MUST_CHECK err_t ramfile_clear_tail(struct inode *i);

#endif
