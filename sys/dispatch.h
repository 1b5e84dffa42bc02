/* SPDX-License-Identifier: MIT */
/*
 * Hop 4 of a system call: from the door and the process's personality to the generated
 * dispatcher of an ABI. The entry point, syscall_dispatch, is declared by cpu/upcalls.h;
 * what other files of sys/ share about calls as such is here.
 */
#ifndef SYS_DISPATCH_H
#define SYS_DISPATCH_H

#include "cpu/frame.h"

/* After the calling thread's personality or tracing changed: which way its calls take. */
void dispatch_update(void);

static inline bool frame_is_syscall(const struct trapframe *tf)
{
	return tf->vector >= VECTOR_DOOR(0);
}

/* SYSCALL, SYSENTER and INT 0x80 alike: stepping back over one repeats the call. */
#define SYSCALL_INSN_BYTES 2

#endif
