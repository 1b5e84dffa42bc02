/* SPDX-License-Identifier: MIT */
/*
 * Formatting into a buffer. Conversions: %d %i %u %x %X %o %c %s %p %%, lengths hh h l ll z,
 * flags 0 - + space and #, width and precision as digits or *. No floating point.
 */
#ifndef LIB_PRINTF_H
#define LIB_PRINTF_H

#include <stdarg.h>

#include "base/types.h"

/*
 * Writes at most size bytes, NUL included (size 0: nothing at all). The result is the
 * length the whole text has, so a result >= size tells that it was cut.
 */
size_t kvsnprintf(char *buf, size_t size, const char *fmt, va_list ap);
PRINTF_LIKE(3, 4) size_t ksnprintf(char *buf, size_t size, const char *fmt, ...);

#endif
