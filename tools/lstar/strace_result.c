/* SPDX-License-Identifier: MIT */
/*
 * Results. Some calls say more than a number: which descriptors are ready, which flags a
 * value stands for, what is left of a timeout. strace puts that in parentheses behind it.
 */
#include <string.h>

#include "gen/flags.h"
#include "gen/sysnr_linux64.h"
#include "tools/lstar/strace_impl.h"

#define LL(x) ((long long)(x))

/* Parts of the parenthesis, separated by commas. */
struct remarks {
	struct buf *out;
	bool open;
};

static struct buf *remark(struct remarks *r)
{
	buf_printf(r->out, r->open ? ", " : " (");
	r->open = true;
	return r->out;
}

static void print_left(struct remarks *r, const struct traced_call *c, unsigned arg)
{
	const struct user_data *d = call_data(c, arg, DIR_OUT, TR_ARRAY);
	element_printer *print = element_printer_of(c->desc->args[arg].show);

	if (!d || d->fault || d->bytes.len < c->desc->args[arg].size)
		return;
	buf_printf(remark(r), "left ");
	print(r->out, d->bytes.data);
}

static void print_ready_pollfds(struct remarks *r, const struct traced_call *c)
{
	const struct user_data *d = call_data(c, 0, DIR_OUT, TR_ARRAY);
	const char *comma = "";

	if (!d || d->fault)
		return;
	buf_printf(remark(r), "[");
	for (size_t at = 0; at + sizeof(struct l64_pollfd) <= d->bytes.len;
	     at += sizeof(struct l64_pollfd)) {
		struct l64_pollfd fd;

		memcpy(&fd, d->bytes.data + at, sizeof fd);
		if (!fd.revents)
			continue;
		buf_printf(r->out, "%s{fd=%d, revents=", comma, fd.fd);
		print_set(r->out, SET_pollevents, (u16)fd.revents);
		buf_printf(r->out, "}");
		comma = ", ";
	}
	buf_printf(r->out, "]");
}

static void print_ready_set(struct remarks *r, const struct traced_call *c, unsigned arg,
			    const char *word)
{
	const struct user_data *d = call_data(c, arg, DIR_OUT, TR_ARRAY);
	s64 nfds = (s64)call_number(c, 0);
	const char *space = "";

	for (s64 fd = 0; d && fd < nfds && (size_t)fd / 8 < d->bytes.len; fd++) {
		if (!((u8)d->bytes.data[fd / 8] >> fd % 8 & 1))
			continue;
		if (!*space)
			buf_printf(remark(r), "%s [", word);
		buf_printf(r->out, "%s%lld", space, LL(fd));
		space = " ";
	}
	if (*space)
		buf_printf(r->out, "]");
}

static void print_poll(struct remarks *r, const struct traced_call *c)
{
	if (c->value == 0) {
		buf_printf(remark(r), "Timeout");
		return;
	}
	print_ready_pollfds(r, c);
	if (c->desc->nargs > 3)
		print_left(r, c, 2);
}

static void print_select(struct remarks *r, const struct traced_call *c)
{
	static const char *const words[] = { "in", "out", "except" };

	if (c->value == 0) {
		buf_printf(remark(r), "Timeout");
		return;
	}
	for (unsigned i = 0; i < 3; i++)
		print_ready_set(r, c, i + 1, words[i]);
	print_left(r, c, 4);
}

static void print_fcntl(struct buf *out, const struct traced_call *c)
{
	u64 cmd = call_number(c, 1);
	enum name_set set = cmd == LINUX_F_GETFL ? SET_oflags : SET_fdflags;

	if ((cmd != LINUX_F_GETFL && cmd != LINUX_F_GETFD) ||
	    (cmd == LINUX_F_GETFD && c->value == 0)) {
		buf_printf(out, "%lld", LL(c->value));
		return;
	}
	buf_printf(out, "%#llx (flags ", (unsigned long long)c->value);
	print_set(out, set, (u64)c->value);
	buf_printf(out, ")");
}

static void print_plain(struct buf *out, const struct traced_call *c)
{
	const char *name = NULL;

	buf_printf(out, "%lld", LL(c->value));
	if (c->desc->result == SHOW_policy)
		name = name_of(SET_schedpolicy, (u64)c->value);
	else if (strcmp(c->desc->name, "prctl") == 0 &&
		 call_number(c, 0) == LINUX_PR_GET_DUMPABLE)
		name = name_of(SET_suiddump, (u64)c->value);
	if (name)
		buf_printf(out, " (%s)", name);
}

/* A date in parentheses instead of a comment. */
static void print_time(struct buf *out, s64 sec)
{
	struct buf date = { 0 };

	buf_printf(out, "%lld", LL(sec));
	print_date(&date, sec, 0, 0);
	if (date.len > 7) /* " / * " and " * /" around it */
		buf_printf(out, " (%.*s)", (int)date.len - 7, date.data + 4);
	buf_free(&date);
}

void print_result(struct buf *out, const struct traced_call *c)
{
	struct remarks r = { .out = out };

	if (call_failed(c)) {
		print_errno(out, c->value);
		return;
	}
	switch (c->desc ? c->desc->result : SHOW_dec) {
	case SHOW_hex:
		buf_printf(out, "%#llx", (unsigned long long)c->value);
		return;
	case SHOW_octal:
		print_mode(out, (u32)c->value);
		return;
	case SHOW_fcntl:
		print_fcntl(out, c);
		return;
	case SHOW_time:
		print_time(out, c->value);
		return;
	default:
		break;
	}
	if (!c->desc)
		buf_printf(out, "%lld", LL(c->value));
	else
		print_plain(out, c);
	if (c->desc && c->desc->result == SHOW_poll)
		print_poll(&r, c);
	else if (c->desc && c->desc->result == SHOW_select)
		print_select(&r, c);
	if (r.open)
		buf_printf(out, ")");
}
