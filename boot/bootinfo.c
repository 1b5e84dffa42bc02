/* SPDX-License-Identifier: MIT */
/*
 * Copies the PVH start info. Everything it points to lies below 1 GiB (the loader's own
 * promise for the start info, and what the first page tables reach); entries that do not
 * are refused.
 */
#include "boot/bootinfo.h"
#include "boot/pvh.h"
#include "lib/string.h"
#include "machine/pmap.h"

#define EARLY_LIMIT (1ull << 30)
#define MEMMAP_USABLE 1

extern u64 boot_info_pa;

static const void *early(paddr_t pa, u64 len)
{
	return pa && len <= EARLY_LIMIT && pa <= EARLY_LIMIT - len ? pa_to_kva(pa) : NULL;
}

/* Sorted by start; zero-length entries (there are some) are dropped. */
static void mem_add(struct mem_map *mm, const struct pvh_memmap_entry *e)
{
	if (!e->size || mm->count == MEM_RANGES_MAX || e->addr + e->size < e->addr)
		return;
	u32 i = mm->count++;
	for (; i > 0 && mm->range[i - 1].start > e->addr; i--)
		mm->range[i] = mm->range[i - 1];
	mm->range[i] = (struct mem_range){ e->addr, e->addr + e->size, e->type == MEMMAP_USABLE };
	if (e->type == MEMMAP_USABLE)
		mm->ram_end = max_u64(mm->ram_end, e->addr + e->size);
}

const char *bootinfo_read(struct boot_info *bi)
{
	const struct pvh_start_info *si = early(boot_info_pa, sizeof(*si));
	if (!si || si->magic != PVH_MAGIC)
		return "no PVH start info: this kernel is started by qemu -kernel";
	if (si->version < 1 || !si->memmap)
		return "PVH start info without a memory map";
	const struct pvh_memmap_entry *map =
		early(si->memmap, (u64)si->memmap_entries * sizeof(*map));
	if (!map)
		return "memory map out of reach";
	for (u32 i = 0; i < si->memmap_entries; i++)
		mem_add(&bi->mem, &map[i]);
	bi->rsdp = si->rsdp;
	const struct pvh_module *mod = early(si->modlist, sizeof(*mod));
	if (si->nr_modules && mod)
		bi->initrd = (struct mem_range){ mod->paddr, mod->paddr + mod->size, true };
	const char *cmd = early(si->cmdline, 1);
	if (cmd)
		strlcpy(bi->cmdline, cmd, sizeof(bi->cmdline));
	cmdline_parse(bi);
	return NULL;
}
