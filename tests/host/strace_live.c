/* SPDX-License-Identifier: MIT */
/*
 * strace_live FILE STRSIZE PROGRAM [ARGS...]: traces a Linux program on the host with
 * Lstar's own code and writes the trace to FILE.
 *
 * ptrace stands in for the entry path: at each stop the tracee's registers become a struct
 * trapframe and go through the kernel's capture (kernel/trace) with user copies made by
 * process_vm_readv; the records go straight into the launcher's decoder (tools/lstar).
 * So both halves are compared, byte for byte, with what the real strace prints of the same
 * program (tests/host/test_strace.py).
 */
#include "base/uaddr.h"
#include "cpu/uaccess.h"
#include "kernel/trace/strace.h"
#include "tools/lstar/strace.h"

/* libc has macros of these names; the project's headers had to come first */
#undef PAGE_SIZE
#undef PAGE_MASK

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t tracee;
static struct strace *decoder;

/* ---- cpu/uaccess.h, by way of the host kernel ---- */

err_t copyin(void *dst, uaddr_t src, u64 n)
{
	struct iovec to = { dst, n }, from = { (void *)src, n };

	if (n == 0)
		return 0;
	return process_vm_readv(tracee, &to, 1, &from, 1, 0) == (ssize_t)n ? 0 : -EFAULT;
}

err_t copyinstr(char *dst, uaddr_t src, u64 size, u64 *len)
{
	for (*len = 0; *len < size; ++*len) {
		if (copyin(dst + *len, src + *len, 1))
			return -EFAULT;
		if (dst[*len] == '\0')
			return 0;
	}
	return -ENAMETOOLONG;
}

static void to_decoder(const void *record, size_t size)
{
	/* in two pieces, as they would come around the end of the ring */
	strace_feed(decoder, record, size / 3);
	strace_feed(decoder, (const char *)record + size / 3, size - size / 3);
}

static void on_syscall_stop(bool *entered)
{
	struct user_regs_struct r;

	ptrace(PTRACE_GETREGS, tracee, 0, &r);
	const u64 args[SYS_MAX_ARGS] = { r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9 };
	*entered = !*entered;
	if (*entered)
		strace_enter(ABI_LINUX64, r.orig_rax, args, (u32)tracee);
	else
		strace_exit(ABI_LINUX64, r.orig_rax, args, (u32)tracee, (long)r.rax);
}

static u64 word_at(u64 addr)
{
	u64 word = 0;

	if (copyin(&word, addr, sizeof word))
		abort();
	return word;
}

/* The new program's stack: argc, argv, NULL, envp, NULL. */
static void on_exec(char **argv)
{
	struct user_regs_struct regs;
	u32 argc, envc = 0;
	u64 envp;

	ptrace(PTRACE_GETREGS, tracee, 0, &regs);
	argc = (u32)word_at(regs.rsp);
	envp = regs.rsp + 8 * (argc + 2);
	while (word_at(envp + 8 * envc))
		envc++;
	strace_exec((u32)tracee, argv[0], (const char *const *)argv, argc, envp, envc);
}

static int on_signal_stop(int signal)
{
	siginfo_t info;

	if (ptrace(PTRACE_GETSIGINFO, tracee, 0, &info) == 0)
		strace_signal((u32)tracee, (const void *)&info);
	return signal;
}

static void follow(char **argv)
{
	bool entered = false;
	int status, deliver = 0;

	waitpid(tracee, &status, 0);
	ptrace(PTRACE_SETOPTIONS, tracee, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	on_exec(argv);
	for (;;) {
		ptrace(PTRACE_SYSCALL, tracee, 0, deliver);
		waitpid(tracee, &status, 0);
		deliver = 0;
		if (!WIFSTOPPED(status))
			break;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			on_syscall_stop(&entered);
		else
			deliver = on_signal_stop(WSTOPSIG(status));
	}
	if (WIFEXITED(status))
		strace_exited((u32)tracee, WEXITSTATUS(status));
	else
		strace_killed((u32)tracee, WTERMSIG(status), WCOREDUMP(status));
}

int main(int argc, char **argv)
{
	FILE *out = argc > 3 ? fopen(argv[1], "we") : NULL;

	if (!out)
		return 2;
	trace_sink = to_decoder;
	decoder = strace_new(out);
	trace_strsize = (u32)atoi(argv[2]);
	strace_set_strsize(decoder, trace_strsize);
	tracee = fork();
	if (tracee == 0) {
		personality(ADDR_NO_RANDOMIZE);
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		execv(argv[3], argv + 3);
		_exit(127);
	}
	follow(argv + 3);
	strace_end(decoder);
	return 0;
}
