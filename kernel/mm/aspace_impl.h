/* SPDX-License-Identifier: MIT */
/* Shared by the files of the address space. All of it under as->lock. */
#ifndef KERNEL_MM_ASPACE_IMPL_H
#define KERNEL_MM_ASPACE_IMPL_H

#include "kernel/mm/aspace.h"

RB_PROTOTYPE(vma_tree, vma, node, vma_compare)
int vma_compare(const struct vma *a, const struct vma *b);

/* The VMA that holds addr, or NULL. */
struct vma *vma_find(struct aspace *as, uaddr_t addr);
/* The lowest VMA that ends above addr, or NULL. */
struct vma *vma_find_above(struct aspace *as, uaddr_t addr);
/* Makes addr a boundary: what held it becomes two. -ENOMEM. */
MUST_CHECK err_t vma_split(struct aspace *as, uaddr_t addr);
/* A new VMA in an empty range, merged with its neighbours where it can be. -ENOMEM. */
MUST_CHECK err_t vma_insert(struct aspace *as, const struct vma *model);
bool range_is_free(struct aspace *as, uaddr_t start, u64 len);
/* Top-down search below mmap_base and, unless it is 0, `below`. -ENOMEM. */
MUST_CHECK err_t range_find(struct aspace *as, u64 len, uaddr_t below, uaddr_t *where);
/* user_range_ok for what this address space may map. */
static inline bool range_inside(const struct aspace *as, uaddr_t start, u64 len)
{
	return len <= as->top && start <= as->top - len;
}
/* Drops the pages of a range (no VMA is changed). */
void pages_drop(struct aspace *as, uaddr_t start, uaddr_t end);
/* aspace_unmap without the lock and the checks. */
MUST_CHECK err_t unmap_locked(struct aspace *as, uaddr_t start, uaddr_t end);
MUST_CHECK err_t fault_locked(struct aspace *as, uaddr_t addr, u32 access);

/* What the page table may allow for a page of this VMA that is not shared with anybody. */
u32 vma_pmap_prot(const struct vma *v);

static inline u64 vma_pgoff_at(const struct vma *v, uaddr_t addr)
{
	return v->pgoff + ((addr - v->start) >> PAGE_SHIFT);
}

#endif
