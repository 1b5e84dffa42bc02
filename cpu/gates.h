/* SPDX-License-Identifier: MIT */
/* Labels of cpu/entry.S that C programs into the CPU, and the C functions it calls. */
#ifndef CPU_GATES_H
#define CPU_GATES_H

#include "cpu/frame.h"

/* Doors: addresses only; never called. */
void gate_syscall64(void);
void gate_syscall32(void);
void gate_sysenter32(void);
void iret_to_user(void);

enum syscall_exit { EXIT_SYSRET, EXIT_IRET };

/* Called from the gates; interrupts off on entry and exit. */
enum syscall_exit syscall_enter(struct trapframe *tf);
enum syscall_exit syscall_leave(struct trapframe *tf);
void int80_enter(struct trapframe *tf);
struct trapframe *trap_enter(struct trapframe *tf);
void trap_paranoid_enter(struct trapframe *tf);

#endif
