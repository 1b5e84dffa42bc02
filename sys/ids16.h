/* SPDX-License-Identifier: MIT */
/*
 * User and group ids in 16 bits, as old i386 calls have them: what does not fit is shown as
 * nobody's (Linux's overflowuid), and the 16-bit -1 means -1.
 */
#ifndef SYS_IDS16_H
#define SYS_IDS16_H

#include "base/types.h"

#define ID16_OVERFLOW 65534

static inline u16 id_narrow(u32 id)
{
	return id > UINT16_MAX ? ID16_OVERFLOW : (u16)id;
}

static inline u32 id_widen(u32 id)
{
	return (u16)id == UINT16_MAX ? UINT32_MAX : (u16)id;
}

#endif
