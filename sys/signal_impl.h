/* SPDX-License-Identifier: MIT */
/*
 * What the calls of @signal have in common for both ABIs: sys/signal.c has the x86-64 forms,
 * sys/signal32.c the i386 ones.
 */
#ifndef SYS_SIGNAL_IMPL_H
#define SYS_SIGNAL_IMPL_H

#include "abi/linux64.h"
#include "gen/flags.h"
#include "kernel/sched/thread.h"

#define SIGSET_BYTES 8

/* Bits Linux does not know are cleared, so that programs can ask (SA_UNSUPPORTED). */
#define SA_KNOWN                                                                              \
	(LINUX_SA_NOCLDSTOP | LINUX_SA_NOCLDWAIT | LINUX_SA_SIGINFO | LINUX_SA_ONSTACK |      \
	 LINUX_SA_RESTART | LINUX_SA_NODEFER | LINUX_SA_RESETHAND | LINUX_SA_EXPOSE_TAGBITS | \
	 LINUX_SA_RESTORER)

/* SIG_BLOCK and its like; -EINVAL. */
MUST_CHECK err_t mask_combine(int how, u64 mask, u64 set, u64 *out);
MUST_CHECK err_t alt_stack_set(struct thread *t, const struct l64_stack *want);
struct l64_stack alt_stack_get(const struct thread *t);

#endif
