/* SPDX-License-Identifier: MIT */
/* Starting the memory system, in the order of the declarations. */
#ifndef KERNEL_MM_INIT_H
#define KERNEL_MM_INIT_H

#include "base/types.h"
#include "machine/kernel_map.h"

/* Makes the page array from the bump allocator and hands the rest of RAM to the page
 * allocator: everything usable but the image, what bump gave out and `keep` (the initrd).
 * False: out of memory. */
MUST_CHECK bool mm_init(const struct mem_map *mm, struct bump *b, const struct mem_range *keep);

/* A kernel stack with an unmapped page below it; *top is 16-byte aligned. -ENOMEM. */
#define KSTACK_SIZE 16384ull
MUST_CHECK err_t kstack_alloc(vaddr_t *top);
void kstack_free(vaddr_t top);
/* True when addr lies in the unmapped part below a kernel stack: an overflow. */
bool kstack_is_guard(vaddr_t addr);

#endif
