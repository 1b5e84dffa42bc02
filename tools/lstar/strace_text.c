/* SPDX-License-Identifier: MIT */
/*
 * The small words of a trace line: numbers, names of values and flags, strings, signals.
 * The spelling is strace's, down to the octal escapes.
 */
#include <string.h>
#include <time.h>

#include "gen/abi_names.h"
#include "tools/lstar/strace_impl.h"

#define S_TYPE_MASK 0170000u

void print_addr(struct buf *out, u64 addr)
{
	if (addr)
		buf_printf(out, "%#llx", (unsigned long long)addr);
	else
		buf_printf(out, "NULL");
}

const char *name_of(enum name_set set, u64 value)
{
	const struct abi_set *s = &abi_sets[set];

	for (u32 i = 0; i < s->count; i++)
		if (s->names[i].value == value)
			return s->names[i].name;
	return NULL;
}

static void print_value(struct buf *out, const struct abi_set *s, u64 value)
{
	for (u32 i = 0; i < s->count; i++) {
		if (s->names[i].value == value) {
			buf_printf(out, "%s", s->names[i].name);
			return;
		}
	}
	buf_printf(out, "%#llx /* %s */", (unsigned long long)value, s->unknown);
}

/*
 * The names whose bits are all set, then the rest in hex. A name for 0 counts when nothing
 * is set. Names within `skip` are not looked at; with `remark`, 0 and an unknown value
 * are shown as such.
 */
static void print_bits(struct buf *out, const struct abi_set *s, u64 skip, u64 value, bool remark)
{
	u32 n = 0;

	for (u32 i = 0; i < s->count && (value || !n); i++) {
		u64 bits = s->names[i].value;

		if (skip && (bits & ~skip) == 0)
			continue;
		if (value == bits || (bits && (value & bits) == bits)) {
			buf_printf(out, "%s%s", n++ ? "|" : "", s->names[i].name);
			value &= ~bits;
		}
	}
	if (value)
		buf_printf(out, "%s%#llx", n ? "|" : "", (unsigned long long)value);
	if (value && !n && remark)
		buf_printf(out, " /* %s */", s->unknown);
	if (!value && !n && remark)
		buf_printf(out, "0");
}

void print_set(struct buf *out, enum name_set set, u64 value)
{
	const struct abi_set *s = &abi_sets[set];

	if (s->style == STYLE_values) {
		print_value(out, s, value);
	} else if (s->style == STYLE_bits) {
		print_bits(out, s, 0, value, s->unknown[0] != '-');
	} else {
		print_value(out, s, value & s->mask);
		if (value & ~s->mask) {
			buf_printf(out, "|");
			print_bits(out, s, s->mask, value & ~s->mask, false);
		}
	}
}

void print_set_bits(struct buf *out, enum name_set set, u64 value)
{
	const struct abi_set *s = &abi_sets[set];

	print_bits(out, s, s->mask, value, true);
}

void print_mode(struct buf *out, u32 mode)
{
	buf_printf(out, "%#03o", mode);
}

void print_file_mode(struct buf *out, u32 mode)
{
	const char *type = name_of(SET_filetype, mode & S_TYPE_MASK);

	if (!type) {
		print_mode(out, mode);
		return;
	}
	buf_printf(out, "%s|", type);
	for (u32 i = 0; i < abi_sets[SET_modebits].count; i++)
		if (mode & abi_sets[SET_modebits].names[i].value)
			buf_printf(out, "%s|", abi_sets[SET_modebits].names[i].name);
	print_mode(out, mode & 0777);
}

void print_dev(struct buf *out, u64 dev)
{
	u64 major = (dev >> 8 & 0xfff) | (dev >> 32 & ~0xfffull);
	u64 minor = (dev & 0xff) | (dev >> 12 & ~0xffull & 0xffffffff);

	buf_printf(out, "makedev(%#llx, %#llx)", (unsigned long long)major,
		   (unsigned long long)minor);
}

void print_id(struct buf *out, u32 id)
{
	if (id == ~0u)
		buf_printf(out, "-1");
	else
		buf_printf(out, "%u", id);
}

