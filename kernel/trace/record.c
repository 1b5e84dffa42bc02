/* SPDX-License-Identifier: MIT */
/*
 * Records: headers, and user bytes cut into TR_DATA records.
 *
 * User memory is copied straight into the record under construction. A fault is not an
 * error here but part of the picture: the data ends with TR_FAULT, and the decoder prints
 * the pointer instead.
 */
#include "kernel/trace/record_impl.h"

#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "kernel/trace/strace.h"
#include "lib/string.h"

#define DATA_MAX (TR_BODY_MAX - sizeof(struct tr_data))

void (*trace_sink)(const void *record, size_t size);

void record_emit(struct tr_record *record, enum tr_type type, u32 tid, u32 length)
{
	u32 size = align_up(length, 8u);

	memset(record->body + length, 0, size - length);
	record->header = (struct tr_header){
		.size = sizeof(struct tr_header) + size, .type = type, .tid = tid, .length = length
	};
	if (trace_sink)
		trace_sink(record, record->header.size);
}

static void data_emit(struct traced_call *call, struct stretch s, u64 length, u16 flags)
{
	struct tr_data *data = &call->record.data;

	data->arg = s.arg;
	data->dir = s.dir;
	data->flags = flags;
	data->element = s.element;
	data->addr = s.addr;
	record_emit(&call->record, TR_DATA, call->tid, (u32)(sizeof *data + length));
}

bool stretch_copy(struct traced_call *call, struct stretch s, u64 length)
{
	do {
		u64 n = min_u64(length, DATA_MAX);

		if (copyin(call->record.data.bytes, s.addr, n)) {
			data_emit(call, s, 0, TR_FAULT);
			return false;
		}
		data_emit(call, s, n, 0);
		s.addr += n;
		length -= n;
	} while (length);
	return true;
}

void stretch_string(struct traced_call *call, struct stretch s, u64 limit)
{
	for (;;) {
		u64 n = min_u64(limit, DATA_MAX), length = 0;
		err_t err = copyinstr((char *)call->record.data.bytes, s.addr, n, &length);

		if (err == -ENAMETOOLONG)
			length = n;
		data_emit(call, s, err == -EFAULT ? 0 : length, err == -EFAULT ? TR_FAULT : 0);
		limit -= length;
		s.addr += length;
		if (err != -ENAMETOOLONG || limit == 0)
			return;
	}
}
