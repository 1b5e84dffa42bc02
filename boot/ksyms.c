/* SPDX-License-Identifier: MIT */
/* Binary search in the generated table. */
#include "boot/ksyms.h"

extern u8 image_start[], text_end[];
/* gen/ksyms.S */
extern const u32 ksyms_count, ksyms_addr[], ksyms_name[];
extern const char ksyms_text[];

const char *ksym_find(u64 addr, u64 *offset)
{
	if (addr < (u64)image_start || addr >= (u64)text_end || !ksyms_count)
		return NULL;
	u32 at = (u32)(addr - (u64)image_start), lo = 0, hi = ksyms_count;
	while (hi - lo > 1) {
		u32 mid = (lo + hi) / 2;
		if (ksyms_addr[mid] <= at)
			lo = mid;
		else
			hi = mid;
	}
	*offset = at - ksyms_addr[lo];
	return ksyms_text + ksyms_name[lo];
}
