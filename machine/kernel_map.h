/* SPDX-License-Identifier: MIT */
/*
 * The kernel's half of the address map: direct map, image, kernel stacks, device
 * registers. Built once, with memory from a bump allocator, before any other allocator.
 */
#ifndef MACHINE_KERNEL_MAP_H
#define MACHINE_KERNEL_MAP_H

#include "base/types.h"

/* Physical memory as the boot loader described it. */
struct mem_range {
	paddr_t start, end;
	bool usable;
};
#define MEM_RANGES_MAX 64
struct mem_map {
	struct mem_range range[MEM_RANGES_MAX];
	u32 count;
	paddr_t ram_end; /* end of the highest usable range */
};

/* A bump allocator over one usable range; next only grows. */
struct bump {
	paddr_t start, next, end;
};
/* Zeroed pages, or 0 when there are no more. */
paddr_t bump_alloc(struct bump *b, u64 npages);

/* Fills kernel_pmap and loads it. False: out of memory. */
MUST_CHECK bool kernel_map_init(const struct mem_map *mm, struct bump *b);

/* Maps device registers, uncached; NULL when tables cannot be had. */
void *mmio_map(paddr_t pa, u64 len);

#endif
