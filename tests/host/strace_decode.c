/* SPDX-License-Identifier: MIT */
/*
 * strace_decode [PIECE]: decodes a stream of trace records from stdin to stdout, PIECE bytes
 * at a time (all at once by default). For tests/host/test_strace.py.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/lstar/strace.h"

int main(int argc, char **argv)
{
	static char input[1 << 20];
	size_t length = fread(input, 1, sizeof input, stdin);
	size_t piece = argc > 1 ? (size_t)atoi(argv[1]) : sizeof input;
	struct strace *s = strace_new(stdout);

	for (size_t at = 0; at < length; at += piece) {
		size_t n = length - at < piece ? length - at : piece;
		char *exact = malloc(n); /* so that reading past the piece is noticed */

		memcpy(exact, input + at, n);
		strace_feed(s, exact, n);
		free(exact);
	}
	strace_end(s);
	return 0;
}
