/* SPDX-License-Identifier: MIT */
/* A far return or IRET of user code that the CPU could not finish: see sys/farret.c. */
#ifndef SYS_FARRET_H
#define SYS_FARRET_H

#include "cpu/frame.h"

/* True: tf is now as the instruction at tf->rip leaves it. False: it is not one that can be
 * carried out, and tf is unchanged. Reads user memory; may sleep. */
MUST_CHECK bool far_return_emulate(struct trapframe *tf);

#endif
