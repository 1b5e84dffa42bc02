/* SPDX-License-Identifier: MIT */
/*
 * Byte and string functions. Big copies go eight bytes at a time over pointers that need
 * not be aligned: every x86-64 does that well, and an emulator pays per access, not per
 * byte. (Rejected: REP MOVSB; the emulator steps it byte by byte.) Copies from and to
 * user memory are not made here but in cpu/uaccess.S.
 */
#include "lib/string.h"

/* Else GCC recognises the loops below as memcpy and memset and makes them call themselves. */
#ifndef __clang__
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

/* A word that may lie anywhere and alias anything. */
typedef u64 __attribute__((may_alias, aligned(1))) any_u64;

void *memcpy(void *restrict dst, const void *restrict src, size_t n)
{
	u8 *d = dst;
	const u8 *s = src;
	for (; n >= 32; n -= 32, d += 32, s += 32) {
		((any_u64 *)d)[0] = ((const any_u64 *)s)[0];
		((any_u64 *)d)[1] = ((const any_u64 *)s)[1];
		((any_u64 *)d)[2] = ((const any_u64 *)s)[2];
		((any_u64 *)d)[3] = ((const any_u64 *)s)[3];
	}
	for (; n >= 8; n -= 8, d += 8, s += 8)
		*(any_u64 *)d = *(const any_u64 *)s;
	while (n--)
		*d++ = *s++;
	return dst;
}

static void copy_backward(u8 *d, const u8 *s, size_t n)
{
	for (; n >= 8; n -= 8)
		*(any_u64 *)(d + n - 8) = *(const any_u64 *)(s + n - 8);
	while (n--)
		d[n] = s[n];
}

void *memmove(void *dst, const void *src, size_t n)
{
	u8 *d = dst;
	const u8 *s = src;
	/* Written with integers: comparing pointers into different objects means nothing in C. */
	if ((uintptr_t)d - (uintptr_t)s < n) {
		copy_backward(d, s, n);
		return dst;
	}
	for (; n >= 8; n -= 8, d += 8, s += 8)
		*(any_u64 *)d = *(const any_u64 *)s;
	while (n--)
		*d++ = *s++;
	return dst;
}

void *memset(void *dst, int c, size_t n)
{
	u8 *d = dst;
	u64 word = (u8)c * 0x0101010101010101ull;
	for (; n >= 32; n -= 32, d += 32) {
		((any_u64 *)d)[0] = word;
		((any_u64 *)d)[1] = word;
		((any_u64 *)d)[2] = word;
		((any_u64 *)d)[3] = word;
	}
	for (; n >= 8; n -= 8, d += 8)
		*(any_u64 *)d = word;
	while (n--)
		*d++ = (u8)c;
	return dst;
}

int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a, *y = b;
	for (; n >= 8 && *(const any_u64 *)x == *(const any_u64 *)y; n -= 8)
		x += 8, y += 8;
	for (; n; n--, x++, y++) {
		if (*x != *y)
			return *x < *y ? -1 : 1;
	}
	return 0;
}

void *memchr(const void *s, int c, size_t n)
{
	for (const u8 *p = s; n; n--, p++) {
		if (*p == (u8)c)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}

size_t strlen(const char *s)
{
	size_t n = 0;
	while (s[n])
		n++;
	return n;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;
	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	}
	return 0;
}

char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)(uintptr_t)s;
		if (!*s)
			return NULL;
	}
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;
	for (;; s++) {
		if (*s == (char)c)
			found = s;
		if (!*s)
			return (char *)(uintptr_t)found;
	}
}

size_t strlcpy(char *restrict dst, const char *restrict src, size_t size)
{
	size_t len = strlen(src);
	if (size) {
		size_t n = len < size ? len : size - 1;
		memcpy(dst, src, n);
		dst[n] = 0;
	}
	return len;
}
