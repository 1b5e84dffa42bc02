/* SPDX-License-Identifier: MIT */
/*
 * kernel/fs/console.c and poll: bytes through small rings, end of file, a reader that is
 * gone, non-blocking use, waiting with and without a time limit, the terminal's ioctls.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "gen/signals.h"

static u8 pattern[40000], taken[40000];
static u64 taken_len;

static int boot(void **state)
{
	(void)state;
	for (u32 i = 0; i < sizeof pattern; i++)
		pattern[i] = (u8)(i * 31 + i / 256);
	fake_boot(NULL, 0, NULL);
	return 0;
}

static int fresh(void **state)
{
	(void)state;
	fake_ring_reset(4096);
	fake_sleep = NULL;
	fake_last_signal = 0;
	memset(fake_sleep_flags, 0, sizeof fake_sleep_flags);
	taken_len = 0;
	return 0;
}

/* The launcher empties stdout while the guest sleeps. */
static bool drain(void)
{
	taken_len += fake_out_take(HL_STDOUT, taken + taken_len, 1000);
	return true;
}

static void test_write(void **state)
{
	(void)state;
	fake_sleep = drain;
	assert_int_equal(sys_write(1, in(pattern), sizeof pattern), sizeof pattern);
	assert_true(fake_sleep_flags[HL_STDOUT]);
	while (taken_len < sizeof pattern)
		drain();
	assert_memory_equal(taken, pattern, sizeof pattern);
	assert_int_equal(sys_write(2, in("err"), 3), 3);
	assert_int_equal(fake_out_take(HL_STDERR, taken, 10), 3);
	assert_int_equal(sys_write(0, in("x"), 1), -EBADF);
}

static void test_write_fails(void **state)
{
	(void)state;
	/* interrupted while waiting for room: the bytes that went count */
	assert_int_equal(sys_write(1, in(pattern), 5000), 4096);
	assert_int_equal(sys_write(1, in(pattern), 5000), -EINTR);
	assert_int_equal(sys_fcntl(1, LINUX_F_SETFL, LINUX_O_NONBLOCK), 0);
	assert_int_equal(sys_write(1, in(pattern), 1), -EAGAIN);
	assert_int_equal(fake_out_take(HL_STDOUT, taken, 10), 10);
	assert_int_equal(sys_write(1, in(pattern), 50), 10);
	assert_int_equal(sys_fcntl(1, LINUX_F_SETFL, 0), 0);
	assert_int_equal(fake_last_signal, 0);
	fake_out_gone(HL_STDOUT);
	assert_int_equal(sys_write(1, in(pattern), 1), -EPIPE);
	assert_int_equal(fake_last_signal, SIGPIPE);
	assert_int_equal(sys_write(1, in(pattern), 0), 0);
	assert_int_equal(sys_write(1, in((void *)FAKE_BAD_ADDR), 0), 0);
	fake_ring_reset(4096);
	assert_int_equal(sys_write(1, in((void *)FAKE_BAD_ADDR), 1), -EFAULT);
}

static bool feed(void)
{
	fake_stdin_put("late", 4);
	return true;
}

static bool close_stdin(void)
{
	fake_stdin_close();
	return true;
}

static void test_read(void **state)
{
	char buf[100];
	(void)state;
	fake_stdin_put("hello", 5);
	assert_int_equal(sys_read(0, out(buf), 2), 2);
	assert_int_equal(sys_read(0, out(buf + 2), 98), 3);
	assert_memory_equal(buf, "hello", 5);
	assert_int_equal(sys_read(0, out(buf), 0), 0);
	assert_int_equal(sys_read(0, out(buf), 10), -EINTR);
	assert_true(fake_sleep_flags[HL_STDIN]);
	fake_sleep = feed;
	assert_int_equal(sys_read(0, out(buf), 100), 4);
	fake_sleep = close_stdin;
	assert_int_equal(sys_read(0, out(buf), 100), 0);
	assert_int_equal(sys_read(0, out(buf), 100), 0);
}

static void test_read_wraps(void **state)
{
	char buf[5000];
	(void)state;
	fake_stdin_put(pattern, 4000);
	assert_int_equal(sys_read(0, out(buf), 4000), 4000);
	fake_stdin_put(pattern, 4096);
	assert_int_equal(sys_read(0, out(buf), 5000), 4096);
	assert_memory_equal(buf, pattern, 4096);
	/* a fault loses nothing */
	fake_stdin_put("abc", 3);
	assert_int_equal(sys_read(0, out((void *)FAKE_BAD_ADDR), 3), -EFAULT);
	assert_int_equal(sys_read(0, out(buf), 9), 3);
	assert_memory_equal(buf, "abc", 3);
	assert_int_equal(sys_fcntl(0, LINUX_F_SETFL, LINUX_O_NONBLOCK), 0);
	assert_int_equal(sys_read(0, out(buf), 1), -EAGAIN);
	fake_stdin_close();
	assert_int_equal(sys_read(0, out(buf), 1), 0);
	assert_int_equal(sys_fcntl(0, LINUX_F_SETFL, 0), 0);
}

