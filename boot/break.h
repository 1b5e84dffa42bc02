/* SPDX-License-Identifier: MIT */
/* break=WHAT[@CPU] of the command line: sets one thing wrong, so that the self-check is seen
 * to notice (tests/boot). */
#ifndef BOOT_BREAK_H
#define BOOT_BREAK_H

#include "base/types.h"

/* On CPU number cpu, before its self-check; what "" does nothing. */
void break_cpu(const char *what, u32 cpu);
/* False: no such thing to break. */
bool break_known(const char *what);

#endif
