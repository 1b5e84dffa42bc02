/* SPDX-License-Identifier: MIT */
/* Growing byte buffers and string vectors; see buf.h. */
#define _GNU_SOURCE 1

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/lstar/buf.h"
#include "tools/lstar/say.h"

static void *check(void *p)
{
	if (p == NULL)
		die("out of memory on the host");
	return p;
}

void *xmalloc(size_t n)
{
	return check(malloc(n > 0 ? n : 1));
}

char *xstrdup(const char *s)
{
	return check(strdup(s));
}

static char *xvasprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		die("out of memory on the host");
	return s;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *s = xvasprintf(fmt, ap);

	va_end(ap);
	return s;
}

void buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (b->cap - b->len <= n) {
		b->cap = (b->cap + n + 256) * 2;
		b->data = check(realloc(b->data, b->cap));
	}
	if (n > 0)
		memcpy(b->data + b->len, bytes, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *s = xvasprintf(fmt, ap);

	va_end(ap);
	buf_add(b, s, strlen(s));
	free(s);
}

void buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

/* Takes over s. */
static void strv_push(struct strv *s, char *string)
{
	if (s->n + 1 >= s->cap) {
		s->cap = s->cap * 2 + 16;
		s->v = check(realloc(s->v, s->cap * sizeof(*s->v)));
	}
	s->v[s->n++] = string;
	s->v[s->n] = NULL;
}

void strv_add(struct strv *s, const char *string)
{
	strv_push(s, xstrdup(string));
}

void strv_addf(struct strv *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strv_push(s, xvasprintf(fmt, ap));
	va_end(ap);
}

void strv_free(struct strv *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	*s = (struct strv){ 0 };
}
