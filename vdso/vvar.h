/* SPDX-License-Identifier: MIT */
/*
 * The page that the kernel writes and every program may read: what it takes to tell the
 * time from the TSC. It lies in front of the 64-bit vDSO's image.
 *
 * seq is odd while the kernel writes; a reader that saw it odd, or changed, reads again.
 */
#ifndef VDSO_VVAR_H
#define VDSO_VVAR_H

#include "base/types.h"

struct vvar {
	u32 seq;
	u32 pad0;
	u64 tsc_start;	 /* TSC when CLOCK_MONOTONIC was 0 */
	u64 ns_per_tick; /* << VVAR_SHIFT */
	u64 epoch_ns;	 /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
};

#define VVAR_SHIFT 32
/* A segment whose limit is the number of the CPU it is looked up on: cpu/desc.h. */
#define VVAR_CPU_SELECTOR 0x7b

#endif