#define SIG_RT_MIN 32
#define SIG_LAST 64

/* Without the "SIG" in front. */
static void print_signal_word(struct buf *out, int signal)
{
	for (const struct abi_name *s = abi_signals; s->name; s++)
		if ((int)s->value == signal)
			buf_printf(out, "%s", s->name + 3);
	if (signal == SIG_RT_MIN)
		buf_printf(out, "RTMIN");
	else if (signal > SIG_RT_MIN)
		buf_printf(out, "RT_%d", signal - SIG_RT_MIN);
}

void print_signal(struct buf *out, int signal)
{
	if (signal < 1 || signal > SIG_LAST) {
		buf_printf(out, "%d", signal);
		return;
	}
	buf_printf(out, "SIG");
	print_signal_word(out, signal);
}

/* A set with most signals in it is shown by those it lacks. */
void print_sigset(struct buf *out, u64 set)
{
	const char *space = "";

	if (__builtin_popcountll(set) >= SIG_LAST * 2 / 3) {
		buf_printf(out, "~");
		set = ~set;
	}
	buf_printf(out, "[");
	for (int i = 0; i < SIG_LAST; i++) {
		if (set >> i & 1) {
			buf_printf(out, "%s", space);
			print_signal_word(out, i + 1);
			space = " ";
		}
	}
	buf_printf(out, "]");
}

void print_errno(struct buf *out, s64 value)
{
	const struct abi_errno *e = abi_errnos;

	while (e->name && e->number != -value)
		e++;
	if (-value >= 512 && e->name)
		buf_printf(out, "? %s (%s)", e->name, e->text);
	else if (e->name)
		buf_printf(out, "-1 %s (%s)", e->name, e->text);
	else
		buf_printf(out, "-1 (errno %lld)", (long long)-value);
}

/* An octal escape is as short as the next character allows. */
static void print_octal(struct buf *out, u8 c, bool digit_follows)
{
	buf_printf(out, digit_follows ? "\\%03o" : "\\%o", c);
}

static void print_char(struct buf *out, u8 c, bool digit_follows)
{
	static const char controls[] = "\t\n\v\f\r", letters[] = "tnvfr";
	const char *control = c ? strchr(controls, c) : NULL;

	if (c == '"' || c == '\\')
		buf_printf(out, "\\%c", c);
	else if (control)
		buf_printf(out, "\\%c", letters[control - controls]);
	else if (c >= ' ' && c <= '~')
		buf_printf(out, "%c", c);
	else
		print_octal(out, c, digit_follows);
}

void print_string(struct buf *out, const char *s, size_t length, size_t limit)
{
	size_t shown = length < limit ? length : limit;

	buf_printf(out, "\"");
	for (size_t i = 0; i < shown; i++)
		print_char(out, (u8)s[i], i + 1 < shown && s[i + 1] >= '0' && s[i + 1] <= '7');
	buf_printf(out, "\"%s", length > limit ? "..." : "");
}

void print_hex_string(struct buf *out, const u8 *s, size_t length, size_t limit)
{
	buf_printf(out, "\"");
	for (size_t i = 0; i < length && i < limit; i++)
		buf_printf(out, "\\x%02x", s[i]);
	buf_printf(out, "\"%s", length > limit ? "..." : "");
}

void print_cstring(struct buf *out, const char *s, size_t size)
{
	size_t length = strnlen(s, size);

	if (length == size && size > 0)
		print_string(out, s, length, size - 1);
	else
		print_string(out, s, length, length);
}

void print_date(struct buf *out, s64 sec, u64 fraction, int digits)
{
	char day[40], zone[10];
	time_t t = sec;
	struct tm tm;

	if ((!sec && !fraction) || !localtime_r(&t, &tm))
		return;
	strftime(day, sizeof day, "%FT%T", &tm);
	strftime(zone, sizeof zone, "%z", &tm);
	buf_printf(out, " /* %s", day);
	if (fraction)
		buf_printf(out, ".%0*llu", digits, (unsigned long long)fraction);
	buf_printf(out, "%s */", zone);
}
