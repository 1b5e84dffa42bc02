/* SPDX-License-Identifier: MIT */
/* Page-table entry bits (SDM vol. 3, table 4-20), and building the kernel's half. */
#ifndef MACHINE_PMAP_IMPL_H
#define MACHINE_PMAP_IMPL_H

#include "base/types.h"

#define PTE_PRESENT (1ull << 0)
#define PTE_WRITE (1ull << 1)
#define PTE_USER (1ull << 2)
#define PTE_PWT (1ull << 3)
#define PTE_PCD (1ull << 4)
#define PTE_ACCESSED (1ull << 5)
#define PTE_DIRTY (1ull << 6)
#define PTE_LARGE (1ull << 7)
#define PTE_GLOBAL (1ull << 8)
#define PTE_NX (1ull << 63)
#define PTE_ADDR 0x000ffffffffff000ull

#define USER_HALF_END 0x0000800000000000ull

u64 pte_make(paddr_t pa, u32 prot);

#endif
