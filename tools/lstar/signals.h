/* SPDX-License-Identifier: MIT */
/*
 * Signals of the launcher. They are blocked everywhere but inside ppoll, so that
 * nothing is ever half done when one arrives; the handlers only note a bit.
 */
#ifndef TOOLS_LSTAR_SIGNALS_H
#define TOOLS_LSTAR_SIGNALS_H

#include <signal.h>

#include "base/types.h"

#define SIGNAL_BIT(n) (1ull << ((n)-1))

/* Install handlers and block. A signal that was ignored at the start stays ignored. */
void signals_init(void);
/* The mask to give to ppoll, and to a child before exec. */
const sigset_t *signals_outside_mask(void);
/* The signals that arrived since the last call, as a mask of SIGNAL_BIT. */
u64 signals_take(void);
bool signals_pending(void);

void signals_block(void);
/* Around a terminal access from the background: the terminal driver then stops us. */
void signals_unblock_job_control(void);
/* Stop this process as the given job-control signal would by default; returns when continued. */
void signals_stop_self(int sig);

#endif
