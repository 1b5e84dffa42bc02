/* SPDX-License-Identifier: MIT */
/*
 * What the test programs share: one line of output per fact, the same on every kernel
 * that behaves. Values that may differ between machines are judged here ("ok" or "FAIL")
 * and not printed; values that may not are printed and compared by the harness.
 */
#ifndef TESTS_PROGRAMS_CHECK_H
#define TESTS_PROGRAMS_CHECK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int check_failures;

/* Never mapped, and the compiler may not know. */
static void *volatile bad_pointer __attribute__((unused)) = (void *)8;

static inline int check_report(int good, const char *what, const char *file, int line)
{
	if (good) {
		printf("ok %s\n", what);
	} else {
		printf("FAIL %s (%s:%d, errno %d)\n", what,
		       strrchr(file, '/') ? strrchr(file, '/') + 1 : file, line, errno);
		check_failures++;
	}
	return good;
}

/* A fact that must hold. */
#define CHECK(fact) check_report((fact) != 0, #fact, __FILE__, __LINE__)

/* A call that must fail with this errno. */
#define CHECK_ERRNO(call, code)                                                             \
	(errno = 0, check_report((long)(call) == -1 && errno == (code), #call " -> " #code, \
				 __FILE__, __LINE__))

/* Without the first of these the rest makes no sense: end at once. */
#define NEED(fact)                \
	do {                      \
		if (!CHECK(fact)) \
			exit(1);  \
	} while (0)

/* Status 77 and a line "SKIP reason" tell the harness why nothing could be judged. */
#define SKIP(reason)                  \
	do {                          \
		puts("SKIP " reason); \
		exit(77);             \
	} while (0)

/* A small generator, so that every libc and every run sees the same numbers. */
static inline unsigned check_random(unsigned *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static inline unsigned long check_hash(unsigned long hash, const void *data, size_t size)
{
	const unsigned char *byte = data;

	while (size--)
		hash = (hash ^ *byte++) * 0x100000001b3ul;
	return hash;
}

#endif
