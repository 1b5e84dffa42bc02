/* SPDX-License-Identifier: MIT */
/*
 * Byte and string functions with the C library's names and meanings, so that the calls
 * the compiler makes up by itself (memcpy, memset) find them too.
 */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include "base/types.h"

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

/* Copies as much of src as fits and always terminates (size > 0); the result is strlen(src). */
size_t strlcpy(char *restrict dst, const char *restrict src, size_t size);

#endif
