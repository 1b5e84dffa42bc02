/* SPDX-License-Identifier: MIT */
/*
 * CPUID, once. Every control bit is asked for here before it is set: setting a CR4 bit the
 * model does not have faults on hardware and hangs the virtual CPU under QEMU 7.2.
 */
#include "base/guards.h"
#include "cpu/features.h"

struct cpu_features cpu_features;

#define BIT(word, n) (((word) >> (n)) & 1)
/* x87, SSE, AVX, AVX-512: what context switches carry. PKRU and AMX are left off. */
#define XCR0_WANTED 0xe7ull

/* Words instead of strings: the library calls no memcmp, which its host may not have. */
#define WORD(a, b, c, d) ((u32)(a) | (u32)(b) << 8 | (u32)(c) << 16 | (u32)(d) << 24)

static enum cpu_vendor vendor_of(const struct cpuid *r)
{
	static const struct {
		u32 b, d, c;
		enum cpu_vendor vendor;
	} known[] = {
		{ WORD('G', 'e', 'n', 'u'), WORD('i', 'n', 'e', 'I'), WORD('n', 't', 'e', 'l'),
		  VENDOR_INTEL },
		{ WORD('A', 'u', 't', 'h'), WORD('e', 'n', 't', 'i'), WORD('c', 'A', 'M', 'D'),
		  VENDOR_AMD },
		{ WORD('H', 'y', 'g', 'o'), WORD('n', 'G', 'e', 'n'), WORD('u', 'i', 'n', 'e'),
		  VENDOR_AMD },
	};

	for (u32 i = 0; i < ARRAY_SIZE(known); i++) {
		if (r->b == known[i].b && r->d == known[i].d && r->c == known[i].c)
			return known[i].vendor;
	}
	return VENDOR_OTHER;
}

static void features_basic(struct cpu_features *f)
{
	struct cpuid r = cpuid(1, 0);
	f->hwcap = r.d;
	f->sysenter = BIT(r.d, 11);
	f->pge = BIT(r.d, 13);
	f->xsave = BIT(r.c, 26);
	f->rdrand = BIT(r.c, 30);
	f->tsc_deadline = BIT(r.c, 24);
}

static void features_leaf7(struct cpu_features *f)
{
	struct cpuid r = cpuid(7, 0);
	f->fsgsbase = BIT(r.b, 0);
	f->smep = GUARD_SMEP && BIT(r.b, 7);
	f->smap = GUARD_SMAP && BIT(r.b, 20);
	f->rdseed = BIT(r.b, 18);
	f->umip = GUARD_UMIP && BIT(r.c, 2);
}

static void features_extended(struct cpu_features *f)
{
	u32 max = cpuid(0x80000000, 0).a;
	struct cpuid r = cpuid(0x80000001, 0);
	f->nx = GUARD_NX && BIT(r.d, 20);
	f->page1g = BIT(r.d, 26);
	f->phys_bits = max >= 0x80000008 ? cpuid(0x80000008, 0).a & 0xff : 36;
}

static void features_xsave(struct cpu_features *f)
{
	f->xsave_size = 512;
	if (!f->xsave)
		return;
	struct cpuid d0 = cpuid(0xd, 0);
	f->xcr0 = ((u64)d0.d << 32 | d0.a) & XCR0_WANTED;
	f->xsaveopt = BIT(cpuid(0xd, 1).a, 0);
	f->xsave_size = 512 + 64;
	for (u32 i = 2; i < 63; i++) {
		if (!(f->xcr0 & 1ull << i))
			continue;
		struct cpuid c = cpuid(0xd, i);
		if (c.b + c.a > f->xsave_size)
			f->xsave_size = c.b + c.a;
	}
}

void cpu_features_init(void)
{
	struct cpu_features *f = &cpu_features;
	struct cpuid first = cpuid(0, 0);
	u32 max = first.a;
	f->vendor = vendor_of(&first);
	features_basic(f);
	if (max >= 7)
		features_leaf7(f);
	features_extended(f);
	f->xsave = f->xsave && max >= 0xd;
	features_xsave(f);
}
