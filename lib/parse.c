/* SPDX-License-Identifier: MIT */
/*
 * Reading small texts: the kernel command line and the launcher's config file. Pure.
 */
#include "lib/parse.h"

#include "lib/string.h"

/* 0..15, or 16 for a byte that is no digit of any base used here. */
static u32 digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (u32)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (u32)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (u32)(c - 'A') + 10;
	return 16;
}

bool parse_u64(struct span s, u32 base, u64 *out)
{
	u64 value = 0;
	if (s.len == 0)
		return false;
	for (u64 i = 0; i < s.len; i++) {
		u32 d = digit_value(s.p[i]);
		if (d >= base || __builtin_mul_overflow(value, base, &value) ||
		    __builtin_add_overflow(value, d, &value))
			return false;
	}
	*out = value;
	return true;
}

bool parse_hex_bytes(struct span s, u8 *out, u64 n)
{
	if (s.len % 2 || s.len / 2 != n)
		return false;
	for (u64 i = 0; i < n; i++) {
		u32 high = digit_value(s.p[2 * i]), low = digit_value(s.p[2 * i + 1]);
		if (high > 15 || low > 15)
			return false;
		out[i] = (u8)(high << 4 | low);
	}
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool parse_word(struct span *rest, struct span *word)
{
	while (rest->len && is_blank(rest->p[0]))
		rest->p++, rest->len--;
	word->p = rest->p;
	while (rest->len && !is_blank(rest->p[0]))
		rest->p++, rest->len--;
	word->len = (u64)(rest->p - word->p);
	return word->len != 0;
}

bool span_is(struct span s, const char *key)
{
	return s.len == strlen(key) && memcmp(s.p, key, s.len) == 0;
}

bool span_cut_prefix(struct span *s, const char *key)
{
	u64 n = strlen(key);
	if (s->len < n || memcmp(s->p, key, n) != 0)
		return false;
	s->p += n;
	s->len -= n;
	return true;
}
