/* SPDX-License-Identifier: MIT */
/*
 * Words every file uses: integer types, attributes, small arithmetic.
 * Freestanding; includes nothing of the project.
 */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))
#define PACKED __attribute__((packed))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define UNUSED __attribute__((unused))

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/*
 * 0 or a negative errno value (base/errno.h, gen/errno.h). Nothing but sys/ turns one into a
 * register; objects come back through out parameters, never folded into an err_t.
 */
typedef int err_t;

/* Virtual and physical addresses of the kernel are plain integers; user addresses
 * have types of their own (base/uaddr.h). */
typedef u64 paddr_t;
typedef u64 vaddr_t;

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))

/* align must be a power of two; align_up wraps to 0 past the top, callers check. */
#define align_down(x, align) ((x) & ~((__typeof__(x))(align)-1))
#define align_up(x, align) align_down((x) + ((__typeof__(x))(align)-1), align)
#define is_aligned(x, align) (((x) & ((__typeof__(x))(align)-1)) == 0)

#define min_u64(a, b) ((u64)(a) < (u64)(b) ? (u64)(a) : (u64)(b))
#define max_u64(a, b) ((u64)(a) > (u64)(b) ? (u64)(a) : (u64)(b))

#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ull
#define PAGE_MASK (~(PAGE_SIZE - 1))

#endif
