/* SPDX-License-Identifier: MIT */
/*
 * The kernel log: a ring the launcher can read, COM1 as well when asked for. Works from
 * the first C instruction on, in any context.
 */
#ifndef MACHINE_LOG_H
#define MACHINE_LOG_H

#include "base/types.h"

/* One line, without the newline; cut at LOG_LINE_MAX bytes. */
#define LOG_LINE_MAX 256
void klog(const char *fmt, ...) PRINTF_LIKE(1, 2);
void log_to_serial(bool on);

#endif
