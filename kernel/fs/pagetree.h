/* SPDX-License-Identifier: MIT */
/*
 * A sparse array of pages indexed by page number: a radix tree whose nodes are one page
 * of 512 pointers. Holes cost nothing, so a file of a terabyte with one byte in it is two
 * or three nodes. The caller locks. The tree holds one reference to each page in it.
 */
#ifndef KERNEL_FS_PAGETREE_H
#define KERNEL_FS_PAGETREE_H

#include "base/types.h"

struct page;

struct pagetree {
	void **root; /* NULL: empty */
	u32 height;  /* levels of nodes; 0: empty */
	u64 npages;
};

/* The page, or NULL for a hole; no reference is taken. */
struct page *pagetree_get(const struct pagetree *t, u64 index);
/* Puts pg into an empty place and takes over the caller's reference. -ENOMEM. */
MUST_CHECK err_t pagetree_put(struct pagetree *t, u64 index, struct page *pg);
/* Drops all pages of first..last. */
void pagetree_drop(struct pagetree *t, u64 first, u64 last);
/* The first index >= from that has a page; UINT64_MAX: none. */
u64 pagetree_next(const struct pagetree *t, u64 from);

#endif
