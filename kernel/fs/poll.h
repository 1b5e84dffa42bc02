/* SPDX-License-Identifier: MIT */
/*
 * Waiting for any of several files.
 *
 * A thread sits on one wait queue at a time, so whoever polls waits on one queue for all
 * files together: a sequence number that every change of readiness advances. A poller
 * takes the number, asks all files, and sleeps only while the number is what it was; so
 * nothing is missed. Rejected: a queue entry per file, which wakes fewer threads but has
 * a lifetime of its own for each pair; to be measured when there are many pollers.
 */
#ifndef KERNEL_FS_POLL_H
#define KERNEL_FS_POLL_H

#include "base/types.h"

struct file;

/* Some file may have become ready. Any context; no lock of the caller's is taken. */
void poll_notify(void);
u64 poll_sequence(void);
/* Sleeps until the sequence has left seq. 0, -ETIMEDOUT, -EINTR. */
MUST_CHECK err_t poll_wait(u64 seq, u64 deadline_ns);

/* One file to ask. */
struct poll_item {
	struct file *file; /* NULL: skipped */
	u32 events;	   /* LINUX_POLL* to wait for */
	u32 revents;	   /* answer */
};
/*
 * Waits until an item has an answer, the CLOCK_MONOTONIC deadline passes (0: do not wait)
 * or a signal comes. *ready counts the items with answers. 0 or -EINTR.
 */
MUST_CHECK err_t poll_items(struct poll_item *items, u32 n, u64 deadline_ns, u32 *ready);

#endif
