/* SPDX-License-Identifier: MIT */
/*
 * Personalities: which call table answers at each door, and what a program's address
 * space and registers are like. Chosen per process at exec, by the ELF file.
 *
 * An ABI is named, not pointed to: sys/dispatch.c turns the name into a direct call of the
 * generated dispatcher, so no function pointer is followed on the crossing and nothing
 * here depends on sys/.
 */
#ifndef KERNEL_PROC_PERSONALITY_H
#define KERNEL_PROC_PERSONALITY_H

#include "abi/sysdesc_types.h"
#include "base/types.h"
#include "base/uaddr.h"
#include "cpu/frame.h"

#define ABI_NONE ABI_COUNT /* every call through this door: -ENOSYS */

struct personality {
	const char *name;
	u8 door_abi[DOOR_COUNT]; /* enum abi_id or ABI_NONE, by enum door */
	u8 word_bytes;		 /* of a pointer on the first stack */
	u16 cs, data_segment;	 /* selectors a program starts with; data_segment: DS and ES */
	uaddr_t user_top;	 /* first address a program can never have */
};

extern const struct personality personality_linux64, personality_linux32;

#endif
