/* SPDX-License-Identifier: MIT */
/*
 * Bounds that also hold under speculation (Spectre v1): an index or address that failed
 * its check is forced to 0 by data flow, not by the branch the CPU may have mispredicted.
 */
#ifndef CPU_SPECULATION_H
#define CPU_SPECULATION_H

#include "base/types.h"

/* index when index < size, else 0; by CMP/SBB, which no predictor skips. */
static inline u64 index_clamp(u64 index, u64 size)
{
	u64 mask;
	__asm__ volatile("cmp %2, %1; sbb %0, %0" : "=r"(mask) : "r"(index), "r"(size) : "cc");
	return index & mask;
}

/* index when index < last, else last: for tables whose last row answers for all others. */
static inline u64 index_or_last(u64 index, u64 last)
{
	__asm__ volatile("cmp %1, %0; cmova %1, %0" : "+r"(index) : "r"(last) : "cc");
	return index;
}

#endif
