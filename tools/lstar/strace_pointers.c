/* SPDX-License-Identifier: MIT */
/*
 * Pointer arguments. What was recorded behind the address is printed; where nothing was,
 * because the call failed, memory ended or there was nothing to see, the address is.
 */
#include <string.h>

#include "tools/lstar/strace_impl.h"

/* Printed before the call returns although the call also writes it: strace shows what went in. */
static bool shown_from_input(const struct arg_desc *desc)
{
	u16 show = show_widened(desc->show);
	bool written_back = show == SHOW_flock && desc->dir == DIR_INOUT;

	return (desc->dir & DIR_IN) && !written_back && show != SHOW_iovec_fill;
}

bool pointer_waits(const struct arg_desc *desc)
{
	return desc->class == ARG_POINTER && !shown_from_input(desc);
}

/* Elements that can be shown: what the caller has, less what the call did not write. */
static u64 element_count(const struct pointee *p)
{
	u64 n = p->count;

	if (p->data->dir == DIR_OUT && (p->call->desc->flags & CALL_COUNTS) &&
	    p->desc->count_arg >= 0 && (u64)p->call->value < n)
		n = (u64)p->call->value;
	return n;
}

/* The end of an array of which n elements were shown. */
static void array_end(struct buf *out, u64 n, bool more)
{
	if (more)
		buf_printf(out, "%s...", n ? ", " : "");
	buf_printf(out, "]");
}

static void print_path(struct buf *out, const struct pointee *p)
{
	const u32 longest = 4095;
	const struct buf *b = &p->data->bytes;

	print_string(out, b->data ? b->data : "", b->len, longest);
}

static void print_nulstr(struct buf *out, const struct pointee *p)
{
	const struct buf *b = &p->data->bytes;
	size_t length = b->data ? strnlen(b->data, b->len) : 0;

	print_string(out, b->data ? b->data : "", length, length);
}

static void print_fdset(struct buf *out, const struct pointee *p)
{
	const struct buf *b = &p->data->bytes;
	s64 nfds = (s64)call_number(p->call, (unsigned)p->desc->count_arg);
	const char *space = "";

	buf_printf(out, "[");
	for (s64 fd = 0; fd < nfds && (size_t)fd / 8 < b->len; fd++) {
		if ((u8)b->data[fd / 8] >> fd % 8 & 1) {
			buf_printf(out, "%s%lld", space, (long long)fd);
			space = " ";
		}
	}
	buf_printf(out, "]");
}

static void print_cpumask(struct buf *out, const struct pointee *p)
{
	const struct buf *b = &p->data->bytes;
	const char *space = "";

	buf_printf(out, "[");
	for (size_t cpu = 0; cpu < b->len * 8; cpu++) {
		if ((u8)b->data[cpu / 8] >> cpu % 8 & 1) {
			buf_printf(out, "%s%zu", space, cpu);
			space = " ";
		}
	}
	buf_printf(out, "]");
}

/* Both 64-bit directory formats keep the record's length at the same place. */
static void print_dirents(struct buf *out, const struct pointee *p)
{
	const struct buf *b = &p->data->bytes;
	const size_t reclen_at = p->desc->show == SHOW_dirents32 ?
					 offsetof(struct l32_dirent, d_reclen) :
					 offsetof(struct l64_dirent64, d_reclen);
	size_t at = 0, n = 0;

	while (at + reclen_at + 2 <= b->len) {
		u16 reclen;

		memcpy(&reclen, b->data + at + reclen_at, sizeof reclen);
		if (reclen == 0)
			break;
		at += reclen;
		n++;
	}
	print_addr(out, p->addr);
	buf_printf(out, " /* %zu entries */", n);
}

/* pselect6 packs the set's address and size behind one pointer. */
static void print_sigset_arg(struct buf *out, const struct pointee *p)
{
	const struct user_data *set = call_data(p->call, p->arg, DIR_IN, 0);
	struct l64_sigset_arg arg;

	memcpy(&arg, p->data->bytes.data, sizeof arg);
	buf_printf(out, "{sigmask=");
	if (set && set->bytes.len >= sizeof(u64)) {
		u64 bits;

		memcpy(&bits, set->bytes.data, sizeof bits);
		print_sigset(out, bits);
	} else {
		print_addr(out, arg.ss);
	}
	buf_printf(out, ", sigsetsize=%llu}", (unsigned long long)arg.ss_len);
}

