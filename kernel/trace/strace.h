/* SPDX-License-Identifier: MIT */
/*
 * strace in the kernel: turns the calls of traced threads into records of
 * abi/trace_record.h and hands them to the sink.
 *
 * sys/dispatch calls strace_enter before and strace_exit after the handler of a traced
 * process, and nothing for others. These two look at user memory, so they sleep and turn
 * interrupts on while they work; the caller's interrupt state is restored. Records are
 * built on the caller's stack: no buffer is shared, and the sink does its own locking.
 *
 * A program that changes its arguments from another thread meanwhile shows in the trace as
 * whatever was there; nothing here decides anything by user data.
 */
#ifndef KERNEL_TRACE_STRACE_H
#define KERNEL_TRACE_STRACE_H

#include "abi/linux64.h"
#include "abi/sysdesc_types.h"

#include "base/uaddr.h"
#include "cpu/frame.h"

/*
 * Where records go; each call passes one whole record. May sleep when the ring is full.
 * Set once at boot, before the first traced thread runs; NULL: records are dropped.
 */
extern void (*trace_sink)(const void *record, size_t size);

/* Bytes recorded of a buffer and elements recorded of an array. Set once at boot. */
extern u32 trace_strsize;

/* args: the SYS_MAX_ARGS arguments as the door brought them. */
void strace_enter(enum abi_id abi, u64 nr, const u64 *args, u32 tid);

/* After the handler, with the same arguments. */
void strace_exit(enum abi_id abi, u64 nr, const u64 *args, u32 tid, long value);

/*
 * The kernel starts a program by itself, without a call: shown as the execve that a shell
 * would have made. envp is the address of the environment vector on the new stack.
 */
void strace_exec(u32 tid, const char *path, const char *const *argv, u32 argc, uaddr_t envp,
		 u32 envc);

/* A signal is about to be delivered to the thread, or to end it. */
void strace_signal(u32 tid, const struct l64_siginfo *info);

void strace_exited(u32 tid, int status);
void strace_killed(u32 tid, int signal, bool core);

#endif
