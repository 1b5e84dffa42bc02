/* SPDX-License-Identifier: MIT */
/*
 * Page faults on user addresses: demand zero, file pages, copy on write, stack growth.
 *
 * A private page is writable only while nobody else can see it (one reference). Reading
 * memory that was never written maps the one zero page; writing it copies.
 */
#include "gen/errno.h"
#include "kernel/mm/aspace_impl.h"
#include "kernel/mm/page.h"
#include "lib/string.h"

#define STACK_GUARD_GAP (256 * PAGE_SIZE) /* between a growing stack and what lies below */

static struct page *zero_page;

static err_t zero_page_get(struct page **out)
{
	if (!zero_page) {
		err_t err = page_alloc_zero(&zero_page);
		if (err)
			return err;
	}
	page_ref(zero_page);
	*out = zero_page;
	return 0;
}

/* The stack reaches down to addr if its limit and its neighbour allow. */
static struct vma *stack_grow(struct aspace *as, uaddr_t addr)
{
	struct vma *v = vma_find_above(as, addr);
	uaddr_t start = align_down(addr, PAGE_SIZE);
	if (!v || !(v->flags & VMA_GROWSDOWN) || v->end - start > as->stack_limit_bytes)
		return NULL;
	struct vma *below = RB_PREV(vma_tree, &as->vmas, v);
	if (start < USER_BOTTOM || (below && start < below->end + STACK_GUARD_GAP))
		return NULL;
	as->total_pages += (v->start - start) >> PAGE_SHIFT;
	v->start = start;
	return v;
}

static bool allowed(const struct vma *v, u32 access)
{
	if (access & FAULT_WRITE)
		return v->flags & VMA_WRITE;
	if (access & FAULT_EXEC)
		return v->flags & VMA_EXEC;
	return v->flags & VMA_PROT; /* x86 cannot map a page that is writable or executable only */
}

/* A page of its own for the fault: a copy of the first `keep` bytes of src, then zeros. */
static err_t private_copy(struct page *src, u64 keep, struct page **out)
{
	struct page *pg;
	err_t err = page_alloc(&pg);
	if (err)
		return err;
	memcpy(page_kva(pg), page_kva(src), keep);
	memset((u8 *)page_kva(pg) + keep, 0, PAGE_SIZE - keep);
	*out = pg;
	return 0;
}

static err_t install(struct aspace *as, uaddr_t va, struct page *pg, u32 prot)
{
	err_t err = pmap_map(&as->pmap, va, page_pa(pg), prot);
	if (err)
		page_unref(pg);
	return err;
}

static err_t anon_fault(struct aspace *as, const struct vma *v, uaddr_t va, u32 access)
{
	struct page *pg;
	u32 prot = vma_pmap_prot(v);
	bool write = (access & FAULT_WRITE) || (v->flags & VMA_SHARED);
	err_t err = write ? page_alloc_zero(&pg) : zero_page_get(&pg);
	if (err)
		return err;
	return install(as, va, pg, write ? prot : prot & ~PMAP_WRITE);
}

static err_t shared_object_fault(struct aspace *as, struct vma *v, uaddr_t va, u32 access)
{
	struct page *pg;
	bool write = access & FAULT_WRITE;
	err_t err = v->obj->ops->page_get(v->obj, vma_pgoff_at(v, va), write, &pg);
	if (err)
		return err;
	u32 prot = vma_pmap_prot(v);
	return install(as, va, pg, write ? prot : prot & ~PMAP_WRITE);
}

static err_t private_object_fault(struct aspace *as, struct vma *v, uaddr_t va, u32 access)
{
	u64 pgoff = vma_pgoff_at(v, va);
	u64 off = pgoff << PAGE_SHIFT;
	if (off >= v->obj_limit)
		return anon_fault(as, v, va, access);
	struct page *pg;
	err_t err = v->obj->ops->page_get(v->obj, pgoff, false, &pg);
	if (err)
		return err;
	u64 keep = min_u64(PAGE_SIZE, v->obj_limit - off);
	u32 prot = vma_pmap_prot(v);
	if (!(access & FAULT_WRITE) && keep == PAGE_SIZE)
		return install(as, va, pg, prot & ~PMAP_WRITE);
	struct page *copy;
	err = private_copy(pg, keep, &copy);
	page_unref(pg);
	return err ? err : install(as, va, copy, prot);
}

static err_t missing_fault(struct aspace *as, struct vma *v, uaddr_t va, u32 access)
{
	if (!v->obj)
		return anon_fault(as, v, va, access);
	if (v->flags & VMA_SHARED)
		return shared_object_fault(as, v, va, access);
	return private_object_fault(as, v, va, access);
}

/* The page is there but the access was refused: copy on write, or somebody was quicker. */
static err_t present_fault(struct aspace *as, struct vma *v, uaddr_t va, paddr_t pa, u32 prot,
			   u32 access)
{
	struct page *pg = page_of_pa(pa);
	u32 want = vma_pmap_prot(v);
	bool cow = (access & FAULT_WRITE) && !(prot & PMAP_WRITE);

	if (cow && v->obj && (v->flags & VMA_SHARED)) {
		pages_drop(as, va, va + PAGE_SIZE);
		return shared_object_fault(as, v, va, access);
	}
	if (cow && pg->refs > 1) {
		struct page *copy;
		err_t err = private_copy(pg, PAGE_SIZE, &copy);
		if (err)
			return err;
		pages_drop(as, va, va + PAGE_SIZE);
		return install(as, va, copy, want);
	}
	bool writable = cow || (prot & PMAP_WRITE);
	pmap_protect(&as->pmap, va, writable ? want : want & ~PMAP_WRITE);
	pmap_flush(&as->pmap, va, va + PAGE_SIZE);
	return 0;
}

err_t fault_locked(struct aspace *as, uaddr_t addr, u32 access)
{
	struct vma *v = vma_find(as, addr);
	if (!v)
		v = stack_grow(as, addr);
	if (!v)
		return -EFAULT;
	if (!allowed(v, access))
		return -EACCES;
	uaddr_t va = align_down(addr, PAGE_SIZE);
	paddr_t pa;
	u32 prot;
	if (pmap_lookup(&as->pmap, va, &pa, &prot))
		return present_fault(as, v, va, pa, prot, access);
	return missing_fault(as, v, va, access);
}

err_t aspace_fault(struct aspace *as, uaddr_t addr, u32 access)
{
	if (addr >= USER_TOP)
		return -EFAULT;
	mutex_guard(&as->lock);
	return fault_locked(as, addr, access);
}
