/* SPDX-License-Identifier: MIT */
/*
 * User addresses. A user address is an allegation, not a pointer: the types below
 * have no operator that can follow them. Only the generated dispatch creates the
 * typed ones; only copyin/copyout (cpu/uaccess.h) and uio (kernel/mm/uio.h) follow
 * them, and both can fail.
 *
 * Direction is part of the type: uin_T is read by the kernel, uout_T written,
 * uinout_T both. get_user/put_user take size and type from it, so copying the wrong
 * struct or in the wrong direction does not compile.
 */
#ifndef BASE_UADDR_H
#define BASE_UADDR_H

#include "base/guards.h"
#include "base/types.h"

typedef u64 uaddr_t;

/*
 * First address user code can never have. The last page of the lower half is never
 * mapped, so a return address saved by SYSCALL is canonical by construction
 * (docs/hazards/sysret-noncanonical.md).
 */
#define USER_TOP (GUARD_LAST_PAGE ? 0x00007ffffffff000ull : 0x0000800000000000ull)
/* The same for a program of the i386 ABI: the last two pages below 4 GiB stay empty, as on Linux.
 */
#define USER_TOP32 0xffffe000ull
/* Lowest mappable address: page 0 and the rest of the first 64 KiB stay unmapped (mmap_min_addr).
 */
#define USER_BOTTOM 0x10000ull

/* The zero-length arrays carry the pointed-to type and the direction; they hold no bytes. */
#define UPTR_TYPES(name, T) \
	typedef struct {    \
		uaddr_t a;  \
		T in_[0];   \
	} uin_##name;       \
	typedef struct {    \
		uaddr_t a;  \
		T out_[0];  \
	} uout_##name;      \
	typedef struct {    \
		uaddr_t a;  \
		T in_[0];   \
		T out_[0];  \
	} uinout_##name

typedef struct {
	uaddr_t a;
} ustr_t; /* NUL-terminated string */
typedef struct {
	uaddr_t a;
} ustrv_t; /* NULL-terminated vector of strings */

/*
 * True when [addr, addr+len) lies below USER_TOP. Safe on wrap, at the canonical
 * boundary and for len == 0; says nothing about what is mapped.
 */
static inline bool user_range_ok(uaddr_t addr, u64 len)
{
	return len <= USER_TOP && addr <= USER_TOP - len;
}

#endif
