/* SPDX-License-Identifier: MIT */
/* mremap and brk: ranges that change their size. */
#include "gen/errno.h"
#include "kernel/mm/aspace_impl.h"
#include "kernel/mm/page.h"

/* Page by page from one range to another of the same address space; tables can run out. */
static err_t pages_move(struct aspace *as, uaddr_t from, uaddr_t to, u64 len)
{
	for (u64 off = 0; off < len; off += PAGE_SIZE) {
		paddr_t pa;
		u32 prot;
		if (!pmap_lookup(&as->pmap, from + off, &pa, &prot))
			continue;
		err_t err = pmap_map(&as->pmap, to + off, pa, prot);
		if (err)
			return err; /* what did not move stays at its old place */
		pmap_unmap(&as->pmap, from + off, &pa);
	}
	pmap_flush(&as->pmap, from, from + len);
	return 0;
}

static err_t move(struct aspace *as, struct vma *v, uaddr_t old, u64 old_len, u64 new_len,
		  u32 flags, uaddr_t to)
{
	struct vma model = *v;
	model.start = to;
	model.end = to + new_len;
	model.pgoff = vma_pgoff_at(v, old);
	err_t err = vma_insert(as, &model);
	if (!err)
		err = pages_move(as, old, to, min_u64(old_len, new_len));
	if (!err && !(flags & REMAP_DONTUNMAP))
		err = unmap_locked(as, old, old + old_len);
	return err;
}

static err_t grow_in_place(struct aspace *as, struct vma *v, uaddr_t old, u64 old_len, u64 new_len)
{
	uaddr_t end = old + old_len;
	if (v->end != end || !range_inside(as, old, new_len) ||
	    !range_is_free(as, end, new_len - old_len))
		return -ENOMEM;
	as->total_pages += (new_len - old_len) >> PAGE_SHIFT;
	v->end = old + new_len;
	return 0;
}

static err_t remap_locked(struct aspace *as, uaddr_t old, u64 old_len, u64 new_len, u32 flags,
			  uaddr_t new_addr, uaddr_t *where)
{
	struct vma *v = vma_find(as, old);
	if (!v || old + old_len > v->end)
		return -EFAULT;
	*where = old;
	if (!(flags & (REMAP_FIXED | REMAP_DONTUNMAP))) {
		if (new_len == old_len)
			return 0;
		if (new_len < old_len)
			return unmap_locked(as, old + new_len, old + old_len);
		if (grow_in_place(as, v, old, old_len, new_len) == 0)
			return 0;
		if (!(flags & REMAP_MAYMOVE))
			return -ENOMEM;
	}
	err_t err;
	if (flags & REMAP_FIXED)
		err = unmap_locked(as, new_addr, new_addr + new_len);
	else
		err = range_find(as, new_len, flags & REMAP_LOW ? 1ull << 32 : 0, &new_addr);
	if (err)
		return err;
	v = vma_find(as, old);
	if (!v || old + old_len > v->end)
		return -EFAULT;
	*where = new_addr;
	return move(as, v, old, old_len, new_len, flags, new_addr);
}

err_t aspace_remap(struct aspace *as, uaddr_t old, u64 old_len, u64 new_len, u32 flags,
		   uaddr_t new_addr, uaddr_t *where)
{
	old_len = align_up(old_len, PAGE_SIZE);
	new_len = align_up(new_len, PAGE_SIZE);
	if (!is_aligned(old, PAGE_SIZE) || !new_len || !old_len || new_len > USER_TOP ||
	    !user_range_ok(old, old_len))
		return -EINVAL;
	if (flags & REMAP_FIXED) {
		bool apart = new_addr + new_len <= old || old + old_len <= new_addr;
		if (!is_aligned(new_addr, PAGE_SIZE) || !range_inside(as, new_addr, new_len) ||
		    !apart || new_addr < USER_BOTTOM)
			return -EINVAL;
	}
	mutex_guard(&as->lock);
	return remap_locked(as, old, old_len, new_len, flags, new_addr, where);
}

uaddr_t aspace_brk(struct aspace *as, uaddr_t want)
{
	mutex_guard(&as->lock);
	uaddr_t old_end = align_up(as->brk, PAGE_SIZE), new_end = align_up(want, PAGE_SIZE);
	if (want < as->brk_start || new_end < want ||
	    !range_inside(as, as->brk_start, new_end - as->brk_start) ||
	    want - as->brk_start > as->data_limit_bytes)
		return as->brk;
	if (new_end < old_end) {
		if (unmap_locked(as, new_end, old_end))
			return as->brk;
	} else if (new_end > old_end) {
		struct page_stats st;
		page_stats(&st);
		struct vma model = { .start = old_end,
				     .end = new_end,
				     .flags = VMA_READ | VMA_WRITE | VMA_BRK,
				     .obj_limit = UINT64_MAX };
		u64 npages = (new_end - old_end) >> PAGE_SHIFT;
		if (npages > st.total || as->total_pages + npages > as->limit_bytes >> PAGE_SHIFT ||
		    !range_is_free(as, old_end, new_end - old_end) || vma_insert(as, &model))
			return as->brk;
	}
	as->brk = want;
	return want;
}
