/* SPDX-License-Identifier: MIT */
/*
 * The tree of VMAs: never overlapping, never empty, neighbours that could be one are one
 * (anonymous ones at least: they are what programs make by the thousand).
 */
#include "gen/errno.h"
#include "kernel/mm/aspace_impl.h"
#include "kernel/mm/kmalloc.h"

int vma_compare(const struct vma *a, const struct vma *b)
{
	return a->start < b->start ? -1 : a->start > b->start;
}

RB_GENERATE(vma_tree, vma, node, vma_compare)

struct vma *vma_find_above(struct aspace *as, uaddr_t addr)
{
	struct vma *v = RB_ROOT(&as->vmas), *best = NULL;
	while (v) {
		if (v->end > addr) {
			best = v;
			v = RB_LEFT(v, node);
		} else {
			v = RB_RIGHT(v, node);
		}
	}
	return best;
}

struct vma *vma_find(struct aspace *as, uaddr_t addr)
{
	struct vma *v = as->last_hit;
	if (v && v->start <= addr && addr < v->end)
		return v;
	v = vma_find_above(as, addr);
	if (!v || v->start > addr)
		return NULL;
	as->last_hit = v;
	return v;
}

err_t vma_split(struct aspace *as, uaddr_t addr)
{
	struct vma *low = vma_find(as, addr);
	if (!low || low->start == addr)
		return 0;
	struct vma *high = kmalloc(sizeof(*high));
	if (!high)
		return -ENOMEM;
	*high = *low;
	high->start = addr;
	high->pgoff = vma_pgoff_at(low, addr);
	if (high->obj)
		vmobj_ref(high->obj);
	low->end = addr;
	RB_INSERT(vma_tree, &as->vmas, high);
	return 0;
}

static bool can_merge(const struct vma *low, const struct vma *high)
{
	return low && high && low->end == high->start && low->flags == high->flags && !low->obj &&
	       !high->obj && !(low->flags & VMA_GROWSDOWN);
}

static void absorb(struct aspace *as, struct vma *low, struct vma *high)
{
	RB_REMOVE(vma_tree, &as->vmas, high);
	low->end = high->end;
	if (as->last_hit == high)
		as->last_hit = low;
	kfree(high);
}

err_t vma_insert(struct aspace *as, const struct vma *model)
{
	struct vma *v = kmalloc(sizeof(*v));
	if (!v)
		return -ENOMEM;
	*v = *model;
	if (v->obj)
		vmobj_ref(v->obj);
	RB_INSERT(vma_tree, &as->vmas, v);
	as->total_pages += (v->end - v->start) >> PAGE_SHIFT;
	struct vma *prev = RB_PREV(vma_tree, &as->vmas, v), *next = RB_NEXT(vma_tree, &as->vmas, v);
	if (can_merge(v, next))
		absorb(as, v, next);
	if (can_merge(prev, v))
		absorb(as, prev, v);
	return 0;
}

bool range_is_free(struct aspace *as, uaddr_t start, u64 len)
{
	struct vma *v = vma_find_above(as, start);
	return !v || v->start >= start + len;
}

/* The highest gap below mmap_base that is wide enough. */
err_t range_find(struct aspace *as, u64 len, uaddr_t below, uaddr_t *where)
{
	uaddr_t top = below ? min_u64(below, as->mmap_base) : as->mmap_base;
	struct vma *v = vma_find_above(as, top - 1);
	v = v ? (v->start < top ? v : RB_PREV(vma_tree, &as->vmas, v))
	      : RB_MAX(vma_tree, &as->vmas);
	for (;; v = RB_PREV(vma_tree, &as->vmas, v)) {
		uaddr_t floor = v ? v->end : USER_BOTTOM;
		if (top > floor && top - floor >= len) {
			*where = top - len;
			return 0;
		}
		if (!v)
			return -ENOMEM;
		top = min_u64(top, v->start);
	}
}
