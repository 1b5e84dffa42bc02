/* SPDX-License-Identifier: MIT */
/* Private to kernel/trace: a call being recorded, and records on their way to the sink. */
#ifndef KERNEL_TRACE_RECORD_IMPL_H
#define KERNEL_TRACE_RECORD_IMPL_H

#include "abi/trace_record.h"
#include "base/uaddr.h"
#include "gen/sysdesc.h"

struct traced_call {
	const struct call_desc *desc; /* NULL: an unknown number */
	enum abi_id abi;
	u32 tid;
	u64 args[SYS_MAX_ARGS];
	struct tr_record record; /* the one under construction */
};

/* Completes the record with its header and hands it to the sink. */
void record_emit(struct tr_record *record, enum tr_type type, u32 tid, u32 length);

/* A stretch of user data: all in one arg, dir and element, as many records as it takes. */
struct stretch {
	u8 arg;
	u8 dir;
	u32 element;
	uaddr_t addr;
};

/* Records length user bytes; false when they end early because memory does. */
bool stretch_copy(struct traced_call *call, struct stretch s, u64 length);
/* Records a user string, without its NUL, up to limit bytes. */
void stretch_string(struct traced_call *call, struct stretch s, u64 limit);

/* What the call reads (DIR_IN) or wrote (DIR_OUT), argument by argument. */
void capture_input(struct traced_call *call);
void capture_output(struct traced_call *call, long value);

#endif
