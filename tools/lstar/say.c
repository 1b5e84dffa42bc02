/* SPDX-License-Identifier: MIT */
/*
 * Messages of the launcher; see say.h. Nothing here allocates, so a message about
 * lack of memory still comes out.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/lstar/say.h"

/* stderr may be a full non-blocking pipe: wait for it rather than lose the message. */
static void write_stderr(const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDERR_FILENO, p, n);

		if (done < 0 && errno == EAGAIN) {
			struct pollfd pfd = { .fd = STDERR_FILENO, .events = POLLOUT };

			poll(&pfd, 1, 1000);
			continue;
		}
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return;
		p += done;
		n -= (size_t)done;
	}
}

static void vsay(const char *fmt, va_list ap)
{
	char line[4096] = "lstar: ";
	size_t n = sizeof("lstar: ") - 1;
	int more = vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);

	if (more > 0)
		n += (size_t)more;
	if (n > sizeof(line) - 2)
		n = sizeof(line) - 2;
	line[n++] = '\n';
	write_stderr(line, n);
}

void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(fmt, ap);
	va_end(ap);
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(fmt, ap);
	va_end(ap);
	exit(EXIT_LAUNCHER);
}

void say_guest_text(const char *text, size_t n)
{
	char out[4096];
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (used + 4 > sizeof(out)) {
			write_stderr(out, used);
			used = 0;
		}
		if (c == '\r')
			continue;
		if (c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f)) {
			out[used++] = (char)c;
		} else {
			static const char hex[] = "0123456789abcdef";

			out[used++] = '\\';
			out[used++] = 'x';
			out[used++] = hex[c >> 4];
			out[used++] = hex[c & 15];
		}
	}
	write_stderr(out, used);
}
