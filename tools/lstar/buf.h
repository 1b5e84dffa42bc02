/* SPDX-License-Identifier: MIT */
/*
 * Growing byte buffers and string vectors. Running out of memory ends the launcher:
 * it holds a few hundred kilobytes and has nothing to fall back to.
 */
#ifndef TOOLS_LSTAR_BUF_H
#define TOOLS_LSTAR_BUF_H

#include <stddef.h>

#include "base/types.h"

struct buf {
	char *data; /* always NUL-terminated once something was added; the NUL is not in len */
	size_t len;
	size_t cap;
};

void buf_add(struct buf *b, const void *bytes, size_t n);
PRINTF_LIKE(2, 3) void buf_printf(struct buf *b, const char *fmt, ...);
void buf_free(struct buf *b);

/* v is NULL-terminated as soon as it is not empty, ready for execv. */
struct strv {
	char **v;
	size_t n;
	size_t cap;
};

void strv_add(struct strv *s, const char *string);
PRINTF_LIKE(2, 3) void strv_addf(struct strv *s, const char *fmt, ...);
void strv_free(struct strv *s);

void *xmalloc(size_t n);
char *xstrdup(const char *s);
PRINTF_LIKE(1, 2) char *xasprintf(const char *fmt, ...);

#endif
