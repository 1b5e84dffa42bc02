/* SPDX-License-Identifier: MIT */
/*
 * What the boot loader said, copied out of memory that is about to be reused, and the
 * kernel command line (documented in abi/hostlink.h).
 */
#ifndef BOOT_BOOTINFO_H
#define BOOT_BOOTINFO_H

#include "base/types.h"
#include "machine/kernel_map.h"

#define CMDLINE_MAX 2048

enum panic_test { PANIC_NONE, PANIC_BOOT, PANIC_USER, PANIC_FAULT, PANIC_STACK };

struct boot_options {
	bool hostlink;
	u64 tsc_khz, epoch_ns;
	u8 seed[32];
	u64 seed_len;
	enum panic_test panic;
	char break_what[16];
	u32 break_cpu;
};

struct boot_info {
	struct mem_map mem;
	struct mem_range initrd; /* start == end: none */
	paddr_t rsdp;
	char cmdline[CMDLINE_MAX];
	struct boot_options opt;
};

/* NULL, or what is wrong with it. */
const char *bootinfo_read(struct boot_info *bi);
/* Logs words it does not know and goes on. */
void cmdline_parse(struct boot_info *bi);

#endif
