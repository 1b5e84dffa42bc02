/* SPDX-License-Identifier: MIT */
/*
 * What a terminal can be asked. The line discipline (echo, editing, ^C) is that of the
 * host's own terminal: the launcher puts the settings that programs ask for into force
 * there. Kept here: the settings last asked for, the window size, the foreground group.
 */
#include "abi/hostlink.h"
#include "abi/linux64.h"
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "kernel/fs/console_impl.h"
#include "kernel/proc/proc.h"
#include "lib/string.h"
#include "machine/clock.h"
#include "machine/hostlink.h"

_Static_assert(CONSOLE_TERMIOS_BYTES == HL_TERMIOS_BYTES, "abi/hostlink.h");
_Static_assert(CONSOLE_TERMIOS_BYTES == sizeof(struct l64_termios), "abi/linux64.h");

/* How long a program waits for the launcher to apply settings, and how often it looks. */
#define APPLY_TIMEOUT_NS 1000000000ull
#define APPLY_LOOK_NS 2000000ull

static struct {
	struct mutex lock;
	u8 termios[CONSOLE_TERMIOS_BYTES];
	struct l64_winsize size;
	u16 seen_rows, seen_cols; /* the launcher's words when size was taken from them */
} tty;

void tty_init(const struct console_config *cfg)
{
	mutex_init(&tty.lock);
	memcpy(tty.termios, cfg->termios, sizeof tty.termios);
	tty.size.ws_row = cfg->rows;
	tty.size.ws_col = cfg->cols;
}

static bool applied(const struct hl_tty *shared, u32 seq)
{
	return __atomic_load_n(&shared->set_done, __ATOMIC_ACQUIRE) == seq;
}

/* The settings hold from the return of the call on; a launcher that is slow or gone is not
 * waited for without end. */
static err_t wait_applied(const struct hl_tty *shared, u32 seq)
{
	u64 give_up = clock_monotonic_ns() + APPLY_TIMEOUT_NS;
	spin_guard(&console.lock);
	while (!applied(shared, seq) && clock_monotonic_ns() < give_up) {
		u64 look = clock_monotonic_ns() + APPLY_LOOK_NS;
		err_t e = waitq_sleep(&console.tty_waiters, &console.lock, look);
		if (e && e != -ETIMEDOUT)
			return e;
	}
	return 0;
}

static err_t set_termios(uaddr_t arg)
{
	u8 wanted[CONSOLE_TERMIOS_BYTES];
	err_t e = copyin(wanted, arg, sizeof wanted);
	if (e)
		return e;
	mutex_guard(&tty.lock);
	memcpy(tty.termios, wanted, sizeof wanted);
	if (!hl_attached())
		return 0;
	struct hl_tty *shared = hl_tty();
	u32 seq = shared->set_seq + 1;
	memcpy(shared->set, wanted, sizeof wanted);
	__atomic_store_n(&shared->set_seq, seq, __ATOMIC_RELEASE);
	hl_ring_bell();
	return wait_applied(shared, seq);
}

static err_t get_termios(uaddr_t arg)
{
	mutex_guard(&tty.lock);
	return copyout(arg, tty.termios, sizeof tty.termios);
}

static err_t get_size(uaddr_t arg)
{
	mutex_guard(&tty.lock);
	struct hl_tty *shared = hl_tty();
	u16 rows = hl_attached() ? shared->rows : 0, cols = hl_attached() ? shared->cols : 0;
	if (rows && cols && (rows != tty.seen_rows || cols != tty.seen_cols)) {
		tty.size = (struct l64_winsize){ .ws_row = rows, .ws_col = cols };
		tty.seen_rows = rows;
		tty.seen_cols = cols;
	}
	return copyout(arg, &tty.size, sizeof tty.size);
}

static err_t set_size(uaddr_t arg)
{
	struct l64_winsize size;
	err_t e = copyin(&size, arg, sizeof size);
	if (e)
		return e;
	mutex_guard(&tty.lock);
	tty.size = size;
	return 0;
}

static err_t put_int(uaddr_t arg, int value)
{
	return copyout(arg, &value, sizeof value);
}

static err_t set_foreground(uaddr_t arg)
{
	int pid;
	err_t e = copyin(&pid, arg, sizeof pid);
	if (e)
		return e;
	if (pid <= 0)
		return -EINVAL;
	if (!proc_find((u32)pid))
		return -ESRCH;
	console_set_foreground((u32)pid);
	return 0;
}

err_t tty_ioctl(u32 cmd, uaddr_t arg, long *result)
{
	(void)result;
	switch (cmd) {
	case LINUX_TCGETS:
		return get_termios(arg);
	case LINUX_TCSETS:
	case LINUX_TCSETSW:
	case LINUX_TCSETSF:
		return set_termios(arg);
	case LINUX_TIOCGWINSZ:
		return get_size(arg);
	case LINUX_TIOCSWINSZ:
		return set_size(arg);
	case LINUX_TIOCGPGRP:
	case LINUX_TIOCGSID:
		return put_int(arg,
			       (int)__atomic_load_n(&console.foreground_pid, __ATOMIC_RELAXED));
	case LINUX_TIOCSPGRP:
		return set_foreground(arg);
	case LINUX_TIOCOUTQ:
		return put_int(arg, 0);
	case LINUX_TIOCSCTTY:
	case LINUX_TCSBRK: /* output leaves at once: nothing to drain */
	case LINUX_TCSBRKP:
	case LINUX_TCXONC:
	case LINUX_TCFLSH:
		return 0;
	default:
		return -ENOTTY;
	}
}
