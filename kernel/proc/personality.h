/* SPDX-License-Identifier: MIT */
/*
 * Personalities: which call table answers at each door. Chosen per process at exec.
 *
 * An ABI is named, not pointed to: sys/dispatch.c turns the name into a direct call of the
 * generated dispatcher, so no function pointer is followed on the crossing and nothing
 * here depends on sys/.
 */
#ifndef KERNEL_PROC_PERSONALITY_H
#define KERNEL_PROC_PERSONALITY_H

#include "abi/sysdesc_types.h"
#include "base/types.h"
#include "cpu/frame.h"

#define ABI_NONE ABI_COUNT /* every call through this door: -ENOSYS */

struct personality {
	const char *name;
	u8 door_abi[DOOR_COUNT]; /* enum abi_id or ABI_NONE, by enum door */
};

extern const struct personality personality_linux64;

#endif
