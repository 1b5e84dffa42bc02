/* SPDX-License-Identifier: MIT */
/*
 * Copies what a multiboot2 loader (GRUB) says: command line, first module, memory map and
 * the ACPI root pointer, which the loader itself hands over as a copy. A tag that does not
 * fit where it claims to lie ends the walk. The loader has left firmware behind, on UEFI
 * too: no tag asks it to keep the boot services.
 */
#include "boot/multiboot2.h"
#include "boot/bootinfo_impl.h"
#include "lib/string.h"
#include "machine/kernel_map.h"
#include "machine/pmap.h"

/* Survives the reuse of the loader's memory; aligned as the table itself is. */
static u8 rsdp_copy[64] __attribute__((aligned(16)));

static void read_memmap(const struct mb2_tag *tag, struct boot_info *bi)
{
	const struct mb2_memmap *map = (const void *)tag;
	if (tag->size < sizeof(*map) || map->entry_size < sizeof(struct mb2_memmap_entry))
		return;
	u32 n = (tag->size - sizeof(*map)) / map->entry_size;
	for (u32 i = 0; i < n; i++) {
		const struct mb2_memmap_entry *e =
			(const void *)((const u8 *)(map + 1) + (u64)i * map->entry_size);
		bootinfo_add_memory(&bi->mem, e->addr, e->size, e->type);
	}
}

static void read_rsdp(const struct mb2_tag *tag, struct boot_info *bi)
{
	u64 len = min_u64(tag->size - sizeof(*tag), sizeof(rsdp_copy));
	memcpy(rsdp_copy, tag + 1, len);
	bi->rsdp = (vaddr_t)rsdp_copy - KERNEL_IMAGE_BASE;
}

static void read_module(const struct mb2_tag *tag, struct boot_info *bi)
{
	const struct mb2_module *mod = (const void *)tag;
	if (tag->size >= sizeof(*mod) && mod->end > mod->start && !bi->initrd.end)
		bi->initrd = (struct mem_range){ mod->start, mod->end, true };
}

static void read_cmdline(const struct mb2_tag *tag, struct boot_info *bi)
{
	u64 len = min_u64(tag->size - sizeof(*tag), sizeof(bi->cmdline) - 1);
	memcpy(bi->cmdline, tag + 1, len); /* ends in NUL: the loader's, or the array's */
}

static void read_tag(const struct mb2_tag *tag, struct boot_info *bi)
{
	switch (tag->type) {
	case MB2_CMDLINE:
		read_cmdline(tag, bi);
		break;
	case MB2_MODULE:
		read_module(tag, bi);
		break;
	case MB2_MEMMAP:
		read_memmap(tag, bi);
		break;
	case MB2_RSDP_OLD:
		if (!bi->rsdp) /* the new one has a pointer more */
			read_rsdp(tag, bi);
		break;
	case MB2_RSDP_NEW:
		read_rsdp(tag, bi);
		break;
	}
}

const char *multiboot2_read(struct boot_info *bi)
{
	const struct mb2_info *info = bootinfo_early(boot_info_pa, sizeof(*info));
	if (!info || !bootinfo_early(boot_info_pa, info->size))
		return "multiboot2 information out of reach";
	const u8 *p = (const u8 *)(info + 1), *end = (const u8 *)info + info->size;
	while (p + sizeof(struct mb2_tag) <= end) {
		const struct mb2_tag *tag = (const void *)p;
		if (tag->type == MB2_END || tag->size < sizeof(*tag) || tag->size > (u64)(end - p))
			break;
		read_tag(tag, bi);
		p += align_up(tag->size, 8);
	}
	return bi->mem.count ? NULL : "multiboot2 information without a memory map";
}