static void print_flock(struct buf *out, const struct pointee *p)
{
	struct l64_flock lock;

	memcpy(&lock, p->data->bytes.data, sizeof lock);
	buf_printf(out, "{l_type=");
	print_set(out, SET_locktype, (u16)lock.l_type);
	buf_printf(out, ", l_whence=");
	print_set(out, SET_whence, (u16)lock.l_whence);
	buf_printf(out, ", l_start=%lld, l_len=%lld", (long long)lock.l_start,
		   (long long)lock.l_len);
	if (p->data->dir == DIR_OUT)
		buf_printf(out, ", l_pid=%d", lock.l_pid);
	buf_printf(out, "}");
}

/* Sets of more than 32 capabilities come as two structs, low half first. */
static void print_cap_data(struct buf *out, const struct pointee *p)
{
	static const char *const names[] = { "effective", "permitted", "inheritable" };
	const u32 *words = (const u32 *)p->data->bytes.data;
	const size_t stride = sizeof(struct l64_cap_data) / sizeof(u32);

	for (size_t i = 0; i < stride; i++) {
		u64 set = words[i] | (u64)words[stride + i] << 32;
		const char *bar = "";

		buf_printf(out, "%s%s=", i ? ", " : "{", names[i]);
		for (u32 bit = 0; bit < 64; bit++) {
			const char *name = name_of(SET_capability, bit);

			if (!(set >> bit & 1))
				continue;
			if (name)
				buf_printf(out, "%s1<<%s", bar, name);
			else
				buf_printf(out, "%s%#llx", bar, 1ull << bit);
			bar = "|";
		}
		if (!set)
			buf_printf(out, "0");
	}
	buf_printf(out, "}");
}

static void print_iov_base(struct buf *out, const struct pointee *p, u32 i,
			   const struct l64_iovec *iov, u64 *left)
{
	bool fill = p->desc->show == SHOW_iovec_fill;
	const struct user_data *d = call_data(p->call, p->arg, fill ? DIR_OUT : DIR_IN, i);
	u64 length = iov->iov_len < *left ? iov->iov_len : *left;

	*left -= length;
	if ((fill && call_failed(p->call)) || (d && d->fault) || (!d && length)) {
		print_addr(out, iov->iov_base);
		return;
	}
	print_string(out, d && d->bytes.data ? d->bytes.data : "", length, p->call->strsize);
}

static void print_iovec(struct buf *out, const struct pointee *p)
{
	u64 left = p->desc->show == SHOW_iovec_fill ? (u64)p->call->value : ~0ull;
	u64 i, n = p->data->bytes.len / sizeof(struct l64_iovec);

	buf_printf(out, "[");
	for (i = 0; i < n; i++) {
		struct l64_iovec iov;

		memcpy(&iov, p->data->bytes.data + i * sizeof iov, sizeof iov);
		buf_printf(out, "%s{iov_base=", i ? ", " : "");
		print_iov_base(out, p, (u32)i, &iov, &left);
		buf_printf(out, ", iov_len=%llu}", (unsigned long long)iov.iov_len);
	}
	array_end(out, i, i < p->count);
}

static void print_pollfds(struct buf *out, const struct pointee *p)
{
	u64 i, n = p->data->bytes.len / sizeof(struct l64_pollfd);

	buf_printf(out, "[");
	for (i = 0; i < n && i < p->call->strsize; i++) {
		struct l64_pollfd fd;

		memcpy(&fd, p->data->bytes.data + i * sizeof fd, sizeof fd);
		buf_printf(out, "%s{fd=%d", i ? ", " : "", fd.fd);
		if (fd.fd >= 0) {
			buf_printf(out, ", events=");
			print_set(out, SET_pollevents, (u16)fd.events);
		}
		buf_printf(out, "}");
	}
	array_end(out, i, i < p->count);
}

/* Kinds that are numbers stand in brackets even alone. */
static bool in_brackets(const struct pointee *p)
{
	switch (p->desc->show) {
	case SHOW_int:
	case SHOW_uint:
	case SHOW_uid:
	case SHOW_word:
	case SHOW_ulong:
	case SHOW_off:
	case SHOW_time:
	case SHOW_sched_param:
		return true;
	default:
		return p->desc->count_arg >= 0 || p->desc->count > 1;
	}
}

