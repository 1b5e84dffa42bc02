/* SPDX-License-Identifier: MIT */
/*
 * What gen/sysdesc.c says of each system call: enough to record a call's user data without
 * knowing the call (kernel/trace) and to print it (tools/lstar/strace.c). The rows come from
 * abi/syscalls.tbl and abi/kinds.def by tools/gensys; gen/sysdesc.h, which includes this file,
 * has the numbers of the SHOW_ and SET_ words.
 */
#ifndef ABI_SYSDESC_TYPES_H
#define ABI_SYSDESC_TYPES_H

#include "base/types.h"

enum abi_id { ABI_NATIVE, ABI_LINUX64, ABI_LINUX32, ABI_COUNT };

#define SYS_MAX_ARGS 6

enum arg_class {
	ARG_NUMBER,
	ARG_PATH,    /* NUL-terminated string, read */
	ARG_STRV,    /* NULL-terminated vector of strings, read */
	ARG_POINTER, /* `size` bytes per element */
	ARG_VARIANT, /* sysdesc_variant() says what, by the value of argument count_arg */
};

/* How a register becomes the handler's number. */
enum arg_repr { REPR_S32, REPR_U32, REPR_S64, REPR_U64 };

enum arg_dir { DIR_NONE = 0, DIR_IN = 1, DIR_OUT = 2, DIR_INOUT = 3 };

/* What the count of a pointer argument counts. */
enum count_unit { COUNT_ELEMENTS, COUNT_BITS, COUNT_PAGES };

struct arg_desc {
	const char *name;
	u8 class; /* enum arg_class */
	u8 dir;	  /* enum arg_dir */
	u8 repr;  /* ARG_NUMBER: enum arg_repr */
	u8 unit;  /* ARG_POINTER: enum count_unit */
	u16 show; /* SHOW_...: how the decoder prints it */
	u16 set;  /* SET_...: the names it prints with, or SET_none */
	u16 size;
	s8 count_arg; /* argument that holds the count, or -1 */
	u8 count;     /* the count when count_arg is -1 */
	bool optional;
};

enum call_flags {
	CALL_FRAME = 1,
	CALL_NORETURN = 2,
	CALL_ATOMIC = 4,
	CALL_LEAF = 8,
	CALL_PARTIAL = 16,
	CALL_COUNTS = 32, /* the value counts the elements (for an iovec, the bytes) written */
};

struct call_desc {
	const char *name;
	const char *file;  /* the handler's, below the project's root */
	const char *note;  /* what is missing, for CALL_PARTIAL */
	s16 nr[ABI_COUNT]; /* -1: the ABI does not have it */
	u8 flags;
	u8 nargs;
	u16 result; /* SHOW_... */
	struct arg_desc args[SYS_MAX_ARGS];
};

/*
 * The handler's number in a raw register. A 32-bit caller's upper half is noise; the
 * lower one is what counts, with its sign where the type has one.
 */
static inline u64 sysdesc_number(enum abi_id abi, enum arg_repr repr, u64 raw)
{
	if (repr == REPR_S32 || (repr == REPR_S64 && abi == ABI_LINUX32))
		return (u64)(s64)(s32)raw;
	if (repr == REPR_U32 || abi == ABI_LINUX32)
		return (u32)raw;
	return raw;
}

/*
 * How many elements the caller says pointer argument `arg` of `call` has; false when the
 * count is negative.
 */
static inline bool sysdesc_count(const struct call_desc *call, const struct arg_desc *arg,
				 enum abi_id abi, const u64 *args, u64 *count)
{
	u64 n = arg->count;

	if (arg->count_arg >= 0)
		n = sysdesc_number(abi, call->args[arg->count_arg].repr, args[arg->count_arg]);
	*count = n;
	if (arg->unit == COUNT_BITS)
		*count = n / (8u * arg->size) + (n % (8u * arg->size) != 0);
	else if (arg->unit == COUNT_PAGES)
		*count = n / PAGE_SIZE + (n % PAGE_SIZE != 0);
	return arg->size == 1 || (s64)n >= 0;
}

struct variant_desc {
	u16 set;
	u64 value;
	struct arg_desc arg;
};

#endif
