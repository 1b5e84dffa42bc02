/* SPDX-License-Identifier: MIT */
/* Between console.c (bytes) and tty.c (what a terminal can be asked). */
#ifndef KERNEL_FS_CONSOLE_IMPL_H
#define KERNEL_FS_CONSOLE_IMPL_H

#include "base/types.h"
#include "base/uaddr.h"
#include "kernel/fs/console.h"
#include "kernel/sched/wait.h"

/* One lock for all sleepers of the console; the bell's interrupt takes it. */
struct console {
	struct spinlock lock;
	/* under lock */
	struct waitq readers, writers, tty_waiters;
	u32 foreground_pid; /* 0: none yet */
};
extern struct console console;

void tty_init(const struct console_config *cfg);
err_t tty_ioctl(u32 cmd, uaddr_t arg, long *result);

#endif
