/* SPDX-License-Identifier: MIT */
/* What this CPU has (CPUID); read once by the first CPU, the same on all. */
#ifndef CPU_FEATURES_H
#define CPU_FEATURES_H

#include "base/types.h"

/* Whose CPU: they differ in what 32-bit code may execute. */
enum cpu_vendor { VENDOR_OTHER, VENDOR_INTEL, VENDOR_AMD };

struct cpu_features {
	enum cpu_vendor vendor;
	bool nx, smep, smap, umip, fsgsbase, xsave, xsaveopt, pge, page1g, rdrand, rdseed,
		tsc_deadline;
	bool sysenter;
	u64 xcr0;	/* state components we enable; 0 without XSAVE */
	u32 xsave_size; /* bytes of the area for xcr0 (512 with FXSAVE) */
	u32 phys_bits;
	u32 hwcap; /* CPUID(1).EDX, for AT_HWCAP */
};

extern struct cpu_features cpu_features;
void cpu_features_init(void);

struct cpuid {
	u32 a, b, c, d;
};
static inline struct cpuid cpuid(u32 leaf, u32 subleaf)
{
	struct cpuid r;
	__asm__ volatile("cpuid"
			 : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
			 : "a"(leaf), "c"(subleaf));
	return r;
}

static inline u64 tsc_read(void)
{
	u32 lo, hi;
	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (u64)hi << 32 | lo;
}

#endif
