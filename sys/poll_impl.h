/* SPDX-License-Identifier: MIT */
/*
 * What the calls of @poll have in common for both ABIs: sys/poll.c has the x86-64 forms,
 * sys/poll32.c the i386 ones.
 */
#ifndef SYS_POLL_IMPL_H
#define SYS_POLL_IMPL_H

#include "gen/uptr_types.h"
#include "sys/args.h"

/* A deadline is an instant of CLOCK_MONOTONIC; 0 do not wait, WAIT_FOREVER no limit. */
MUST_CHECK err_t deadline_get(uaddr_t timeout, timespec_reader *read, u64 *deadline);
MUST_CHECK err_t deadline_usec(const struct l64_timeval *tv, u64 *deadline);
struct l64_timespec time_left(u64 deadline);

/* A signal mask in force for the time of the call; `set` false: none was given. */
struct mask_swap {
	u64 saved;
	bool set;
};
MUST_CHECK err_t mask_enter(struct mask_swap *m, uin_sigset arg, u64 size);
void mask_leave(struct mask_swap *m, err_t e);

long poll_user(uinout_pollfd user, u32 n, u64 deadline);

/* read, write and except set; 0: not given. */
struct user_sets {
	uaddr_t set[3];
	u32 word_bytes; /* sets are whole words of this size */
};
long select_user(int nfds, const struct user_sets *user, u64 deadline);

#endif
