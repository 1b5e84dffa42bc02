/* SPDX-License-Identifier: MIT */
/*
 * From records to lines. A call's line is begun when it is entered, as far as its input
 * goes, so that a call that blocks can be seen to; the rest follows when it returns. When
 * another thread has something to say in between, the line is broken off with
 * "<unfinished ...>" and taken up again with "<... NAME resumed>", as strace does.
 *
 * The stream comes from the guest and is not trusted: every length is checked before it is
 * believed, and a stream that makes no sense is given up with a message.
 */
#include "tools/lstar/strace.h"

#include <stdlib.h>
#include <string.h>

#include "gen/abi_names.h"
#include "tools/lstar/strace_impl.h"

#define RESULT_COLUMN 40

struct thread {
	u32 tid;
	struct traced_call call;
	bool in_call;
	bool broken_off;
	unsigned next_arg; /* the first that is not printed yet */
	bool first_arg;	   /* nothing stands behind the parenthesis yet */
};

struct strace {
	FILE *out;
	unsigned strsize;
	struct buf input;
	struct thread **threads;
	size_t nthreads;
	struct thread *open; /* whose line is unfinished, or NULL */
	size_t column;
	bool damaged;
};

struct strace *strace_new(FILE *out)
{
	struct strace *s = xmalloc(sizeof *s);

	*s = (struct strace){ .out = out, .strsize = 32 };
	return s;
}

void strace_set_strsize(struct strace *s, unsigned strsize)
{
	s->strsize = strsize;
}

static struct thread *thread_of(struct strace *s, u32 tid)
{
	struct thread **grown;

	for (size_t i = 0; i < s->nthreads; i++)
		if (s->threads[i]->tid == tid)
			return s->threads[i];
	grown = xmalloc((s->nthreads + 1) * sizeof *grown);
	if (s->nthreads)
		memcpy(grown, s->threads, s->nthreads * sizeof *grown);
	free(s->threads);
	s->threads = grown;
	grown[s->nthreads] = xmalloc(sizeof **grown);
	*grown[s->nthreads] = (struct thread){ .tid = tid, .call.strsize = s->strsize };
	return grown[s->nthreads++];
}

static void thread_forget(struct strace *s, struct thread *t)
{
	size_t i = 0;

	while (s->threads[i] != t)
		i++;
	s->threads[i] = s->threads[--s->nthreads];
	call_clear(&t->call);
	free(t);
}

/* ---- lines ---- */

static void put(struct strace *s, struct buf *text)
{
	if (text->len)
		fwrite(text->data, 1, text->len, s->out);
	s->column += text->len;
	buf_free(text);
}

static void line_end(struct strace *s)
{
	fputc('\n', s->out);
	s->column = 0;
	s->open = NULL;
}

static void line_begin(struct strace *s, const struct thread *t)
{
	struct buf text = { 0 };

	if (s->open) {
		s->open->broken_off = true;
		fputs(" <unfinished ...>", s->out);
		line_end(s);
	}
	if (s->nthreads > 1)
		buf_printf(&text, "[pid %5u] ", t->tid);
	put(s, &text);
}

static void put_result(struct strace *s, const char *before, const struct traced_call *call)
{
	struct buf text = { 0 };

	buf_printf(&text, "%s ", before);
	while (s->column + text.len < RESULT_COLUMN)
		buf_printf(&text, " ");
	buf_printf(&text, "= ");
	if (call)
		print_result(&text, call);
	else
		buf_printf(&text, "?");
	put(s, &text);
	line_end(s);
}

static const char *call_name(const struct thread *t, struct buf *scratch)
{
	if (t->call.desc)
		return t->call.desc->name;
	for (const struct abi_name *a = abi_absent; a->name; a++)
		if (t->call.abi == ABI_LINUX64 && a->value == (u32)t->call.nr)
			return a->name;
	buf_printf(scratch, "syscall_%#llx", (unsigned long long)t->call.nr);
	return scratch->data;
}

