/* SPDX-License-Identifier: MIT */
/*
 * Mapping, unmapping and protecting ranges of an address space. Pages themselves come
 * in kernel/mm/fault.c; here they only go.
 */
#include "kernel/mm/aspace.h"
#include "gen/errno.h"
#include "kernel/mm/aspace_impl.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/page.h"
#include "kernel/sched/thread.h"

#define GATHER_MAX 64

err_t aspace_new(struct aspace **out)
{
	struct aspace *as = kzalloc(sizeof(*as));
	if (!as)
		return -ENOMEM;
	err_t err = pmap_init(&as->pmap);
	if (err) {
		kfree(as);
		return err;
	}
	as->refs = 1;
	mutex_init(&as->lock);
	RB_INIT(&as->vmas);
	as->top = as->mmap_base = USER_TOP;
	as->limit_bytes = as->data_limit_bytes = as->stack_limit_bytes = UINT64_MAX;
	*out = as;
	return 0;
}

static void vma_remove(struct aspace *as, struct vma *v)
{
	RB_REMOVE(vma_tree, &as->vmas, v);
	as->total_pages -= (v->end - v->start) >> PAGE_SHIFT;
	if (as->last_hit == v)
		as->last_hit = NULL;
	vmobj_unref(v->obj);
	kfree(v);
}

void aspace_unref(struct aspace *as)
{
	if (!as || __atomic_fetch_sub(&as->refs, 1, __ATOMIC_ACQ_REL) != 1)
		return;
	struct vma *v;
	while ((v = RB_MIN(vma_tree, &as->vmas))) {
		pages_drop(as, v->start, v->end);
		vma_remove(as, v);
	}
	pmap_destroy(&as->pmap);
	kfree(as);
}

void aspace_activate(struct aspace *as)
{
	u64 flags = irq_save();
	current_thread()->pmap = &as->pmap;
	pmap_activate(&as->pmap);
	irq_restore(flags);
}

u64 aspace_resident_pages(struct aspace *as)
{
	return as->pmap.npages;
}

u32 vma_pmap_prot(const struct vma *v)
{
	if (!(v->flags & VMA_PROT))
		return PMAP_NONE;
	return PMAP_USER | (v->flags & VMA_WRITE ? PMAP_WRITE : 0) |
	       (v->flags & VMA_EXEC ? PMAP_EXEC : 0);
}

/*
 * Pages that were mapped are given back only when no CPU can reach them any more: they are
 * gathered, the range is flushed everywhere, then they go.
 */
struct gather {
	struct aspace *as;
	uaddr_t start, end; /* of what was unmapped since the last flush */
	u32 n;
	struct page *pages[GATHER_MAX];
};

static void gather_flush(struct gather *g)
{
	if (!g->n)
		return;
	pmap_flush(&g->as->pmap, g->start, g->end);
	while (g->n)
		page_unref(g->pages[--g->n]);
}

static void gather_page(struct gather *g, uaddr_t va, paddr_t pa)
{
	if (!g->n)
		g->start = va;
	g->end = va + PAGE_SIZE;
	g->pages[g->n++] = page_of_pa(pa);
	if (g->n == GATHER_MAX)
		gather_flush(g);
}

void pages_drop(struct aspace *as, uaddr_t start, uaddr_t end)
{
	struct gather g;
	g.as = as;
	g.n = 0;
	for (uaddr_t va = start; (va = pmap_next_table(&as->pmap, va, end)) < end;) {
		uaddr_t stop = min_u64(end, align_down(va, PAGE_SIZE * 512) + PAGE_SIZE * 512);
		for (; va < stop; va += PAGE_SIZE) {
			paddr_t pa;
			if (pmap_unmap(&as->pmap, va, &pa))
				gather_page(&g, va, pa);
		}
	}
	gather_flush(&g);
}

err_t unmap_locked(struct aspace *as, uaddr_t start, uaddr_t end)
{
	err_t err = vma_split(as, start);
	if (!err)
		err = vma_split(as, end);
	if (err)
		return err;
	struct vma *v = vma_find_above(as, start);
	while (v && v->start < end) {
		struct vma *next = RB_NEXT(vma_tree, &as->vmas, v);
		pages_drop(as, v->start, v->end);
		vma_remove(as, v);
		v = next;
	}
	return 0;
}

/* Page-aligned, not empty, inside user space. *end is past the last byte. */
static err_t range_check(uaddr_t start, u64 len, uaddr_t *end)
{
	u64 bytes = align_up(len, PAGE_SIZE);
	if (!is_aligned(start, PAGE_SIZE) || !len || bytes < len || !user_range_ok(start, bytes))
		return -EINVAL;
	*end = start + bytes;
	return 0;
}

err_t aspace_unmap(struct aspace *as, uaddr_t start, u64 len)
{
	uaddr_t end;
	err_t err = range_check(start, len, &end);
	if (err)
		return err;
	if (end > as->top)
		return -EINVAL;
	mutex_guard(&as->lock);
	return unmap_locked(as, start, end);
}

/* As Linux's default policy: one request for more private memory than there is at all. */
static bool hopeless(const struct map_request *req, u64 len)
{
	struct page_stats st;
	page_stats(&st);
	return (req->flags & VMA_WRITE) && !(req->flags & VMA_SHARED) && !req->noreserve &&
	       len >> PAGE_SHIFT > st.total;
}

