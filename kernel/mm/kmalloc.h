/* SPDX-License-Identifier: MIT */
/*
 * Kernel memory of any size: slabs of power-of-two objects up to half a page, whole
 * pages above. Does not sleep; NULL when memory is out. Aligned to 16 bytes at least,
 * to a page from PAGE_SIZE up.
 */
#ifndef KERNEL_MM_KMALLOC_H
#define KERNEL_MM_KMALLOC_H

#include "base/types.h"

MUST_CHECK void *kmalloc(u64 size);
MUST_CHECK void *kzalloc(u64 size);
/* Grows or shrinks; on failure NULL, and the old block stays. */
MUST_CHECK void *krealloc(void *old, u64 old_size, u64 new_size);
void kfree(void *p); /* NULL is fine */

#endif
