/* SPDX-License-Identifier: MIT */
/*
 * The strace decoder: records of abi/trace_record.h in, strace's own text out.
 *
 * Lines look as Debian's strace 6.1 prints them, so that a trace from Lstar and one from
 * Linux can be compared with diff. What a call is called and what its arguments are comes
 * from the one table (gen/sysdesc.h, gen/abi_names.h).
 */
#ifndef TOOLS_LSTAR_STRACE_H
#define TOOLS_LSTAR_STRACE_H

#include <stddef.h>
#include <stdio.h>

struct strace;

/* Prints to out, which stays the caller's. */
struct strace *strace_new(FILE *out);

/* Bytes shown of a string and elements of an array; what the kernel records (default 32). */
void strace_set_strsize(struct strace *s, unsigned strsize);

/* The next bytes of the stream; a record may come in pieces. */
void strace_feed(struct strace *s, const void *bytes, size_t n);

/* Ends an unfinished line and frees everything. */
void strace_end(struct strace *s);

#endif
