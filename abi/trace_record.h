/* SPDX-License-Identifier: MIT */
/*
 * Records of the trace ring (HL_TRACE of abi/hostlink.h): what the kernel says of each
 * traced call, and all that the launcher knows of it.
 *
 * A record is a header and a body, together a multiple of 8 bytes. User data travels in
 * TR_DATA records before the record it belongs to: what a call reads before its TR_ENTER,
 * what it wrote before its TR_EXIT. Data longer than one record goes on in further TR_DATA
 * with the same arg, dir and element. Records of several threads interleave; those of one
 * thread (tid) are in order, and a record is never torn.
 *
 * Which bytes are recorded follows from the call's row (gen/sysdesc.h): the decoder knows
 * how many there should be, so a record says only what there was.
 */
#ifndef ABI_TRACE_RECORD_H
#define ABI_TRACE_RECORD_H

#include "abi/linux32.h"
#include "abi/linux64.h"
#include "base/types.h"

enum tr_type {
	TR_DATA = 1,
	TR_ENTER,  /* a call begins; its input is complete */
	TR_EXIT,   /* the thread's open call ends */
	TR_EXEC,   /* the program starts; TR_DATA: arg 0 the path, arg 1 element i argv[i] */
	TR_SIGNAL, /* a signal is delivered: struct l64_siginfo */
	TR_EXITED, /* the process ended by itself */
	TR_KILLED, /* the process died of a signal */
};

struct tr_header {
	u32 size; /* with header and padding */
	u16 type; /* enum tr_type */
	u16 pad0;
	u32 tid;
	u32 length; /* of the body without padding */
};
_Static_assert(sizeof(struct tr_header) == 16, "tr_header");

enum tr_data_flags {
	TR_FAULT = 1, /* the bytes behind these could not be read */
};

struct tr_data {
	u8 arg;
	u8 dir; /* DIR_IN or DIR_OUT of gen/sysdesc.h */
	u16 flags;
	u32 element; /* index, where an argument is a list of buffers (iovec, argv) */
	u64 addr;    /* of the first byte */
	u8 bytes[];
};
_Static_assert(sizeof(struct tr_data) == 16, "tr_data");

/*
 * Element of the struct array itself, where the argument also has buffers behind it. The
 * buffers are the elements 0, 1, 2...
 */
#define TR_ARRAY 0xffffffffu

struct tr_enter {
	u64 nr;	     /* all of rax; the call is chosen by its lower half */
	u64 args[6]; /* registers as the caller had them */
	u32 abi;     /* enum abi_id */
	u32 pad0;
};
_Static_assert(sizeof(struct tr_enter) == 64, "tr_enter");

struct tr_exit {
	s64 value;
};

struct tr_exec {
	u64 envp;
	u32 envc;
	s32 result;
};

struct tr_end {
	s32 value; /* exit status or signal number */
	u32 core;  /* TR_KILLED: the signal's action is a core dump */
};

#define TR_BODY_MAX 512
#define TR_RECORD_MAX (sizeof(struct tr_header) + TR_BODY_MAX)

struct tr_record {
	struct tr_header header;
	union {
		struct tr_data data;
		struct tr_enter enter;
		struct tr_exit exit;
		struct tr_exec exec;
		struct tr_end end;
		struct l64_siginfo signal;
		u8 body[TR_BODY_MAX];
	};
};
_Static_assert(sizeof(struct tr_record) == TR_RECORD_MAX, "tr_record");

#endif
