/* SPDX-License-Identifier: MIT */
/*
 * The outside world's stdin, stdout and stderr as files: pipes or a terminal, as the
 * launcher has them, over the shared rings; COM1 when there is no launcher.
 */
#ifndef KERNEL_FS_CONSOLE_H
#define KERNEL_FS_CONSOLE_H

#include "base/types.h"

struct fdtable;
struct file;
struct inode;

#define CONSOLE_TERMIOS_BYTES 36

/* From the launcher's config file (abi/hostlink.h). */
struct console_config {
	u32 fds_mask, tty_mask;
	bool joined; /* 1 and 2 are one open file, so one stream */
	u8 termios[CONSOLE_TERMIOS_BYTES];
	u16 rows, cols;
};

/* Opens descriptors 0..2 of fds_mask in an empty table. After fs_mount_all. */
MUST_CHECK err_t console_open_std(struct fdtable *t, const struct console_config *cfg);

/* The sink of kernel/trace: one whole record to the launcher's trace ring; may sleep. */
void console_trace(const void *record, size_t size);

/* Signals that the launcher gets go to this process. */
void console_set_foreground(u32 pid);

/* /dev/tty: -ENXIO when none of the three is a terminal. For devices.c. */
MUST_CHECK err_t console_open_tty(u32 flags, struct file **out);
/* Makes the terminal's node in /dev/pts. For devices.c. */
MUST_CHECK err_t console_populate(struct inode *pts);

#endif