static void print_elements(struct buf *out, const struct pointee *p, element_printer *print)
{
	u64 i, n = element_count(p), size = p->desc->size;
	bool brackets = in_brackets(p), cut = p->count > 1;
	u64 limit = p->call->strsize;
	_Alignas(16) u8 element[512];

	if (brackets)
		buf_printf(out, "[");
	for (i = 0; i < n && (i + 1) * size <= p->data->bytes.len && (!cut || i < limit); i++) {
		memcpy(element, p->data->bytes.data + i * size, size);
		buf_printf(out, "%s", i ? ", " : "");
		print(out, element);
	}
	if (brackets)
		array_end(out, i, i < n);
}

static void print_bytes(struct buf *out, const struct pointee *p)
{
	const struct buf *b = &p->data->bytes;
	u64 n = element_count(p);

	if (p->desc->show == SHOW_hexbytes)
		print_hex_string(out, (const u8 *)b->data, n, p->call->strsize);
	else
		print_string(out, b->data ? b->data : "", n, p->call->strsize);
}

static void print_cut_string(struct buf *out, const struct pointee *p)
{
	const struct buf *b = &p->data->bytes;

	print_string(out, b->data ? b->data : "", b->len, p->call->strsize);
}

static void print_taskname(struct buf *out, const struct pointee *p)
{
	const struct l64_taskname *t = (const void *)p->data->bytes.data;
	size_t limit = sizeof t->name - 1;

	print_string(out, t->name, strnlen(t->name, sizeof t->name),
		     limit < p->call->strsize ? limit : p->call->strsize);
}

static void print_pointee(struct buf *out, const struct pointee *p)
{
	static void (*const printers[])(struct buf *, const struct pointee *) = {
		[SHOW_path] = print_path,
		[SHOW_string] = print_cut_string,
		[SHOW_bytes] = print_bytes,
		[SHOW_hexbytes] = print_bytes,
		[SHOW_nulstr] = print_nulstr,
		[SHOW_taskname] = print_taskname,
		[SHOW_fdset] = print_fdset,
		[SHOW_fdset32] = print_fdset,
		[SHOW_cpumask] = print_cpumask,
		[SHOW_dirents] = print_dirents,
		[SHOW_dirents32] = print_dirents,
		[SHOW_dirents64] = print_dirents,
		[SHOW_sigset_arg] = print_sigset_arg,
		[SHOW_flock] = print_flock,
		[SHOW_cap_data] = print_cap_data,
		[SHOW_iovec] = print_iovec,
		[SHOW_iovec_fill] = print_iovec,
		[SHOW_pollfd] = print_pollfds,
	};
	element_printer *print = element_printer_of(p->desc->show);

	if (p->desc->show < ARRAY_SIZE(printers) && printers[p->desc->show])
		printers[p->desc->show](out, p);
	else if (print)
		print_elements(out, p, print);
	else
		print_addr(out, p->addr);
}

/* The recorded bytes must be enough for one element, or for none at all. */
static bool is_complete(const struct pointee *p)
{
	u64 n = p->count;

	if (p->desc->class != ARG_POINTER || p->desc->size == 1)
		return true;
	if (p->data->dir == DIR_OUT && (p->call->desc->flags & CALL_COUNTS))
		return true;
	if (p->desc->count_arg >= 0 && n > p->call->strsize)
		n = p->call->strsize;
	return p->data->bytes.len >= n * p->desc->size;
}

static void print_widened(struct buf *out, struct pointee p)
{
	struct arg_desc desc;
	struct user_data wide;
	bool narrow = data_widen(p.desc, p.data, &desc, &wide);

	if (narrow) {
		p.desc = &desc;
		p.data = &wide;
	}
	print_pointee(out, &p);
	if (narrow)
		buf_free(&wide.bytes);
}

void print_pointer(struct buf *out, const struct traced_call *c, unsigned arg,
		   const struct arg_desc *desc)
{
	struct pointee p = { .call = c, .desc = desc, .arg = arg, .count = 1 };
	enum arg_dir dir = pointer_waits(desc) && show_widened(desc->show) != SHOW_iovec_fill ? DIR_OUT : DIR_IN;

	p.addr = c->abi == ABI_LINUX32 ? (u32)c->args[arg] : c->args[arg];
	p.data = call_data(c, arg, dir, TR_ARRAY);
	if (desc->class == ARG_POINTER && !sysdesc_count(c->desc, desc, c->abi, c->args, &p.count))
		p.data = NULL;
	if (p.addr == 0 || !p.data || p.data->fault || !is_complete(&p))
		print_addr(out, p.addr);
	else
		print_widened(out, p);
}
