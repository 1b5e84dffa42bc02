/* SPDX-License-Identifier: MIT */
/*
 * Saving, changing and restoring the terminal; see tty.h. Settings travel in the
 * kernel's own layout (HL_TERMIOS_BYTES), not in libc's longer struct termios, so the
 * ioctls are used directly: ioctl_tty(2).
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/lstar/signals.h"
#include "tools/lstar/tty.h"

static struct {
	int fd; /* a standard descriptor that is a terminal, or -1 */
	unsigned mask;
	u32 applied; /* set_seq of the last request that was applied */
	bool changed;
	u16 rows, cols; /* as last told to the guest */
	_Alignas(4) u8 saved[HL_TERMIOS_BYTES];
	_Alignas(4) u8 guest[HL_TERMIOS_BYTES];
} tty = { .fd = -1 };

void tty_init(unsigned fds)
{
	for (int fd = 0; fd <= 2; fd++) {
		if ((fds & 1u << fd) == 0 || ioctl(fd, TCGETS, tty.guest) != 0)
			continue;
		tty.mask |= 1u << fd;
		if (tty.fd < 0) {
			tty.fd = fd;
			memcpy(tty.saved, tty.guest, sizeof(tty.saved));
		}
	}
	if (tty.fd >= 0)
		atexit(tty_restore);
}

static void window_size(void)
{
	struct winsize ws;

	if (tty.fd >= 0 && ioctl(tty.fd, TIOCGWINSZ, &ws) == 0) {
		tty.rows = ws.ws_row;
		tty.cols = ws.ws_col;
	}
}

bool tty_info(struct tty_info *info)
{
	*info = (struct tty_info){ .mask = tty.mask };
	if (tty.fd < 0)
		return false;
	memcpy(info->termios, tty.saved, sizeof(info->termios));
	window_size();
	info->rows = tty.rows;
	info->cols = tty.cols;
	return true;
}

bool tty_foreground(void)
{
	if (tty.fd < 0)
		return true;
	pid_t group = tcgetpgrp(tty.fd);

	/* Not our controlling terminal: job control does not apply to it. */
	return group < 0 || group == getpgrp();
}

bool tty_update_size(struct hl_tty *link)
{
	u16 rows = tty.rows, cols = tty.cols;

	window_size();
	__atomic_store_n(&link->rows, tty.rows, __ATOMIC_RELAXED);
	__atomic_store_n(&link->cols, tty.cols, __ATOMIC_RELAXED);
	return tty.rows != rows || tty.cols != cols;
}

bool tty_request_pending(const struct hl_tty *link)
{
	return __atomic_load_n(&link->set_seq, __ATOMIC_ACQUIRE) != tty.applied;
}

bool tty_apply(struct hl_tty *link)
{
	u32 seq = __atomic_load_n(&link->set_seq, __ATOMIC_ACQUIRE);

	memcpy(tty.guest, link->set, sizeof(tty.guest));
	if (tty.fd >= 0) {
		/* From the background this stops us, as it would stop the program itself. */
		bool foreground = tty_foreground();

		if (!foreground)
			signals_unblock_job_control();
		int rc = ioctl(tty.fd, TCSETS, tty.guest);
		int error = errno;

		if (!foreground)
			signals_block();
		if (rc != 0 && error == EINTR)
			return false;
		tty.changed |= rc == 0;
	}
	tty.applied = seq;
	__atomic_store_n(&link->set_done, seq, __ATOMIC_RELEASE);
	return true;
}

/* SIGTTOU is held off: restoring must work from the background and while dying. */
static void set_quietly(const u8 *termios)
{
	sigset_t block, old;

	sigemptyset(&block);
	sigaddset(&block, SIGTTOU);
	sigprocmask(SIG_BLOCK, &block, &old);
	ioctl(tty.fd, TCSETS, termios);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

void tty_restore(void)
{
	if (tty.fd >= 0 && tty.changed)
		set_quietly(tty.saved);
}

void tty_resume(void)
{
	if (tty.fd >= 0 && tty.changed && tty_foreground())
		set_quietly(tty.guest);
}