static void test_pipe_like(void **state)
{
	struct l64_termios t;
	struct l64_stat st;
	int n = -1;
	char link[100] = "";
	(void)state;
	assert_int_equal(sys_fstat(0, (uout_stat){ .a = (uaddr_t)&st }), 0);
	assert_int_equal(st.st_mode, 010600);
	assert_int_equal(sys_lseek(0, 0, LINUX_SEEK_CUR), -ESPIPE);
	assert_int_equal(sys_pread64(0, out(link), 1, 0), -ESPIPE);
	assert_int_equal(sys_ioctl(0, LINUX_TCGETS, (uaddr_t)&t), -ENOTTY);
	fake_stdin_put("abc", 3);
	assert_int_equal(sys_ioctl(0, LINUX_FIONREAD, (uaddr_t)&n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(open_("/dev/tty", LINUX_O_RDWR), -ENXIO);
	assert_true(sys_readlink(str("/proc/self/fd/1"), out(link), 99) > 6);
	assert_memory_equal(link, "pipe:[", 6);
	/* another file on the same stream */
	int fd = open_("/dev/stdin", LINUX_O_RDONLY);
	assert_true(fd >= 3);
	assert_int_equal(sys_read(fd, out(link), 99), 3);
	assert_int_equal(sys_close(fd), 0);
	fd = open_("/proc/self/fd/2", LINUX_O_WRONLY);
	assert_int_equal(sys_write(fd, in("e"), 1), 1);
	assert_int_equal(fake_out_take(HL_STDERR, taken, 10), 1);
	assert_int_equal(sys_close(fd), 0);
}

static long poll_(struct l64_pollfd *p, u32 n, int ms)
{
	return sys_poll((uinout_pollfd){ .a = (uaddr_t)p }, n, ms);
}

static void test_poll(void **state)
{
	struct l64_pollfd p[3] = { { 0, LINUX_POLLIN, 0 },
				   { -1, LINUX_POLLIN, 9 },
				   { 77, LINUX_POLLIN, 0 } };
	(void)state;
	assert_int_equal(poll_(p, 2, 0), 0);
	assert_int_equal(p[1].revents, 0);
	assert_int_equal(poll_(p, 3, -1), 1);
	assert_int_equal(p[2].revents, LINUX_POLLNVAL);
	u64 before = fake_now_ns;
	assert_int_equal(poll_(p, 2, 250), 0);
	assert_true(fake_now_ns - before >= 250 * 1000000ull);
	assert_int_equal(poll_(p, 1, -1), -EINTR);
	assert_true(fake_sleep_flags[HL_STDIN]);
	fake_stdin_put("x", 1);
	assert_int_equal(poll_(p, 1, -1), 1);
	assert_int_equal(p[0].revents, LINUX_POLLIN);
	struct l64_pollfd w[2] = { { 1, LINUX_POLLOUT, 0 }, { 0, LINUX_POLLOUT, 0 } };
	assert_int_equal(poll_(w, 2, 0), 1);
	assert_int_equal(w[0].revents, LINUX_POLLOUT);
	fake_out_gone(HL_STDOUT);
	assert_int_equal(poll_(w, 1, 0), 1);
	assert_int_equal(w[0].revents, LINUX_POLLOUT | LINUX_POLLERR);
	char c;
	assert_int_equal(sys_read(0, out(&c), 1), 1);
	fake_stdin_close();
	assert_int_equal(poll_(p, 1, -1), 1);
	assert_int_equal(p[0].revents, LINUX_POLLHUP);
	assert_int_equal(poll_((void *)FAKE_BAD_ADDR, 1, 0), -EFAULT);
	assert_int_equal(poll_(p, 5000, 0), -EINVAL);
}

static long select_(int n, u64 *r, u64 *w, u64 *x, struct l64_timeval *tv)
{
	return sys_select(n, (uinout_fdset){ .a = (uaddr_t)r }, (uinout_fdset){ .a = (uaddr_t)w },
			  (uinout_fdset){ .a = (uaddr_t)x }, (uinout_timeval){ .a = (uaddr_t)tv });
}

static void test_select(void **state)
{
	struct l64_timeval tv = { 0, 1500000 };
	u64 r = 1, w = 6;
	(void)state;
	assert_int_equal(select_(3, &r, &w, NULL, NULL), 2);
	assert_true(r == 0 && w == 6);
	r = 1;
	u64 before = fake_now_ns;
	assert_int_equal(select_(1, &r, NULL, NULL, &tv), 0);
	assert_true(r == 0 && tv.tv_sec == 0 && tv.tv_usec == 0);
	assert_true(fake_now_ns - before >= 1500000000);
	r = 1 << 9;
	assert_int_equal(select_(10, &r, NULL, NULL, NULL), -EBADF);
	r = 1 << 9;
	assert_int_equal(select_(9, &r, NULL, NULL, &tv), 0);
	assert_int_equal(select_(-1, &r, NULL, NULL, &tv), -EINVAL);
	tv.tv_sec = -1;
	assert_int_equal(select_(1, &r, NULL, NULL, &tv), -EINVAL);
	fake_stdin_close(); /* a pipe that ended is readable */
	r = 1;
	assert_int_equal(select_(1, &r, NULL, NULL, NULL), 1);
	assert_int_equal(select_(1, (u64 *)FAKE_BAD_ADDR, NULL, NULL, NULL), -EFAULT);
}

static void test_serial(void **state)
{
	char buf[10];
	(void)state;
	fake_attached = false;
	fake_stdin_put("ab", 2);
	assert_int_equal(sys_read(0, out(buf), 10), 1);
	assert_int_equal(sys_read(0, out(buf + 1), 9), 1);
	assert_memory_equal(buf, "ab", 2);
	assert_int_equal(sys_write(1, in("to the serial line"), 18), 18);
	assert_int_equal(fake_out_take(HL_STDOUT, taken, 100), 18);
	fake_sleep = feed;
	assert_int_equal(sys_read(0, out(buf), 10), 1);
	fake_attached = true;
}

/* Last: the same system with a terminal. */
static void test_terminal(void **state)
{
	struct console_config cfg = { .fds_mask = 7, .tty_mask = 7, .rows = 24, .cols = 80 };
	struct l64_termios t = { 0 };
	struct l64_winsize ws;
	struct l64_stat st;
	char link[100] = "";
	int pid;
	(void)state;
	for (u32 i = 0; i < sizeof cfg.termios; i++)
		cfg.termios[i] = (u8)i;
	fake_shutdown();
	fake_boot(NULL, 0, &cfg);
	fake_bells = 0;
	assert_int_equal(sys_ioctl(0, LINUX_TCGETS, (uaddr_t)&t), 0);
	assert_memory_equal(&t, cfg.termios, sizeof t);
	t.c_lflag = 0;
	assert_int_equal(sys_ioctl(1, LINUX_TCSETSW, (uaddr_t)&t), 0);
	assert_int_equal(fake_bells, 1);
	assert_int_equal(sys_ioctl(0, LINUX_TIOCGWINSZ, (uaddr_t)&ws), 0);
	assert_true(ws.ws_row == 24 && ws.ws_col == 80);
	console_set_foreground(7);
	assert_int_equal(sys_ioctl(0, LINUX_TIOCGPGRP, (uaddr_t)&pid), 0);
	assert_int_equal(pid, 7);
	pid = 99;
	assert_int_equal(sys_ioctl(0, LINUX_TIOCSPGRP, (uaddr_t)&pid), -ESRCH);
	assert_int_equal(sys_ioctl(0, LINUX_TCGETS, FAKE_BAD_ADDR), -EFAULT);
	assert_int_equal(sys_ioctl(0, 0x12345678, 0), -ENOTTY);
	assert_int_equal(sys_fstat(2, (uout_stat){ .a = (uaddr_t)&st }), 0);
	assert_int_equal(st.st_mode & 0170000, 020000);
	assert_int_equal(st.st_rdev, 136 << 8);
	/* what ttyname does */
	assert_int_equal(sys_readlink(str("/proc/self/fd/0"), out(link), 99), 10);
	assert_string_equal(link, "/dev/pts/0");
	assert_int_equal(stat_("/dev/pts/0").st_ino, st.st_ino);
	/* ^D ends one read and not the terminal */
	fake_stdin_close();
	assert_int_equal(sys_read(0, out(link), 9), 0);
	assert_int_equal(sys_read(0, out(link), 9), -EINTR);
	int fd = open_("/dev/tty", LINUX_O_RDWR);
	assert_true(fd >= 3);
	assert_int_equal(sys_write(fd, in("t"), 1), 1);
	assert_int_equal(sys_write(2, in("e"), 1), 1);
	assert_int_equal(fake_out_take(HL_STDOUT, taken, 10), 2);
	fake_shutdown();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_write, fresh),
		cmocka_unit_test_setup(test_write_fails, fresh),
		cmocka_unit_test_setup(test_read, fresh),
		cmocka_unit_test_setup(test_read_wraps, fresh),
		cmocka_unit_test_setup(test_pipe_like, fresh),
		cmocka_unit_test_setup(test_poll, fresh),
		cmocka_unit_test_setup(test_select, fresh),
		cmocka_unit_test_setup(test_serial, fresh),
		cmocka_unit_test_setup(test_terminal, fresh),
	};
	return cmocka_run_group_tests(tests, boot, NULL);
}
