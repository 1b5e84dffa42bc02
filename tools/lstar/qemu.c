/* SPDX-License-Identifier: MIT */
/*
 * Starting and ending QEMU; see qemu.h. vfork, because the child needs a few calls
 * (session, parent-death signal, descriptors) that posix_spawn does not offer, and
 * because the address space may hold a mapping of the whole guest.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/lstar/qemu.h"
#include "tools/lstar/signals.h"

/* Runs in the child, in the parent's memory: system calls only. Returns on failure. */
static int child_exec(const struct machine *m, int output, int null, pid_t parent, char **argv)
{
	const int keep[] = { m->ram, m->initrd, m->bell, m->log };

	setsid();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		return ESRCH;
	dup2(null, STDIN_FILENO);
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	for (size_t i = 0; i < ARRAY_SIZE(keep); i++)
		if (keep[i] >= 0)
			fcntl(keep[i], F_SETFD, 0);
	sigprocmask(SIG_SETMASK, signals_outside_mask(), NULL);
	execvp(argv[0], argv);
	return errno;
}

static pid_t spawn(const struct machine *m, int output, int null, char **argv, int *error)
{
	volatile int child_error = 0;
	pid_t parent = getpid();
	pid_t pid = vfork();

	if (pid == 0) {
		child_error = child_exec(m, output, null, parent, argv);
		_exit(127);
	}
	*error = pid < 0 ? errno : child_error;
	return pid;
}

bool qemu_spawn(struct qemu *q, const struct machine *m, const struct strv *argv,
		struct outcome *out)
{
	int error, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	*q = (struct qemu){ .output = memfd_create("qemu-output", MFD_CLOEXEC) };
	q->pid = spawn(m, q->output, null, argv->v, &error);
	close(null);
	if (error == 0)
		return true;
	qemu_reap(q, false);
	if (error == ENOENT)
		outcome_set(
			out, OUTCOME_LAUNCHER, error,
			"'%s' was not found; install it (Debian: apt-get install qemu-system-x86)",
			argv->v[0]);
	else
		outcome_set(out, OUTCOME_LAUNCHER, error, "cannot start '%s': %s", argv->v[0],
			    strerror(error));
	return false;
}

void qemu_signal(const struct qemu *q, int sig)
{
	if (q->pid > 0)
		kill(q->pid, sig);
}

void qemu_reap(struct qemu *q, bool kill_first)
{
	if (q->pid <= 0)
		return;
	if (kill_first)
		kill(q->pid, SIGKILL);
	while (waitpid(q->pid, &q->status, 0) < 0 && errno == EINTR)
		;
	q->pid = 0;
}

void qemu_said(const struct qemu *q, struct buf *out)
{
	char chunk[4096];
	off_t at = 0;
	ssize_t n;

	while (out->len < 65536 && (n = pread(q->output, chunk, sizeof(chunk), at)) > 0) {
		buf_add(out, chunk, (size_t)n);
		at += n;
	}
}

void qemu_destroy(struct qemu *q)
{
	qemu_reap(q, true);
	if (q->output >= 0)
		close(q->output);
	q->output = -1;
}
