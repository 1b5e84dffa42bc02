/* SPDX-License-Identifier: MIT */
/*
 * Physical pages: a buddy allocator over the RAM of the memory map.
 *
 * Every page frame of RAM has a struct page, the ones of the initrd too. A page is
 * reference counted; the last page_unref gives it back. Nothing here sleeps, and every
 * allocation can fail with -ENOMEM.
 */
#ifndef KERNEL_MM_PAGE_H
#define KERNEL_MM_PAGE_H

#include "base/types.h"
#include "machine/pmap.h"

#define PAGE_MAX_ORDER 10 /* 4 MiB blocks */

struct page {
	struct page *next, *prev; /* free list, while free */
	u32 refs;		  /* 0: free */
	u8 order;		  /* of the block this page heads */
	u8 free;		  /* heads a free block */
};

extern struct page *page_array;
extern u64 page_count;

static inline paddr_t page_pa(const struct page *pg)
{
	return (paddr_t)(pg - page_array) << PAGE_SHIFT;
}

static inline struct page *page_of_pa(paddr_t pa)
{
	return &page_array[pa >> PAGE_SHIFT];
}

/* The page's bytes in the direct map. */
static inline void *page_kva(const struct page *pg)
{
	return pa_to_kva(page_pa(pg));
}

/* One page with one reference; contents undefined. */
MUST_CHECK err_t page_alloc(struct page **out);
/* One page of zeros. */
MUST_CHECK err_t page_alloc_zero(struct page **out);
/* 2^order contiguous pages; the reference count of the first stands for all. */
MUST_CHECK err_t page_alloc_order(u32 order, struct page **out);

static inline void page_ref(struct page *pg)
{
	__atomic_fetch_add(&pg->refs, 1, __ATOMIC_RELAXED);
}
void page_unref(struct page *pg);

struct page_stats {
	u64 total, free; /* pages */
};
void page_stats(struct page_stats *out);

#endif
