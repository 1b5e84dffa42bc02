/* SPDX-License-Identifier: MIT */
#ifndef BOOT_END_H
#define BOOT_END_H

#include "abi/hostlink.h"
#include "base/types.h"

/* The last thing the system does: says how it ended and stops the machine. */
NORETURN void system_end(enum hl_exit_kind kind, u32 value, const char *text);

#endif
