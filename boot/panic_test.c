/* SPDX-License-Identifier: MIT */
/* The panic= option of the command line: deliberate faults for tests/boot. */
#include <stdarg.h>

#include "boot/end.h"
#include "boot/panic.h"
#include "lib/printf.h"
#include "machine/log.h"

#define UNMAPPED_KERNEL_ADDRESS 0xffffe00000000000ull
#define USER_ADDRESS 0x10000ull

static u64 recurse(u64 depth)
{
	volatile u8 pad[512];
	pad[depth % sizeof(pad)] = (u8)depth;
	return depth == UINT64_MAX ? 0 : recurse(depth + 1) + pad[depth % sizeof(pad)];
}

void panic_provoke(enum panic_test test)
{
	switch (test) {
	case PANIC_NONE:
		return;
	case PANIC_BOOT:
		panic("asked for by panic=boot");
	case PANIC_USER:
		*(volatile u8 *)USER_ADDRESS;
		break;
	case PANIC_FAULT:
		*(volatile u8 *)UNMAPPED_KERNEL_ADDRESS;
		break;
	case PANIC_STACK:
		recurse(0);
		break;
	}
	panic("panic= did not fault");
}

void boot_refuse(const char *fmt, ...)
{
	char why[LOG_LINE_MAX];
	va_list args;
	va_start(args, fmt);
	kvsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	klog("cannot start: %s", why);
	system_end(HL_EXIT_CONFIG, 0, why);
}
