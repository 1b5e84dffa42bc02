/* SPDX-License-Identifier: MIT */
/*
 * What the calls of @limit have in common for both ABIs: sys/limit.c has the x86-64 forms,
 * sys/limit32.c the i386 ones.
 */
#ifndef SYS_LIMIT_IMPL_H
#define SYS_LIMIT_IMPL_H

#include "abi/linux64.h"
#include "base/uaddr.h"
#include "kernel/proc/proc.h"

/* Reads the old limit, then sets the new one; either may be NULL. */
MUST_CHECK err_t limit_swap(u32 resource, const struct rlimit *new, struct rlimit *old);
MUST_CHECK err_t usage_get(int who, struct l64_rusage *ru);
/* Ticks since boot. */
long times_get(struct l64_tms *tms);
/* A mask is whole words of word_bytes. */
long affinity_get(int pid, u32 length, u32 word_bytes, uaddr_t mask);

#endif
