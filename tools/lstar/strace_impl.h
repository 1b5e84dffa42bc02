/* SPDX-License-Identifier: MIT */
/*
 * Private to the strace decoder: a call as far as it is known, and the printers. Every
 * printer appends to a struct buf; what a line consists of is decided in strace.c alone.
 */
#ifndef TOOLS_LSTAR_STRACE_IMPL_H
#define TOOLS_LSTAR_STRACE_IMPL_H

#include "abi/trace_record.h"
#include "gen/sysdesc.h"
#include "tools/lstar/buf.h"

/* User bytes of one argument in one direction. */
struct user_data {
	u8 arg;
	u8 dir;
	u32 element;
	bool fault; /* ends where memory did */
	struct buf bytes;
};

struct traced_call {
	const struct call_desc *desc; /* NULL: a number without a row */
	enum abi_id abi;
	u64 nr;
	u64 args[SYS_MAX_ARGS];
	s64 value;
	struct user_data *data;
	size_t ndata;
	unsigned strsize;
};

/* A pointer argument about to be printed. */
struct pointee {
	const struct traced_call *call;
	const struct arg_desc *desc;
	unsigned arg;
	u64 addr;
	u64 count;		      /* elements the caller says there are */
	const struct user_data *data; /* in the direction that is shown; NULL: none */
};

/* ---- strace_data.c: the bytes of a call ---- */
const struct user_data *call_data(const struct traced_call *c, unsigned arg, enum arg_dir dir,
				  u32 element);
void call_add_data(struct traced_call *c, const struct tr_data *record, size_t length);
void call_clear(struct traced_call *c);
u64 call_number(const struct traced_call *c, unsigned arg);
/* The descriptor of an argument, a variant resolved; NULL for an unknown variant. */
const struct arg_desc *call_arg(const struct traced_call *c, unsigned arg);
bool call_failed(const struct traced_call *c);

/* ---- strace_text.c: numbers, names, strings ---- */
void print_addr(struct buf *out, u64 addr);
void print_set(struct buf *out, enum name_set set, u64 value);
/* The bits of a set that also holds a number, without the number. */
void print_set_bits(struct buf *out, enum name_set set, u64 value);
/* The name in the set, or NULL. */
const char *name_of(enum name_set set, u64 value);
void print_mode(struct buf *out, u32 mode);
void print_file_mode(struct buf *out, u32 mode);
void print_dev(struct buf *out, u64 dev);
void print_id(struct buf *out, u32 id);
void print_signal(struct buf *out, int signal);
void print_sigset(struct buf *out, u64 set);
void print_errno(struct buf *out, s64 value);
/* At most limit bytes in quotes, then "..." when there are more. */
void print_string(struct buf *out, const char *s, size_t length, size_t limit);
void print_hex_string(struct buf *out, const u8 *s, size_t length, size_t limit);
/* A field of characters that ends at its NUL or its size. */
void print_cstring(struct buf *out, const char *s, size_t size);
/* " / * 2001-02-03T... * /", nothing for the zero time. */
void print_date(struct buf *out, s64 sec, u64 fraction, int digits);

/* ---- strace_structs.c, strace_files.c: one element of a struct kind ---- */
typedef void element_printer(struct buf *out, const void *element);
/* The printer of kinds that need nothing but the bytes, or NULL. */
element_printer *element_printer_of(u16 show);
void print_timespec(struct buf *out, const void *element);
void print_timeval(struct buf *out, const void *element);
void print_stat(struct buf *out, const void *element);
void print_statx(struct buf *out, const void *element);
void print_statfs(struct buf *out, const void *element);
void print_termios(struct buf *out, const void *element);
void print_winsize(struct buf *out, const void *element);

/* ---- strace_pointers.c: what is behind an address ---- */
void print_pointer(struct buf *out, const struct traced_call *c, unsigned arg,
		   const struct arg_desc *desc);
/* Is the argument printed only when the call is over? */
bool pointer_waits(const struct arg_desc *desc);

/* ---- strace_widen.c: i386 structs ---- */
/* The kind as whose x86-64 form a kind is printed: itself, unless it is an i386 layout. */
u16 show_widened(u16 show);
/* The same data in the wide form, with its descriptor; false when there is nothing to widen.
 * wide->bytes is the caller's to free. */
bool data_widen(const struct arg_desc *desc, const struct user_data *data, struct arg_desc *wide_desc,
		struct user_data *wide);

/* ---- strace_args.c ---- */
/* strace leaves out arguments that others make meaningless. */
bool argument_shown(const struct traced_call *c, unsigned arg);
/* Is it printed only when the call is over? */
bool argument_waits(const struct traced_call *c, unsigned arg);
void print_argument(struct buf *out, const struct traced_call *c, unsigned arg);

/* ---- strace_result.c ---- */
/* What stands behind the "= ". */
void print_result(struct buf *out, const struct traced_call *c);

/* ---- strace_signals.c ---- */
void print_siginfo(struct buf *out, const struct l64_siginfo *info);

#endif