static err_t place(struct aspace *as, const struct map_request *req, u64 len, uaddr_t *at)
{
	if (req->fixed) {
		if (!is_aligned(req->addr, PAGE_SIZE))
			return -EINVAL;
		if (!range_inside(as, req->addr, len))
			return -ENOMEM;
		if (req->addr < USER_BOTTOM)
			return -EPERM;
		*at = req->addr;
		if (range_is_free(as, *at, len))
			return 0;
		return req->noreplace ? -EEXIST : unmap_locked(as, *at, *at + len);
	}
	uaddr_t hint = align_down(req->addr, PAGE_SIZE);
	if (hint >= USER_BOTTOM && range_inside(as, hint, len) && range_is_free(as, hint, len)) {
		*at = hint;
		return 0;
	}
	return range_find(as, len, req->below, at);
}

static void populate(struct aspace *as, uaddr_t start, uaddr_t end, u32 flags)
{
	for (uaddr_t va = start; va < end; va += PAGE_SIZE)
		if (fault_locked(as, va, flags & VMA_WRITE ? FAULT_WRITE : 0))
			return;
}

err_t aspace_map(struct aspace *as, const struct map_request *req, uaddr_t *where)
{
	u64 len = align_up(req->len, PAGE_SIZE);
	if (!req->len)
		return -EINVAL;
	if (len < req->len || len > USER_TOP || hopeless(req, len))
		return -ENOMEM;
	mutex_guard(&as->lock);
	if (as->total_pages + (len >> PAGE_SHIFT) > as->limit_bytes >> PAGE_SHIFT)
		return -ENOMEM;
	uaddr_t at;
	err_t err = place(as, req, len, &at);
	if (err)
		return err;
	struct vma model = { .start = at,
			     .end = at + len,
			     .flags = req->flags,
			     .obj = req->obj,
			     .pgoff = req->pgoff,
			     .obj_limit = req->obj ? req->obj_limit : UINT64_MAX };
	err = vma_insert(as, &model);
	if (err)
		return err;
	if (req->populate && (req->flags & VMA_PROT))
		populate(as, at, at + len, req->flags);
	*where = at;
	return 0;
}

/* A page others can see through another mapping or object stays read-only: copy on write. */
static void reprotect_pages(struct aspace *as, const struct vma *v)
{
	u32 prot = vma_pmap_prot(v);
	for (uaddr_t va = v->start; (va = pmap_next_table(&as->pmap, va, v->end)) < v->end;
	     va += PAGE_SIZE) {
		paddr_t pa;
		u32 old;
		if (!pmap_lookup(&as->pmap, va, &pa, &old))
			continue;
		bool shared = page_of_pa(pa)->refs > 1 && !(v->flags & VMA_SHARED);
		u32 now = shared ? prot & ~PMAP_WRITE : prot;
		/* A shared file page becomes writable by a fault only: the object must hear of it.
		 */
		if ((v->flags & VMA_SHARED) && !(old & PMAP_WRITE))
			now &= ~PMAP_WRITE;
		pmap_protect(&as->pmap, va, now);
	}
	pmap_flush(&as->pmap, v->start, v->end);
}

err_t aspace_protect(struct aspace *as, uaddr_t start, u64 len, u32 prot)
{
	uaddr_t end;
	err_t err = range_check(start, len, &end);
	if (err)
		return err;
	mutex_guard(&as->lock);
	err = vma_split(as, start);
	if (!err)
		err = vma_split(as, end);
	if (err)
		return err;
	uaddr_t at = start;
	for (struct vma *v = vma_find_above(as, start); v && v->start == at && at < end;
	     v = RB_NEXT(vma_tree, &as->vmas, v)) {
		v->flags = (v->flags & ~(u32)VMA_PROT) | prot;
		reprotect_pages(as, v);
		at = v->end;
	}
	return at < end ? -ENOMEM : 0;
}

err_t aspace_discard(struct aspace *as, uaddr_t start, u64 len)
{
	uaddr_t end;
	err_t err = range_check(start, len, &end);
	if (err)
		return err;
	mutex_guard(&as->lock);
	uaddr_t at = start;
	for (struct vma *v = vma_find_above(as, start); v && v->start < end;
	     v = RB_NEXT(vma_tree, &as->vmas, v)) {
		if (v->start > at)
			err = -ENOMEM; /* a hole; the rest is done all the same */
		pages_drop(as, max_u64(start, v->start), min_u64(end, v->end));
		at = v->end;
	}
	return at < end ? -ENOMEM : err;
}

bool aspace_mapped(struct aspace *as, uaddr_t start, u64 len, u32 prot)
{
	mutex_guard(&as->lock);
	for (uaddr_t at = start; at < start + len;) {
		struct vma *v = vma_find(as, at);
		if (!v || (v->flags & prot) != prot)
			return false;
		at = v->end;
	}
	return true;
}

err_t aspace_resident(struct aspace *as, uaddr_t start, u64 len, u8 *vec)
{
	uaddr_t end;
	err_t err = range_check(start, len, &end);
	if (err)
		return err;
	mutex_guard(&as->lock);
	for (uaddr_t va = start; va < end; va += PAGE_SIZE) {
		paddr_t pa;
		u32 prot;
		if (!vma_find(as, va))
			return -ENOMEM;
		*vec++ = pmap_lookup(&as->pmap, va, &pa, &prot);
	}
	return 0;
}
