/* SPDX-License-Identifier: MIT */
/*
 * What both loaders' information has in common. Everything it points to must lie below
 * 1 GiB, which is what the first page tables reach; what does not is refused.
 */
#include "boot/bootinfo_impl.h"
#include "boot/multiboot2.h"
#include "machine/pmap.h"

#define EARLY_LIMIT (1ull << 30)

const void *bootinfo_early(paddr_t pa, u64 len)
{
	return pa && len <= EARLY_LIMIT && pa <= EARLY_LIMIT - len ? pa_to_kva(pa) : NULL;
}

/* ACPI's tables are memory too: the direct map has to reach them (machine/acpi.c). */
static bool is_ram(u32 type)
{
	return type == MEM_USABLE || type == MEM_ACPI_TABLES || type == MEM_ACPI_NVS;
}

void bootinfo_add_memory(struct mem_map *mm, u64 addr, u64 size, u32 type)
{
	if (!size || mm->count == MEM_RANGES_MAX || addr + size < addr)
		return;
	u32 i = mm->count++;
	for (; i > 0 && mm->range[i - 1].start > addr; i--)
		mm->range[i] = mm->range[i - 1];
	mm->range[i] = (struct mem_range){ addr, addr + size, type == MEM_USABLE };
	if (is_ram(type))
		mm->ram_end = max_u64(mm->ram_end, addr + size);
}

const char *bootinfo_read(struct boot_info *bi)
{
	const char *wrong = boot_magic == MULTIBOOT2_MAGIC ? multiboot2_read(bi) : pvh_read(bi);
	if (!wrong)
		cmdline_parse(bi);
	return wrong;
}
