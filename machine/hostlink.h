/* SPDX-License-Identifier: MIT */
/*
 * The guest's side of abi/hostlink.h: byte rings shared with the launcher. Nothing here
 * sleeps or locks; each stream has one user at a time (kernel/fs/console.c sees to it).
 */
#ifndef MACHINE_HOSTLINK_H
#define MACHINE_HOSTLINK_H

#include "abi/hostlink.h"
#include "base/types.h"

void hl_log_init(void); /* the log ring only: before any allocation */
/*
 * Gives each stream its ring and rings the bell for the first time. The memory is
 * physically contiguous, a power of two in size, and kept for ever; trace may be 0.
 */
struct hl_buffers {
	paddr_t stdin_pa, stdout_pa, stderr_pa, trace_pa;
	u64 size, trace_size;
};
void hl_attach(const struct hl_buffers *b);
bool hl_attached(void);

/* Bytes the launcher has put into stdin; those taken are given back by commit. */
void hl_read_window(const void **ptr, u64 *n);
void hl_read_commit(u64 n);
/* Room of an output ring up to its end, then filled by the caller. */
void hl_write_window(enum hl_stream s, void **ptr, u64 *room);
void hl_write_commit(enum hl_stream s, u64 n);
/* The same by copying. */
u64 hl_read(void *dst, u64 n);
u64 hl_write(enum hl_stream s, const void *src, u64 n);

bool hl_eof(void); /* stdin: nothing follows */
/* A terminal's end of file ends one read: take it back, and the launcher reads on. */
void hl_eof_taken(void);
bool hl_gone(enum hl_stream s);	    /* output: nobody will read it */
void hl_sleeping(enum hl_stream s); /* published; look again before sleeping */

struct hl_tty *hl_tty(void);
void hl_ring_bell(void);
u64 hl_take_signals(void); /* those the launcher got since last asked */

/* How it ended; the first call counts. Then the machine is to stop. */
void hl_exit_report(enum hl_exit_kind kind, u32 value, const char *text);
void hl_user_started(void); /* notes the time of the first user instruction */

/* Upcall from the bell's interrupt: something changed in some ring. Interrupts are off. */
void hl_event(void);
void hl_bell_interrupt(void);

#endif
