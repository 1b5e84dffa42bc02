/* SPDX-License-Identifier: MIT */
/*
 * What the calls of @time have in common for both ABIs: sys/time.c has the x86-64 forms,
 * sys/time32.c the i386 ones.
 */
#ifndef SYS_TIME_IMPL_H
#define SYS_TIME_IMPL_H

#include "sys/args.h"

/* -EINVAL for a clock that does not exist. */
MUST_CHECK err_t clock_read(int clock, u64 *ns);
MUST_CHECK err_t clock_resolution(int clock, u64 *resolution_ns);
struct l64_timespec clock_timespec(u64 ns);
/* clock_nanosleep; request is read by `read`. */
long clock_sleep(int clock, int flags, uaddr_t request, timespec_reader *read);

#endif
