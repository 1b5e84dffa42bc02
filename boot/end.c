/* SPDX-License-Identifier: MIT */
/*
 * The launcher reads its exit record; without one the same is a line on COM1, after a
 * newline of its own, so that everything before that is the program's to the byte.
 */
#include "boot/end.h"
#include "lib/printf.h"
#include "machine/hostlink.h"
#include "machine/log.h"
#include "machine/poweroff.h"
#include "machine/uart.h"

static int line_print(char *line, u64 size, enum hl_exit_kind kind, u32 value, const char *text)
{
	const char *colon = *text ? ": " : "";
	switch (kind) {
	case HL_EXIT_STATUS:
		return ksnprintf(line, size, "\nlstar: exited with %u\n", value);
	case HL_EXIT_SIGNAL:
		return ksnprintf(line, size, "\nlstar: killed by signal %u%s%s\n", value, colon,
				 text);
	case HL_EXIT_NOEXEC:
		return ksnprintf(line, size, "\nlstar: cannot run: %s (errno %u)\n", text, value);
	case HL_EXIT_PANIC:
		return ksnprintf(line, size, "\nlstar: kernel panic: %s\n", text);
	default:
		return ksnprintf(line, size, "\nlstar: cannot start: %s\n", text);
	}
}

void system_end(enum hl_exit_kind kind, u32 value, const char *text)
{
	char line[LOG_LINE_MAX];
	hl_exit_report(kind, value, text);
	if (!hl_attached()) {
		u64 n = (u64)line_print(line, sizeof(line), kind, value, text);
		uart_write(line, min_u64(n, sizeof(line) - 1));
		uart_drain();
	}
	machine_poweroff();
}
