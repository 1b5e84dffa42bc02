/* SPDX-License-Identifier: MIT */
/*
 * Formatting into a buffer: a parser that fills a struct spec for each conversion and
 * emitters that write through struct out, which counts everything and stores what fits.
 * Pure; used by the kernel log, panics and whoever builds a short text.
 */
#include "lib/printf.h"

#include "lib/string.h"

struct out {
	char *buf;
	size_t size, len;
};

struct spec {
	bool left, zero, plus, space, alt;
	int width, precision; /* precision -1: none given */
	int longs;	      /* 0 int, 1 long, 2 long long, -1 short, -2 char */
	char conv;
};

static void put_char(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_repeated(struct out *o, char c, int n)
{
	while (n-- > 0)
		put_char(o, c);
}

static void put_bytes(struct out *o, const char *s, size_t n)
{
	while (n--)
		put_char(o, *s++);
}

/* Pads prefix+zeros+body to the width on the side the flags ask for. */
static void put_padded(struct out *o, const struct spec *sp, const char *prefix, int zeros,
		       const char *body, size_t body_len)
{
	size_t prefix_len = strlen(prefix);
	int fill = sp->width - (int)(prefix_len + body_len) - zeros;
	if (sp->zero && !sp->left && sp->precision < 0 && fill > 0) {
		zeros += fill;
		fill = 0;
	}
	if (!sp->left)
		put_repeated(o, ' ', fill);
	put_bytes(o, prefix, prefix_len);
	put_repeated(o, '0', zeros);
	put_bytes(o, body, body_len);
	if (sp->left)
		put_repeated(o, ' ', fill);
}

static void put_number(struct out *o, const struct spec *sp, u64 value, u32 base,
		       const char *prefix)
{
	const char *digits = sp->conv == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[24];
	size_t at = sizeof text;
	while (value) {
		text[--at] = digits[value % base];
		value /= base;
	}
	size_t len = sizeof text - at;
	int want = sp->precision < 0 ? 1 : sp->precision;
	int zeros = want > (int)len ? want - (int)len : 0;
	put_padded(o, sp, prefix, zeros, text + at, len);
}

static u64 arg_unsigned(const struct spec *sp, va_list *ap)
{
	switch (sp->longs) {
	case 2:
		return va_arg(*ap, unsigned long long);
	case 1:
		return va_arg(*ap, unsigned long);
	case 0:
		return va_arg(*ap, unsigned);
	case -1:
		return (u16)va_arg(*ap, unsigned);
	default:
		return (u8)va_arg(*ap, unsigned);
	}
}

static s64 arg_signed(const struct spec *sp, va_list *ap)
{
	switch (sp->longs) {
	case 2:
		return va_arg(*ap, long long);
	case 1:
		return va_arg(*ap, long);
	case 0:
		return va_arg(*ap, int);
	case -1:
		return (s16)va_arg(*ap, int);
	default:
		return (s8)va_arg(*ap, int);
	}
}

static void put_signed(struct out *o, const struct spec *sp, s64 v)
{
	const char *sign = v < 0 ? "-" : sp->plus ? "+" : sp->space ? " " : "";
	put_number(o, sp, v < 0 ? 0 - (u64)v : (u64)v, 10, sign);
}

static void put_string(struct out *o, const struct spec *sp, const char *s)
{
	if (!s)
		s = "(null)";
	struct spec text = *sp;
	text.zero = false;
	size_t len = sp->precision < 0 ? strlen(s) : strnlen(s, (size_t)sp->precision);
	put_padded(o, &text, "", 0, s, len);
}

static void put_conversion(struct out *o, struct spec *sp, va_list *ap)
{
	char c;
	u64 v;
	switch (sp->conv) {
	case 'd':
	case 'i':
		put_signed(o, sp, arg_signed(sp, ap));
		break;
	case 'u':
		put_number(o, sp, arg_unsigned(sp, ap), 10, "");
		break;
	case 'o':
		v = arg_unsigned(sp, ap);
		put_number(o, sp, v, 8, sp->alt && v ? "0" : "");
		break;
	case 'x':
	case 'X':
		v = arg_unsigned(sp, ap);
		put_number(o, sp, v, 16, !sp->alt || !v ? "" : sp->conv == 'x' ? "0x" : "0X");
		break;
	case 'p':
		put_number(o, sp, (uintptr_t)va_arg(*ap, void *), 16, "0x");
		break;
	case 'c':
		c = (char)va_arg(*ap, int);
		sp->zero = false;
		put_padded(o, sp, "", 0, &c, 1);
		break;
	case 's':
		put_string(o, sp, va_arg(*ap, const char *));
		break;
	case '%':
		put_char(o, '%');
		break;
	default: /* unknown: shown as it is, so that the mistake is seen */
		put_char(o, '%');
		if (sp->conv)
			put_char(o, sp->conv);
	}
}

static const char *parse_flags(const char *p, struct spec *sp)
{
	for (;; p++) {
		switch (*p) {
		case '-':
			sp->left = true;
			break;
		case '0':
			sp->zero = true;
			break;
		case '+':
			sp->plus = true;
			break;
		case ' ':
			sp->space = true;
			break;
		case '#':
			sp->alt = true;
			break;
		default:
			return p;
		}
	}
}

static const char *parse_count(const char *p, int *count, va_list *ap)
{
	if (*p == '*') {
		*count = va_arg(*ap, int);
		return p + 1;
	}
	for (*count = 0; *p >= '0' && *p <= '9' && *count < 100000; p++)
		*count = *count * 10 + (*p - '0');
	return p;
}

static const char *parse_spec(const char *p, struct spec *sp, va_list *ap)
{
	*sp = (struct spec){ .precision = -1 };
	p = parse_flags(p, sp);
	p = parse_count(p, &sp->width, ap);
	if (sp->width < 0) {
		sp->left = true;
		sp->width = -sp->width;
	}
	if (*p == '.')
		p = parse_count(p + 1, &sp->precision, ap);
	for (; *p == 'l' || *p == 'z'; p++)
		sp->longs++;
	for (; *p == 'h'; p++)
		sp->longs--;
	sp->conv = *p;
	return *p ? p + 1 : p;
}

size_t kvsnprintf(char *buf, size_t size, const char *fmt, va_list ap_in)
{
	struct out o = { buf, size, 0 };
	va_list ap;
	va_copy(ap, ap_in);
	for (const char *p = fmt; *p;) {
		struct spec sp;
		if (*p != '%') {
			put_char(&o, *p++);
			continue;
		}
		p = parse_spec(p + 1, &sp, &ap);
		put_conversion(&o, &sp, &ap);
	}
	va_end(ap);
	if (size)
		buf[o.len < size ? o.len : size - 1] = 0;
	return o.len;
}

size_t ksnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	size_t n = kvsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}
