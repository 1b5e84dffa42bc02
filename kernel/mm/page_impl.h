/* SPDX-License-Identifier: MIT */
/* Filling the page allocator; for boot only, through kernel/mm/init.h. */
#ifndef KERNEL_MM_PAGE_IMPL_H
#define KERNEL_MM_PAGE_IMPL_H

#include "base/types.h"

void page_add_range(paddr_t start, paddr_t end);

#endif
