/* SPDX-License-Identifier: MIT */
/*
 * Host tests: physical memory is an array and the direct map its address. Stands in for
 * machine/pmap.h, of which the tested rooms use only this.
 */
#ifndef MACHINE_PMAP_H
#define MACHINE_PMAP_H

#include "base/types.h"

extern u8 fake_ram[];

static inline void *pa_to_kva(paddr_t pa)
{
	return fake_ram + pa;
}
static inline paddr_t kva_to_pa(const void *kva)
{
	return (paddr_t)((const u8 *)kva - fake_ram);
}

#endif
