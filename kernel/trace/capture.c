/* SPDX-License-Identifier: MIT */
/*
 * Which user bytes of a call are recorded: read off the call's row, so that no call is
 * known here by name. Input is recorded before the handler runs, output after it, as much
 * as the result says was written.
 *
 * Buffers and arrays are cut to trace_strsize, as strace cuts them in print; what is needed
 * whole to be printed at all (directory records, sets of descriptors, paths) is not.
 */
#include "kernel/trace/record_impl.h"

#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "kernel/trace/strace.h"

#define PATH_BYTES 4096
#define WHOLE_BYTES 65536

u32 trace_strsize = 32;

static bool shown_whole(u16 show)
{
	switch (show) {
	case SHOW_dirents:
	case SHOW_dirents64:
	case SHOW_dirents32:
	case SHOW_fdset32:
	case SHOW_nulstr:
	case SHOW_fdset:
	case SHOW_cpumask:
	case SHOW_pollfd:
		return true;
	default:
		return false;
	}
}

static u64 recorded_bytes(const struct arg_desc *arg, u64 elements)
{
	if (arg->count_arg < 0)
		return arg->size * elements;
	if (shown_whole(arg->show))
		return arg->size * min_u64(elements, WHOLE_BYTES / arg->size);
	return arg->size * min_u64(elements, trace_strsize);
}

/* The buffers of an I/O vector, as far as `left` bytes go. */
static bool iovec_get(uaddr_t vector, u32 element, bool is32, struct l64_iovec *iov)
{
	struct l32_iovec narrow;

	if (!is32)
		return !copyin(iov, vector + element * sizeof *iov, sizeof *iov);
	if (copyin(&narrow, vector + element * sizeof narrow, sizeof narrow))
		return false;
	*iov = (struct l64_iovec){ narrow.iov_base, narrow.iov_len };
	return true;
}

static void capture_buffers(struct traced_call *call, struct stretch s, u64 elements, u64 left)
{
	uaddr_t vector = s.addr;

	elements = min_u64(elements, trace_strsize);
	for (s.element = 0; s.element < elements && left; s.element++) {
		struct l64_iovec iov;
		u64 n;

		if (!iovec_get(vector, s.element, call->abi == ABI_LINUX32, &iov))
			return;
		n = min_u64(iov.iov_len, left);
		left -= n;
		s.addr = iov.iov_base;
		stretch_copy(call, s, min_u64(n, trace_strsize));
	}
}

/* The signal set that pselect6 hides behind its last argument. */
static void capture_sigset(struct traced_call *call, struct stretch s)
{
	struct l64_sigset_arg arg = { 0 };
	u64 word = call->abi == ABI_LINUX32 ? sizeof(u32) : sizeof(u64);

	if (copyin(&arg.ss, s.addr, word) || arg.ss == 0) /* the address comes first */
		return;
	s.addr = arg.ss;
	s.element = 0;
	stretch_copy(call, s, sizeof(u64));
}

static void capture_strings(struct traced_call *call, struct stretch s)
{
	u64 width = call->abi == ABI_LINUX32 ? 4 : 8;
	uaddr_t vector = s.addr;

	for (s.element = 0; s.element <= trace_strsize; s.element++) {
		s.addr = 0;
		if (copyin(&s.addr, vector + s.element * width, width) || s.addr == 0)
			return;
		stretch_string(call, s, trace_strsize + 1);
	}
}

/* The descriptor of argument i, a variant resolved by the argument that chooses. */
static const struct arg_desc *resolve(const struct traced_call *call, unsigned i)
{
	const struct arg_desc *arg = &call->desc->args[i], *by;

	if (arg->class != ARG_VARIANT)
		return arg;
	by = &call->desc->args[arg->count_arg];
	return sysdesc_variant(arg->set,
			       sysdesc_number(call->abi, by->repr, call->args[arg->count_arg]));
}

static struct stretch stretch_of(const struct traced_call *call, unsigned i, enum arg_dir dir)
{
	u64 addr = call->abi == ABI_LINUX32 ? (u32)call->args[i] : call->args[i];

	return (struct stretch){ .arg = i, .dir = dir, .element = TR_ARRAY, .addr = addr };
}

static void capture_pointer(struct traced_call *call, const struct arg_desc *arg, struct stretch s,
			    u64 elements)
{
	if (!stretch_copy(call, s, recorded_bytes(arg, elements)))
		return;
	if (arg->show == SHOW_iovec || arg->show == SHOW_iovec32)
		capture_buffers(call, s, elements, ~0ull);
	else if (arg->show == SHOW_sigset_arg || arg->show == SHOW_sigset_arg32)
		capture_sigset(call, s);
}

void capture_input(struct traced_call *call)
{
	for (unsigned i = 0; i < call->desc->nargs; i++) {
		const struct arg_desc *arg = resolve(call, i);
		struct stretch s = stretch_of(call, i, DIR_IN);
		u64 n;

		if (!arg || !(arg->dir & DIR_IN) || s.addr == 0 || arg->show == SHOW_address)
			continue;
		if (arg->class == ARG_PATH)
			stretch_string(call, s,
				       arg->show == SHOW_path ? PATH_BYTES : trace_strsize + 1);
		else if (arg->class == ARG_STRV)
			capture_strings(call, s);
		else if (sysdesc_count(call->desc, arg, call->abi, call->args, &n))
			capture_pointer(call, arg, s, n);
	}
}

/* Did the call write through this argument, with this result? */
static bool was_written(const struct arg_desc *arg, long value)
{
	bool interrupted = value == -EINTR || value == -ERESTART_RESTARTBLOCK;

	if (arg->show == SHOW_remaining || arg->show == SHOW_remaining32 ||
	    arg->show == SHOW_remaining64)
		return interrupted;
	return value >= 0;
}

void capture_output(struct traced_call *call, long value)
{
	for (unsigned i = 0; i < call->desc->nargs; i++) {
		const struct arg_desc *arg = resolve(call, i);
		struct stretch s = stretch_of(call, i, DIR_OUT);
		u64 n;

		if (!arg || s.addr == 0 || !was_written(arg, value) ||
		    !sysdesc_count(call->desc, arg, call->abi, call->args, &n))
			continue;
		if (arg->show == SHOW_iovec_fill || arg->show == SHOW_iovec32_fill)
			capture_buffers(call, s, n, (u64)value);
		if (!(arg->dir & DIR_OUT))
			continue;
		if ((call->desc->flags & CALL_COUNTS) && arg->count_arg >= 0)
			n = min_u64(n, (u64)value);
		stretch_copy(call, s, recorded_bytes(arg, n));
	}
}
