/* SPDX-License-Identifier: MIT */
/*
 * The terminal. The launcher owns it: QEMU never sees it. The program's tcsetattr
 * arrives as a request in the link page and is applied here; whatever ends the
 * launcher, the terminal gets back the settings it had at the start.
 *
 * One terminal at most, hence module state instead of an object: exit handlers and
 * fatal-signal handlers must find it.
 */
#ifndef TOOLS_LSTAR_TTY_H
#define TOOLS_LSTAR_TTY_H

#include "abi/hostlink.h"
#include "base/types.h"

struct tty_info {
	unsigned mask; /* bit n: descriptor n is a terminal */
	u8 termios[HL_TERMIOS_BYTES];
	u16 rows, cols;
};

/* fds: mask of the open standard descriptors. Remembers settings, arms restoration at exit. */
void tty_init(unsigned fds);
/* False: none of the standard descriptors is a terminal. */
bool tty_info(struct tty_info *info);

/* Is the launcher in the terminal's foreground process group (or is there no terminal)? */
bool tty_foreground(void);

/* Write the present window size into the link page; true: the guest does not know it yet. */
bool tty_update_size(struct hl_tty *link);
/* Is there a request that was not applied yet? Callers flush the output rings first. */
bool tty_request_pending(const struct hl_tty *link);
/* Apply it; false: stopped by job control, try again after continuing. */
MUST_CHECK bool tty_apply(struct hl_tty *link);

/* Async-signal-safe. Back to the settings of the start; and to the program's again. */
void tty_restore(void);
void tty_resume(void);

#endif
