/* SPDX-License-Identifier: MIT */
#ifndef SYS_RSEQ_H
#define SYS_RSEQ_H

#include "cpu/frame.h"

/* The calling thread was off its CPU: tells it which one it has now, and sends it to the abort
 * address of the restartable sequence it was in, if any. From user_return_work; may sleep. */
void rseq_resume(struct trapframe *tf);

#endif
