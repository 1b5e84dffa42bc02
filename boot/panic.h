/* SPDX-License-Identifier: MIT */
#ifndef BOOT_PANIC_H
#define BOOT_PANIC_H

#include "base/types.h"
#include "boot/bootinfo.h"

NORETURN void panic(const char *fmt, ...) PRINTF_LIKE(1, 2);
/* Not our fault, but no way to go on: a line for the user, no register dump. */
NORETURN void boot_refuse(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* From the NMI handler: the CPU stays here for ever when another one panicked. */
void panic_stop_if_asked(void);

/* panic=...: breaks the kernel on purpose, each in its own way, so that tests see the report. */
void panic_provoke(enum panic_test test);

#endif
