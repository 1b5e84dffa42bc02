/* SPDX-License-Identifier: MIT */
/* A siginfo: which of its fields mean something depends on the signal and its code. */
#include "gen/signals.h"
#include "tools/lstar/strace_impl.h"

/* Codes from 0 down, and SI_KERNEL, mean the same for every signal. */
static void print_code(struct buf *out, int signal, s32 code)
{
	static const struct {
		int signal;
		enum name_set set;
	} sets[] = {
		{ SIGSEGV, SET_sicodesegv }, { SIGFPE, SET_sicodefpe },
		{ SIGILL, SET_sicodeill },   { SIGBUS, SET_sicodebus },
		{ SIGTRAP, SET_sicodetrap }, { SIGCHLD, SET_sicodecld },
	};
	const char *name = name_of(SET_sicode, (u64)(s64)code);

	for (size_t i = 0; i < ARRAY_SIZE(sets); i++)
		if (!name && sets[i].signal == signal)
			name = name_of(sets[i].set, (u64)(s64)code);
	if (name)
		buf_printf(out, ", si_code=%s", name);
	else
		buf_printf(out, ", si_code=%#x", code);
}

static bool is_fault(int signal)
{
	switch (signal) {
	case SIGILL:
	case SIGFPE:
	case SIGSEGV:
	case SIGBUS:
	case SIGTRAP:
		return true;
	default:
		return false;
	}
}

static void print_status(struct buf *out, const struct l64_siginfo *info)
{
	buf_printf(out, ", si_status=");
	if (name_of(SET_sicodecld, (u64)info->si_code) && info->si_code != 1)
		print_signal(out, info->si_status);
	else
		buf_printf(out, "%d", info->si_status);
	buf_printf(out, ", si_utime=%lld", (long long)info->si_utime);
	if (info->si_utime)
		buf_printf(out, " /* %.2f s */", (double)info->si_utime / 100);
	buf_printf(out, ", si_stime=%lld", (long long)info->si_stime);
	if (info->si_stime)
		buf_printf(out, " /* %.2f s */", (double)info->si_stime / 100);
}

void print_siginfo(struct buf *out, const struct l64_siginfo *info)
{
	bool from_kernel = info->si_code > 0;

	buf_printf(out, "{si_signo=");
	print_signal(out, info->si_signo);
	print_code(out, info->si_signo, info->si_code);
	if (info->si_errno)
		buf_printf(out, ", si_errno=%d", info->si_errno);
	if (!from_kernel || info->si_signo == SIGCHLD) {
		buf_printf(out, ", si_pid=%d, si_uid=", info->si_pid);
		print_id(out, info->si_uid);
	}
	if (info->si_signo == SIGCHLD && from_kernel) {
		print_status(out, info);
	} else if (from_kernel && is_fault(info->si_signo)) {
		buf_printf(out, ", si_addr=");
		print_addr(out, info->si_addr);
	}
	buf_printf(out, "}");
}
