/* SPDX-License-Identifier: MIT */
/* Hands the memory map to the page allocator. */
#include "kernel/mm/init.h"
#include "kernel/mm/page.h"
#include "kernel/mm/page_impl.h"
#include "machine/pmap.h"

extern u8 image_start[], image_end[];

struct hole {
	paddr_t start, end;
};

/* [start, end) without the holes, which are sorted. */
static void add_around(paddr_t start, paddr_t end, const struct hole *h, u32 n)
{
	for (u32 i = 0; i < n && start < end; i++) {
		if (h[i].end <= start || h[i].start >= end)
			continue;
		if (h[i].start > start)
			page_add_range(start, h[i].start);
		start = h[i].end;
	}
	if (start < end)
		page_add_range(start, end);
}

static void sort_holes(struct hole *h, u32 n)
{
	for (u32 i = 1; i < n; i++)
		for (u32 j = i; j > 0 && h[j].start < h[j - 1].start; j--) {
			struct hole t = h[j];
			h[j] = h[j - 1];
			h[j - 1] = t;
		}
}

bool mm_init(const struct mem_map *mm, struct bump *b, const struct mem_range *keep)
{
	page_count = mm->ram_end >> PAGE_SHIFT;
	u64 bytes = page_count * sizeof(struct page);
	paddr_t pa = bump_alloc(b, align_up(bytes, PAGE_SIZE) >> PAGE_SHIFT);
	if (!pa)
		return false;
	page_array = pa_to_kva(pa);

	struct hole holes[] = {
		{ 0, 0x100000 }, /* firmware's, and the loader's structures */
		{ (vaddr_t)image_start - KERNEL_IMAGE_BASE,
		  (vaddr_t)image_end - KERNEL_IMAGE_BASE },
		{ b->start, b->next },
		{ align_down(keep->start, PAGE_SIZE), align_up(keep->end, PAGE_SIZE) },
	};
	sort_holes(holes, ARRAY_SIZE(holes));
	for (u32 i = 0; i < mm->count; i++)
		if (mm->range[i].usable)
			add_around(mm->range[i].start, mm->range[i].end, holes, ARRAY_SIZE(holes));
	/* Files use these pages in place: the archive's own reference keeps them for ever. */
	for (paddr_t a = align_down(keep->start, PAGE_SIZE); a < keep->end; a += PAGE_SIZE)
		page_ref(page_of_pa(a));
	return true;
}
