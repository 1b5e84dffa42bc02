/* SPDX-License-Identifier: MIT */
/* What the launcher must know of the host's processor: its TSC rate, and whether KVM is sound. */
#ifndef TOOLS_LSTAR_HOSTCPU_H
#define TOOLS_LSTAR_HOSTCPU_H

#include "base/types.h"

struct tsc_sample {
	u64 tsc;
	u64 ns;
};

struct tsc_sample tsc_sample(void);
/* Rate between an earlier sample and now; waits until they are far enough apart to be exact. */
u64 tsc_khz_since(struct tsc_sample start);

/* NULL: KVM can be used. Otherwise why not, for `lstar doctor`. */
const char *kvm_problem(void);

#endif
