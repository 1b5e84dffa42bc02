/* SPDX-License-Identifier: MIT */
/*
 * Two passes over the strings: the first sorts out the keys, the second, once exec has
 * found them not to be too long, copies argv and envp behind each other.
 */
#include "boot/config.h"
#include "kernel/mm/kmalloc.h"
#include "lib/parse.h"
#include "lib/string.h"

#define STRSIZE_DEFAULT 32

static bool number(struct span v, u32 *out)
{
	u64 n;
	if (!parse_u64(v, 10, &n) || n > UINT32_MAX)
		return false;
	*out = (u32)n;
	return true;
}

static bool winsize(struct span v, struct run_config *c)
{
	const char *comma = memchr(v.p, ',', v.len);
	u32 rows, cols;
	if (!comma || !number(span_of(v.p, (u64)(comma - v.p)), &rows) ||
	    !number(span_of(comma + 1, v.len - 1 - (u64)(comma - v.p)), &cols))
		return false;
	c->console.rows = (u16)rows;
	c->console.cols = (u16)cols;
	return true;
}

static bool key(struct span s, struct run_config *c)
{
	u32 flag = 0;
	if (span_cut_prefix(&s, "exec=")) {
		c->exec = s.p;
	} else if (span_cut_prefix(&s, "cwd=")) {
		c->cwd = s.p;
	} else if (span_cut_prefix(&s, "arg=")) {
		c->argc++;
		c->strings_len += s.len + 1;
	} else if (span_cut_prefix(&s, "env=")) {
		c->envc++;
		c->strings_len += s.len + 1;
	} else if (span_cut_prefix(&s, "fds=")) {
		return number(s, &c->console.fds_mask);
	} else if (span_cut_prefix(&s, "joined=")) {
		bool ok = number(s, &flag);
		c->console.joined = flag;
		return ok;
	} else if (span_cut_prefix(&s, "tty=")) {
		return number(s, &c->console.tty_mask);
	} else if (span_cut_prefix(&s, "termios=")) {
		return parse_hex_bytes(s, c->console.termios, sizeof(c->console.termios));
	} else if (span_cut_prefix(&s, "winsize=")) {
		return winsize(s, c);
	} else if (span_cut_prefix(&s, "strsize=")) {
		return number(s, &c->strsize);
	} else if (span_cut_prefix(&s, "strace=")) {
		bool ok = number(s, &flag);
		c->strace = flag;
		return ok;
	} else {
		return false;
	}
	return true;
}

static void copy_strings(const char *bytes, u64 len, const char *prefix, char **to)
{
	for (const char *p = bytes; p < bytes + len; p += strlen(p) + 1) {
		struct span s = span_of(p, strlen(p));
		if (!span_cut_prefix(&s, prefix))
			continue;
		memcpy(*to, s.p, s.len + 1);
		*to += s.len + 1;
	}
}

const char *config_parse(const char *bytes, u64 len, struct run_config *c)
{
	*c = (struct run_config){ .cwd = "/", .console.fds_mask = 7, .strsize = STRSIZE_DEFAULT };
	if (!len || bytes[len - 1])
		return "its configuration does not end in NUL";
	for (const char *p = bytes; p < bytes + len; p += strlen(p) + 1)
		if (!key(span_of(p, strlen(p)), c))
			return "its configuration has an unknown key or a bad value";
	if (!c->exec || !c->argc)
		return "its configuration names no program";
	c->bytes = bytes;
	c->len = len;
	return NULL;
}

char *config_strings(const struct run_config *c)
{
	char *strings = kmalloc(c->strings_len), *to = strings;
	if (!strings)
		return NULL;
	copy_strings(c->bytes, c->len, "arg=", &to);
	copy_strings(c->bytes, c->len, "env=", &to);
	return strings;
}
