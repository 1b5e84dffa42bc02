/* SPDX-License-Identifier: MIT */
/*
 * Signals, as far as processes see each other's: sets, dispositions, what exec keeps.
 * Sending and taking are in kernel/proc/proc.h. A set is a u64 with bit n-1 for signal n.
 */
#ifndef KERNEL_PROC_SIGNAL_H
#define KERNEL_PROC_SIGNAL_H

#include "base/types.h"
#include "kernel/proc/proc.h"

static inline u64 sigbit(int signo)
{
	return 1ull << (signo - 1);
}

/* SIGKILL and SIGSTOP are never blocked, ignored or caught. */
#define SIGSET_UNMASKABLE (sigbit(SIGKILL) | sigbit(SIGSTOP))

#define SIG_HANDLER_DEFAULT 0
#define SIG_HANDLER_IGNORE 1

/* The calling thread's mask; a signal that becomes deliverable is taken on the way out. */
void signal_set_mask(u64 mask);

/* Changes a disposition (either may be NULL). -EINVAL for SIGKILL and SIGSTOP. */
MUST_CHECK err_t signal_action(struct proc *p, int signo, const struct sigaction_k *action,
			       struct sigaction_k *old);

/* proc_signal with the si_code that tells where the signal comes from. */
MUST_CHECK err_t signal_send(struct proc *p, int signo, int code);

/* proc_fault with what siginfo says of a fault: LINUX_SEGV_MAPERR and so on, and where. */
void signal_fault(int signo, int code, uaddr_t addr, const char *text);

/* A new program: caught signals go back to default, ignored ones stay ignored. */
void signal_exec(struct proc *p);

#endif
