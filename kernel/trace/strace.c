/* SPDX-License-Identifier: MIT */
/*
 * The entry points of strace capture; see strace.h for who calls them and when.
 */
#include "kernel/trace/strace.h"

#include "cpu/irq.h"
#include "kernel/trace/record_impl.h"
#include "lib/string.h"

static void call_init(struct traced_call *call, enum abi_id abi, u64 nr, const u64 *args, u32 tid)
{
	call->desc = sysdesc_find(abi, (u32)nr);
	call->abi = abi;
	call->tid = tid;
	memcpy(call->args, args, sizeof call->args);
}

void strace_enter(enum abi_id abi, u64 nr, const u64 *args, u32 tid)
{
	struct traced_call call;
	u64 flags = irq_save();

	irq_enable();
	call_init(&call, abi, nr, args, tid);
	if (call.desc)
		capture_input(&call);
	call.record.enter = (struct tr_enter){ .nr = nr, .abi = abi };
	memcpy(call.record.enter.args, call.args, sizeof call.args);
	record_emit(&call.record, TR_ENTER, tid, sizeof(struct tr_enter));
	irq_disable();
	irq_restore(flags);
}

void strace_exit(enum abi_id abi, u64 nr, const u64 *args, u32 tid, long value)
{
	struct traced_call call;
	u64 flags = irq_save();

	irq_enable();
	call_init(&call, abi, nr, args, tid);
	if (call.desc)
		capture_output(&call, value);
	call.record.exit = (struct tr_exit){ .value = value };
	record_emit(&call.record, TR_EXIT, tid, sizeof(struct tr_exit));
	irq_disable();
	irq_restore(flags);
}

/* A kernel string as data of argument `arg`. */
static void string_emit(struct tr_record *record, u32 tid, u8 arg, u32 element, const char *s)
{
	const size_t room = TR_BODY_MAX - sizeof(struct tr_data);
	size_t left = strlen(s);

	do {
		size_t n = min_u64(left, room);

		record->data = (struct tr_data){ .arg = arg, .dir = DIR_IN, .element = element };
		memcpy(record->data.bytes, s, n);
		record_emit(record, TR_DATA, tid, (u32)(sizeof(struct tr_data) + n));
		s += n;
		left -= n;
	} while (left);
}

void strace_exec(u32 tid, const char *path, const char *const *argv, u32 argc, uaddr_t envp,
		 u32 envc)
{
	struct tr_record record;

	string_emit(&record, tid, 0, TR_ARRAY, path);
	for (u32 i = 0; i < argc && i <= trace_strsize; i++)
		string_emit(&record, tid, 1, i, argv[i]);
	record.exec = (struct tr_exec){ .envp = envp, .envc = envc, .result = 0 };
	record_emit(&record, TR_EXEC, tid, sizeof(struct tr_exec));
}

void strace_signal(u32 tid, const struct l64_siginfo *info)
{
	struct tr_record record;

	memcpy(&record.signal, info, sizeof *info);
	record_emit(&record, TR_SIGNAL, tid, sizeof *info);
}

void strace_exited(u32 tid, int status)
{
	struct tr_record record;

	record.end = (struct tr_end){ .value = status };
	record_emit(&record, TR_EXITED, tid, sizeof(struct tr_end));
}

void strace_killed(u32 tid, int signal, bool core)
{
	struct tr_record record;

	record.end = (struct tr_end){ .value = signal, .core = core };
	record_emit(&record, TR_KILLED, tid, sizeof(struct tr_end));
}
