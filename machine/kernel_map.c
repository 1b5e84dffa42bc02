/* SPDX-License-Identifier: MIT */
/*
 * Builds the kernel's page tables. Text is executable and read-only, constants are neither,
 * data is writable and not executable, also through the direct map: every alias of a
 * text page is read-only (docs/hazards/w-xor-x.md). RAM outside the image is mapped by
 * 2 MiB pages; tables come from the bump allocator while there is no other.
 */
#include "machine/kernel_map.h"
#include "base/guards.h"
#include "cpu/features.h"
#include "cpu/msr.h"
#include "lib/string.h"
#include "machine/pmap.h"
#include "machine/pmap_impl.h"

#define LARGE_PAGE (2ull << 20)

extern u8 image_start[], text_end[], rodata_end[], image_end[]; /* boot/kernel.ld */

static paddr_t image_pa(const u8 *p)
{
	return (vaddr_t)p - KERNEL_IMAGE_BASE;
}

paddr_t bump_alloc(struct bump *b, u64 npages)
{
	u64 bytes = npages * PAGE_SIZE;
	if (b->end - b->next < bytes)
		return 0;
	paddr_t pa = b->next;
	b->next += bytes;
	memset(pa_to_kva(pa), 0, bytes);
	return pa;
}

/* The entry for va at `level` (0: 4 KiB, 1: 2 MiB); tables on the way are made. */
static u64 *entry(struct bump *b, vaddr_t va, u32 level)
{
	u64 *t = pa_to_kva(kernel_pmap.root);
	for (u32 l = 3; l > level; l--) {
		u64 *e = &t[(va >> (PAGE_SHIFT + 9 * l)) & 511];
		if (!*e) {
			paddr_t pa = bump_alloc(b, 1);
			if (!pa)
				return NULL;
			*e = pa | PTE_PRESENT | PTE_WRITE;
		}
		t = pa_to_kva(*e & PTE_ADDR);
	}
	return &t[(va >> (PAGE_SHIFT + 9 * level)) & 511];
}

static u32 image_prot(paddr_t pa, bool linked_address)
{
	if (!GUARD_WXORX)
		return PMAP_WRITE | PMAP_EXEC;
	if (pa >= image_pa(image_start) && pa < image_pa(text_end))
		return linked_address ? PMAP_EXEC : PMAP_READ;
	if (pa >= image_pa(text_end) && pa < image_pa(rodata_end))
		return PMAP_READ;
	return PMAP_WRITE;
}

static bool map_small(struct bump *b, vaddr_t base, paddr_t start, paddr_t end, bool linked)
{
	for (paddr_t pa = start; pa < end; pa += PAGE_SIZE) {
		u64 *e = entry(b, base + pa, 0);
		if (!e)
			return false;
		*e = pte_make(pa, image_prot(pa, linked));
	}
	return true;
}

static bool map_large(struct bump *b, paddr_t start, paddr_t end)
{
	for (paddr_t pa = start; pa < end; pa += LARGE_PAGE) {
		u64 *e = entry(b, DIRECT_MAP_BASE + pa, 1);
		if (!e)
			return false;
		*e = pte_make(pa, PMAP_WRITE) | PTE_LARGE;
	}
	return true;
}

/* Every slot of the upper half gets its table now: address spaces copy the slots once. */
static bool fill_upper_half(struct bump *b)
{
	u64 *root = pa_to_kva(kernel_pmap.root);
	static const vaddr_t areas[] = { DIRECT_MAP_BASE, KSTACK_AREA_BASE, MMIO_AREA_BASE,
					 KERNEL_IMAGE_BASE };
	for (u32 i = 0; i < ARRAY_SIZE(areas); i++) {
		u64 *e = &root[(areas[i] >> 39) & 511];
		if (*e)
			continue;
		paddr_t pa = bump_alloc(b, 1);
		if (!pa)
			return false;
		*e = pa | PTE_PRESENT | PTE_WRITE;
	}
	return true;
}

bool kernel_map_init(const struct mem_map *mm, struct bump *b)
{
	paddr_t image_lo = align_down(image_pa(image_start), LARGE_PAGE);
	paddr_t image_hi = align_up(image_pa(image_end), LARGE_PAGE);

	kernel_pmap.root = bump_alloc(b, 1);
	if (!kernel_pmap.root || !fill_upper_half(b))
		return false;
	if (!map_small(b, KERNEL_IMAGE_BASE, image_pa(image_start), image_pa(image_end), true) ||
	    !map_small(b, DIRECT_MAP_BASE, image_lo, image_hi, false) ||
	    !map_large(b, image_hi, align_up(mm->ram_end, LARGE_PAGE)))
		return false;
	pmap_activate(&kernel_pmap);
	return true;
}

void *mmio_map(paddr_t pa, u64 len)
{
	static vaddr_t next = MMIO_AREA_BASE;
	paddr_t first = align_down(pa, PAGE_SIZE);
	vaddr_t va = next;
	for (paddr_t p = first; p < pa + len; p += PAGE_SIZE, next += PAGE_SIZE)
		if (pmap_map(&kernel_pmap, next, p, PMAP_WRITE | PMAP_UNCACHED))
			return NULL;
	return (void *)(va + (pa - first));
}
