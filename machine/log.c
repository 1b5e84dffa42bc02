/* SPDX-License-Identifier: MIT */
/* The kernel log. Lines are made on the stack and written in one piece under a lock. */
#include <stdarg.h>

#include "machine/log.h"
#include "cpu/spinlock.h"
#include "lib/printf.h"
#include "machine/uart.h"

void hl_log_write(const char *bytes, u64 n);

static struct spinlock lock = SPINLOCK_INIT;
static bool serial;

void log_to_serial(bool on)
{
	serial = on;
}

void klog(const char *fmt, ...)
{
	char line[LOG_LINE_MAX];
	va_list args;

	va_start(args, fmt);
	int n = kvsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	u64 len = min_u64((u64)n, sizeof(line) - 2);
	line[len++] = '\n';

	spin_guard(&lock);
	hl_log_write(line, len);
	if (serial)
		uart_write(line, len);
}
