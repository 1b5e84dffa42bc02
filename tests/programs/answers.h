/* SPDX-License-Identifier: MIT */
/*
 * Raw calls and what came back, one line each: the same text on every kernel that answers
 * alike. Each line prints the call as it stands in the source.
 */
#ifndef TESTS_PROGRAMS_ANSWERS_H
#define TESTS_PROGRAMS_ANSWERS_H

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KERNEL_HALF 0xffff800000000000ul
#define NOBODY 999999	/* a pid that is not there */
#define BAD ((void *)8) /* an address that is not there */

#define call(name, ...) syscall(SYS_##name, ##__VA_ARGS__)

static inline void answer_print(const char *text, long value, int shown)
{
	if (value == -1)
		printf("%s: errno %d\n", text, errno);
	else if (shown)
		printf("%s: %ld\n", text, value);
	else
		printf("%s: worked\n", text);
}

/* The value or the error. */
#define ANSWER(...) (errno = 0, answer_print(#__VA_ARGS__, (long)(__VA_ARGS__), 1))
/* The value is this machine's business. */
#define WORKED(...) (errno = 0, answer_print(#__VA_ARGS__, (long)(__VA_ARGS__), 0))

#endif
