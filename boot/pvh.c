/* SPDX-License-Identifier: MIT */
/* Copies the PVH start info; its memory is reused as soon as there is an allocator. */
#include "boot/pvh.h"
#include "boot/bootinfo_impl.h"
#include "lib/string.h"

const char *pvh_read(struct boot_info *bi)
{
	const struct pvh_start_info *si = bootinfo_early(boot_info_pa, sizeof(*si));
	if (!si || si->magic != PVH_MAGIC)
		return "no PVH start info: this kernel is started by qemu -kernel or from GRUB";
	if (si->version < 1 || !si->memmap)
		return "PVH start info without a memory map";
	const struct pvh_memmap_entry *map =
		bootinfo_early(si->memmap, (u64)si->memmap_entries * sizeof(*map));
	if (!map)
		return "memory map out of reach";
	for (u32 i = 0; i < si->memmap_entries; i++)
		bootinfo_add_memory(&bi->mem, map[i].addr, map[i].size, map[i].type);
	bi->rsdp = si->rsdp;
	const struct pvh_module *mod = bootinfo_early(si->modlist, sizeof(*mod));
	if (si->nr_modules && mod)
		bi->initrd = (struct mem_range){ mod->paddr, mod->paddr + mod->size, true };
	const char *cmd = bootinfo_early(si->cmdline, 1);
	if (cmd)
		strlcpy(bi->cmdline, cmd, sizeof(bi->cmdline));
	return NULL;
}
