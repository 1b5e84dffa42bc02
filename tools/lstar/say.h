/* SPDX-License-Identifier: MIT */
/*
 * What the launcher itself says. Every message goes to stderr as "lstar: ..." in one
 * write, so that it cannot be torn by the program's own output, and answers what
 * happened, why, and what to do. stdout belongs to the program alone.
 */
#ifndef TOOLS_LSTAR_SAY_H
#define TOOLS_LSTAR_SAY_H

#include <stddef.h>

#include "base/types.h"

/* Exit codes that are not the program's own (docs/man/lstar.1.scd, EXIT STATUS). */
enum {
	EXIT_TIMEOUT = 124,
	EXIT_LAUNCHER = 125,
	EXIT_CANNOT_EXEC = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_BY_SIGNAL = 128, /* plus the signal's number */
};

PRINTF_LIKE(1, 2) void say(const char *fmt, ...);
/* say, then leave with EXIT_LAUNCHER: only where nothing needs undoing. */
NORETURN PRINTF_LIKE(1, 2) void die(const char *fmt, ...);
/* Text made by the guest: control characters other than newline and tab are escaped. */
void say_guest_text(const char *text, size_t n);

#endif
