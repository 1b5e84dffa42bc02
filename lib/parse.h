/* SPDX-License-Identifier: MIT */
/*
 * Reading small texts: numbers, hexadecimal bytes, the words of a command line.
 * Everything takes a length; nothing needs a NUL and nothing reads beyond.
 */
#ifndef LIB_PARSE_H
#define LIB_PARSE_H

#include "base/types.h"

struct span {
	const char *p;
	u64 len;
};

static inline struct span span_of(const char *p, u64 len)
{
	return (struct span){ p, len };
}

/* All of s is one number of the given base (10 or 16, no prefix) that fits in 64 bits. */
MUST_CHECK bool parse_u64(struct span s, u32 base, u64 *out);

/* All of s is exactly n bytes in hexadecimal. */
MUST_CHECK bool parse_hex_bytes(struct span s, u8 *out, u64 n);

/* Takes the next word (no spaces, tabs, newlines) off the front of rest; false: no more. */
bool parse_word(struct span *rest, struct span *word);

/* s is exactly the text key. */
bool span_is(struct span s, const char *key);

/* s begins with key, which is cut off: "seed=12" with "seed=" leaves "12". */
bool span_cut_prefix(struct span *s, const char *key);

#endif
