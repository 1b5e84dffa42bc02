/* SPDX-License-Identifier: MIT */
/*
 * What a multiboot2 loader leaves for the kernel (Multiboot2 Specification 2.0, 3.6): a
 * size, then tags, each beginning on eight bytes. The header that asks for it is in start.S.
 */
#ifndef BOOT_MULTIBOOT2_H
#define BOOT_MULTIBOOT2_H

#define MULTIBOOT2_HEADER_MAGIC 0xe85250d6
#define MULTIBOOT2_MAGIC 0x36d76289 /* in eax */

#ifndef __ASSEMBLER__
#include "base/types.h"

enum mb2_tag_type {
	MB2_END = 0,
	MB2_CMDLINE = 1,
	MB2_MODULE = 3,
	MB2_MEMMAP = 6,
	MB2_RSDP_OLD = 14, /* a copy of the table, not its address */
	MB2_RSDP_NEW = 15,
};

struct mb2_info {
	u32 size, reserved;
};

struct mb2_tag {
	u32 type, size; /* size without the padding behind it */
};

struct mb2_module {
	struct mb2_tag tag;
	u32 start, end;
	char cmdline[];
};

struct mb2_memmap {
	struct mb2_tag tag;
	u32 entry_size, entry_version;
};

struct mb2_memmap_entry {
	u64 addr, size;
	u32 type, reserved; /* as PVH's */
};
#endif
#endif
