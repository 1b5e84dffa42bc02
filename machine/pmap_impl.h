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
/*
 * A page that is kept but nobody may touch (PROT_NONE): not present, this bit set, and the
 * address inverted, so that a CPU which speculates past the present bit (L1TF) finds none of
 * ours. Ours alone: the CPU ignores bit 9.
 */
#define PTE_HELD (1ull << 9)
#define PTE_NX (1ull << 63)
#define PTE_ADDR 0x000ffffffffff000ull

#define USER_HALF_END 0x0000800000000000ull

u64 pte_make(paddr_t pa, u32 prot);

static inline bool pte_filled(u64 pte)
{
	return pte & (PTE_PRESENT | PTE_HELD);
}

static inline paddr_t pte_pa(u64 pte)
{
	return (pte & PTE_PRESENT ? pte : ~pte) & PTE_ADDR;
}

#endif
