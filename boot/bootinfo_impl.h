/* SPDX-License-Identifier: MIT */
/* Shared by the readers of the two loaders' information, pvh.c and multiboot2.c. */
#ifndef BOOT_BOOTINFO_IMPL_H
#define BOOT_BOOTINFO_IMPL_H

#include "boot/bootinfo.h"

extern u64 boot_info_pa;
extern u32 boot_magic; /* MULTIBOOT2_MAGIC, or 0: PVH */

/* The kernel's view of loader memory; NULL when the first page tables do not reach it. */
const void *bootinfo_early(paddr_t pa, u64 len);

/* The types of E820 and ACPI, which both loaders use. */
enum { MEM_USABLE = 1, MEM_ACPI_TABLES = 3, MEM_ACPI_NVS = 4 };
/* Sorted by start; zero-length entries (there are some) are dropped. */
void bootinfo_add_memory(struct mem_map *mm, u64 addr, u64 size, u32 type);

/* NULL, or what is wrong with it. */
const char *pvh_read(struct boot_info *bi);
const char *multiboot2_read(struct boot_info *bi);

#endif
