/* SPDX-License-Identifier: MIT */
/*
 * Tables that assembly leaves for C: exception fixups, and the places that become CLAC or
 * STAC. The linker script of the kernel gathers the sections and names their ends.
 */
#include "cpu/cpu.h"
#include "cpu/extable.h"

struct extable_row {
	u64 insn, fixup;
};
struct smap_site {
	u64 at, opcode;
};
extern const struct extable_row ex_table_start[], ex_table_end[];
extern const struct smap_site smap_sites_start[], smap_sites_end[];

u64 extable_find(u64 rip)
{
	for (const struct extable_row *r = ex_table_start; r < ex_table_end; r++)
		if (r->insn == rip)
			return r->fixup;
	return 0;
}

/* CLAC is 0f 01 ca, STAC 0f 01 cb; without SMAP both are #UD, so the sites start as NOPs. */
void cpu_patch(void)
{
	if (!cpu_features.smap)
		return;
	for (const struct smap_site *s = smap_sites_start; s < smap_sites_end; s++) {
		volatile u8 *insn = (volatile u8 *)s->at;
		insn[0] = 0x0f;
		insn[1] = 0x01;
		insn[2] = (u8)s->opcode;
	}
	cpuid(0, 0); /* serialises: the patched bytes are what runs from here on */
}