/* The next arguments: all, or (`!done`) up to the first that the call has yet to write. */
static void put_arguments(struct strace *s, struct thread *t, bool done)
{
	unsigned nargs = t->call.desc ? t->call.desc->nargs : SYS_MAX_ARGS;
	struct buf text = { 0 };

	for (; t->next_arg < nargs; t->next_arg++) {
		if (t->call.desc && !argument_shown(&t->call, t->next_arg))
			continue;
		if (!t->first_arg)
			buf_printf(&text, ", ");
		t->first_arg = false;
		if (t->call.desc && !done && argument_waits(&t->call, t->next_arg)) {
			t->first_arg = true; /* the comma is out already */
			break;
		}
		if (t->call.desc)
			print_argument(&text, &t->call, t->next_arg);
		else
			buf_printf(&text, "%#llx", (unsigned long long)t->call.args[t->next_arg]);
	}
	put(s, &text);
}

static bool all_arguments_out(const struct thread *t)
{
	return t->next_arg >= (t->call.desc ? t->call.desc->nargs : SYS_MAX_ARGS);
}

/* ---- records ---- */

static void on_data(struct thread *t, const struct tr_record *r)
{
	if (r->data.arg < SYS_MAX_ARGS)
		call_add_data(&t->call, &r->data, r->header.length - sizeof r->data);
}

static void on_enter(struct strace *s, struct thread *t, const struct tr_record *r)
{
	struct buf text = { 0 }, scratch = { 0 };

	t->call.abi = r->enter.abi;
	t->call.nr = r->enter.nr;
	t->call.desc = sysdesc_find(t->call.abi, (u32)t->call.nr);
	memcpy(t->call.args, r->enter.args, sizeof t->call.args);
	t->in_call = t->first_arg = true;
	t->next_arg = 0;
	line_begin(s, t);
	s->open = t;
	buf_printf(&text, "%s(", call_name(t, &scratch));
	put(s, &text);
	buf_free(&scratch);
	put_arguments(s, t, false);
}

static void call_end(struct thread *t)
{
	call_clear(&t->call);
	t->in_call = t->broken_off = false;
}

static void on_exit_record(struct strace *s, struct thread *t, const struct tr_record *r)
{
	struct buf text = { 0 }, scratch = { 0 };

	if (!t->in_call)
		return;
	t->call.value = r->exit.value;
	if (s->open != t) {
		line_begin(s, t);
		buf_printf(&text, "<... %s resumed>", call_name(t, &scratch));
		put(s, &text);
		buf_free(&scratch);
	}
	put_arguments(s, t, true);
	put_result(s, ")", &t->call);
	call_end(t);
}

static void put_argv(struct buf *text, const struct traced_call *c)
{
	const struct user_data *d;
	u32 i;

	buf_printf(text, "[");
	for (i = 0; (d = call_data(c, 1, DIR_IN, i)) && i < c->strsize; i++) {
		buf_printf(text, "%s", i ? ", " : "");
		print_string(text, d->bytes.data ? d->bytes.data : "", d->bytes.len, c->strsize);
	}
	buf_printf(text, "%s]", !d ? "" : i ? ", ..." : "...");
}

static void on_exec(struct strace *s, struct thread *t, const struct tr_record *r)
{
	const struct user_data *path = call_data(&t->call, 0, DIR_IN, TR_ARRAY);
	struct buf text = { 0 };

	line_begin(s, t);
	buf_printf(&text, "execve(");
	if (path)
		print_string(&text, path->bytes.data ? path->bytes.data : "", path->bytes.len,
			     path->bytes.len);
	buf_printf(&text, ", ");
	put_argv(&text, &t->call);
	buf_printf(&text, ", ");
	print_addr(&text, r->exec.envp);
	buf_printf(&text, " /* %u var%s */", r->exec.envc, r->exec.envc == 1 ? "" : "s");
	put(s, &text);
	t->call.value = r->exec.result;
	put_result(s, ")", &t->call);
	call_end(t);
}

