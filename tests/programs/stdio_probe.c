/* SPDX-License-Identifier: MIT */
/* What tests/stdio needs of a program at the other end of the three streams; mode by argv[1]. */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static char buf[1 << 16];

/* All of stdin to descriptor `fd`. */
static int copy_to(int fd)
{
	ssize_t n;

	while ((n = read(0, buf, sizeof buf)) > 0)
		for (ssize_t done = 0; done < n;) {
			ssize_t w = write(fd, buf + done, n - done);
			if (w < 0)
				return 1;
			done += w;
		}
	return n < 0;
}

/* Numbered lines, even ones to stdout, odd ones to stderr. */
static int alternate(int count)
{
	for (int i = 0; i < count; i++)
		dprintf(1 + i % 2, "line %d\n", i);
	return 0;
}

/* Writes until the reader is gone; with SIGPIPE ignored the write says so. */
static int until_broken(int ignore)
{
	if (ignore)
		signal(SIGPIPE, SIG_IGN);
	for (long i = 0; i < 1 << 20; i++)
		if (write(1, buf, 4096) < 0) {
			dprintf(2, "write: %s\n", strerrorname_np(errno));
			return 3;
		}
	return 0;
}

/* `size` bytes and at once the end, without stdio. */
static int burst(long size)
{
	for (long i = 0; i < size; i += sizeof buf) {
		memset(buf, 'a' + i / (long)sizeof buf % 26, sizeof buf);
		if (write(1, buf, sizeof buf) != sizeof buf)
			_exit(9);
	}
	_exit(7);
}

static int terminal(void)
{
	struct winsize ws = { 0 };
	struct termios t;

	printf("%d %d %d\n", isatty(0), isatty(1), isatty(2));
	int result = ioctl(1, TIOCGWINSZ, &ws);
	printf("size %d %d %d\n", result, ws.ws_row, ws.ws_col);
	result = tcgetattr(0, &t);
	printf("attributes %d echo %d canonical %d\n", result, !!(t.c_lflag & ECHO),
	       !!(t.c_lflag & ICANON));
	return 0;
}

/* Raw mode, announced; then reads bytes and shows them until 'q'. */
static int raw(void)
{
	struct termios t;
	char c;

	if (tcgetattr(0, &t))
		return 2;
	cfmakeraw(&t);
	if (tcsetattr(0, TCSANOW, &t))
		return 3;
	dprintf(1, "raw\r\n");
	while (read(0, &c, 1) == 1 && c != 'q')
		dprintf(1, "<%02x>", (unsigned char)c);
	return 0;
}

__attribute__((noreturn)) static void spin(void)
{
	dprintf(1, "spinning\n");
	for (;;)
		;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	long value = argc > 2 ? atol(argv[2]) : 0;

	if (!strcmp(mode, "copy"))
		return copy_to(value);
	if (!strcmp(mode, "alternate"))
		return alternate(value);
	if (!strcmp(mode, "until-broken"))
		return until_broken(value);
	if (!strcmp(mode, "burst"))
		return burst(value);
	if (!strcmp(mode, "terminal"))
		return terminal();
	if (!strcmp(mode, "raw"))
		return raw();
	if (!strcmp(mode, "spin"))
		spin();
	return 100;
}
