/* SPDX-License-Identifier: MIT */
/* What a PVH loader leaves for the kernel (Xen public/arch-x86/hvm/start_info.h). */
#ifndef BOOT_PVH_H
#define BOOT_PVH_H

#include "base/types.h"

#define PVH_MAGIC 0x336ec578u

struct pvh_start_info {
	u32 magic, version, flags, nr_modules;
	u64 modlist, cmdline, rsdp;
	/* version 1 */
	u64 memmap;
	u32 memmap_entries, reserved;
};

struct pvh_module {
	u64 paddr, size, cmdline, reserved;
};

struct pvh_memmap_entry {
	u64 addr, size;
	u32 type, reserved; /* type 1: usable RAM */
};

#endif