/* A call the thread will not return from. */
static void call_abandon(struct strace *s, struct thread *t)
{
	if (!t->in_call)
		return;
	if (s->open == t)
		put_result(s, all_arguments_out(t) ? ")" : " <unfinished ...>)", NULL);
	call_end(t);
}

static void on_signal(struct strace *s, struct thread *t, const struct tr_record *r)
{
	struct buf text = { 0 };

	line_begin(s, t);
	buf_printf(&text, "--- ");
	print_signal(&text, r->signal.si_signo);
	buf_printf(&text, " ");
	print_siginfo(&text, &r->signal);
	buf_printf(&text, " ---");
	put(s, &text);
	line_end(s);
}

static void on_end(struct strace *s, struct thread *t, const struct tr_record *r)
{
	struct buf text = { 0 };

	call_abandon(s, t);
	line_begin(s, t);
	if (r->header.type == TR_EXITED) {
		buf_printf(&text, "+++ exited with %d", r->end.value & 0xff);
	} else {
		buf_printf(&text, "+++ killed by ");
		print_signal(&text, r->end.value);
		buf_printf(&text, "%s", r->end.core ? " (core dumped)" : "");
	}
	buf_printf(&text, " +++");
	put(s, &text);
	line_end(s);
	thread_forget(s, t);
}

static bool record_is_sound(const struct tr_record *r)
{
	static const size_t least[] = {
		[TR_DATA] = sizeof(struct tr_data),	  [TR_ENTER] = sizeof(struct tr_enter),
		[TR_EXIT] = sizeof(struct tr_exit),	  [TR_EXEC] = sizeof(struct tr_exec),
		[TR_SIGNAL] = sizeof(struct l64_siginfo), [TR_EXITED] = sizeof(struct tr_end),
		[TR_KILLED] = sizeof(struct tr_end),
	};
	const struct tr_header *h = &r->header;

	return h->type >= TR_DATA && h->type <= TR_KILLED && h->length <= h->size - sizeof *h &&
	       h->length >= least[h->type] && (h->type != TR_ENTER || r->enter.abi < ABI_COUNT);
}

static void on_record(struct strace *s, const struct tr_record *r)
{
	struct thread *t = thread_of(s, r->header.tid);

	switch (r->header.type) {
	case TR_DATA:
		return on_data(t, r);
	case TR_ENTER:
		return on_enter(s, t, r);
	case TR_EXIT:
		return on_exit_record(s, t, r);
	case TR_EXEC:
		return on_exec(s, t, r);
	case TR_SIGNAL:
		return on_signal(s, t, r);
	default:
		return on_end(s, t, r);
	}
}

/* Takes one record off the front of the input; 0 when none is complete. */
static size_t next_record(struct strace *s, size_t at, struct tr_record *r)
{
	size_t left = s->input.len - at;

	if (left < sizeof r->header)
		return 0;
	memcpy(&r->header, s->input.data + at, sizeof r->header);
	if (r->header.size < sizeof r->header || r->header.size > TR_RECORD_MAX ||
	    r->header.size % 8) {
		s->damaged = true;
		return 0;
	}
	if (left < r->header.size)
		return 0;
	memcpy(r, s->input.data + at, r->header.size);
	s->damaged = !record_is_sound(r);
	return s->damaged ? 0 : r->header.size;
}

void strace_feed(struct strace *s, const void *bytes, size_t n)
{
	struct tr_record record;
	size_t at = 0, size;

	if (s->damaged)
		return;
	buf_add(&s->input, bytes, n);
	while ((size = next_record(s, at, &record))) {
		on_record(s, &record);
		at += size;
	}
	memmove(s->input.data, s->input.data + at, s->input.len - at);
	s->input.len -= at;
	if (s->damaged)
		fputs("\nlstar: the trace is damaged here; no more of it is shown\n", s->out);
	fflush(s->out);
}

void strace_end(struct strace *s)
{
	if (s->open) {
		fputs(" <unfinished ...>", s->out);
		line_end(s);
	}
	fflush(s->out);
	while (s->nthreads)
		thread_forget(s, s->threads[0]);
	free(s->threads);
	buf_free(&s->input);
	free(s);
}
