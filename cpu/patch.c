/* SPDX-License-Identifier: MIT */
/*
 * Tables that assembly leaves for C: exception fixups, and the places that become CLAC or
 * STAC. Their sections have names that C could spell, and for those the linker itself defines
 * where they start and stop: no linker script has to. (Only if it has put nothing else with
 * them. Weak, because without GUARD_EXTABLE one of them is not there.)
 */
#include "cpu/cpu.h"
#include "cpu/extable.h"

struct extable_row {
	u64 insn, fixup;
};
struct smap_site {
	u64 at, opcode;
};
#define TABLE(type, section)                                                \
	extern const struct type __start_##section[] __attribute__((weak)); \
	extern const struct type __stop_##section[] __attribute__((weak))
TABLE(extable_row, lstar_ex_table);
TABLE(smap_site, lstar_smap_sites);

u64 extable_find(u64 rip)
{
	for (const struct extable_row *r = __start_lstar_ex_table; r < __stop_lstar_ex_table; r++)
		if (r->insn == rip)
			return r->fixup;
	return 0;
}

/* CLAC is 0f 01 ca, STAC 0f 01 cb; without SMAP both are #UD, so the sites start as NOPs. */
void cpu_patch(void)
{
	if (!cpu_features.smap)
		return;
	for (const struct smap_site *s = __start_lstar_smap_sites; s < __stop_lstar_smap_sites;
	     s++) {
		volatile u8 *insn = (volatile u8 *)s->at;
		insn[0] = 0x0f;
		insn[1] = 0x01;
		insn[2] = (u8)s->opcode;
	}
	cpuid(0, 0); /* serialises: the patched bytes are what runs from here on */
}
