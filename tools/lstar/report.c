/* SPDX-License-Identifier: MIT */
/*
 * Telling how a run ended; see report.h. A program that ends by itself leaves no trace
 * but its exit code: not a byte on stderr that is not the program's.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "tools/lstar/report.h"
#include "tools/lstar/say.h"

#define LOG_LINES 40 /* of the kernel log, when nothing in it marks where the trouble begins */

static int exit_code(const struct outcome *o)
{
	switch (o->kind) {
	case OUTCOME_EXIT:
		return o->value;
	case OUTCOME_SIGNAL:
	case OUTCOME_INTERRUPTED:
		return EXIT_BY_SIGNAL + o->value;
	case OUTCOME_NOEXEC:
		return o->value == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC;
	case OUTCOME_TIMEOUT:
		return EXIT_TIMEOUT;
	default:
		return EXIT_LAUNCHER;
	}
}

static const char *kind_name(enum outcome_kind kind)
{
	static const char *const names[] = {
		[OUTCOME_NONE] = "none",	 [OUTCOME_EXIT] = "exit",
		[OUTCOME_SIGNAL] = "signal",	 [OUTCOME_NOEXEC] = "noexec",
		[OUTCOME_PANIC] = "panic",	 [OUTCOME_CONFIG] = "config",
		[OUTCOME_TIMEOUT] = "timeout",	 [OUTCOME_INTERRUPTED] = "interrupted",
		[OUTCOME_LAUNCHER] = "launcher",
	};

	return names[kind];
}

/* The text may come from the guest, so it goes through say_guest_text. */
static void say_outcome(const struct report *r)
{
	const struct outcome *o = r->outcome;
	const char *program = r->options->argv[0];
	struct buf line = { 0 };

	if (o->kind == OUTCOME_EXIT || (o->kind == OUTCOME_SIGNAL && o->text[0] == '\0'))
		return;
	buf_printf(&line, "lstar: ");
	if (o->kind == OUTCOME_SIGNAL)
		buf_printf(&line, "%s: SIG%s: %s", program,
			   sigabbrev_np(o->value) != NULL ? sigabbrev_np(o->value) : "?", o->text);
	else if (o->kind == OUTCOME_NOEXEC)
		buf_printf(&line, "%s: cannot run: %s", program,
			   o->text[0] != '\0' ? o->text : strerror(o->value));
	else if (o->kind == OUTCOME_PANIC)
		buf_printf(&line, "kernel panic: %s", o->text);
	else if (o->kind == OUTCOME_CONFIG)
		buf_printf(&line, "the kernel could not start: %s", o->text);
	else if (o->kind == OUTCOME_TIMEOUT || o->kind == OUTCOME_INTERRUPTED)
		buf_printf(&line, "%s: %s", program, o->text);
	else
		buf_printf(&line, "%s", o->text);
	buf_add(&line, "\n", 1);
	say_guest_text(line.data, line.len);
	buf_free(&line);
}

/* Where to begin: at the panic, or else some lines before the end. */
static const char *log_start(const struct buf *log)
{
	const char *panic = memmem(log->data, log->len, "kernel panic", 12);
	const char *at = panic != NULL ? panic : log->data + log->len;

	for (int lines = panic != NULL ? 1 : LOG_LINES + 1; at > log->data; at--)
		if (at[-1] == '\n' && --lines == 0)
			break;
	return at;
}

static void say_block(const char *title, const char *text, size_t n)
{
	if (n == 0)
		return;
	say("%s", title);
	say_guest_text(text, n);
	if (text[n - 1] != '\n')
		say_guest_text("\n", 1);
}

static void say_logs(const struct report *r)
{
	const struct buf *log = r->kernel_log, *qemu = r->qemu_said;

	if (r->options->verbose) {
		/* The log itself went by on the serial line. */
		say_block("QEMU said:", qemu->data, qemu->len);
		return;
	}
	if (!r->outcome->want_logs)
		return;
	say_block("QEMU said:", qemu->data, qemu->len);
	if (log->len > 0) {
		const char *start = log_start(log);

		say_block("kernel log:", start, (size_t)(log->data + log->len - start));
	} else if (r->outcome->kind == OUTCOME_LAUNCHER) {
		say("the kernel left no log; run again with -v to see its serial line");
	}
}

static void json_string(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, ",\n  \"%s\": \"", key);
	for (; *value != '\0'; value++) {
		unsigned char c = (unsigned char)*value;

		if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c < ' ' || c >= 0x7f) /* not necessarily UTF-8: byte by byte */
			buf_printf(b, "\\u%04x", c);
		else
			buf_add(b, value, 1);
	}
	buf_add(b, "\"", 1);
}

static void json_number(struct buf *b, const char *key, u64 value)
{
	buf_printf(b, ",\n  \"%s\": %llu", key, (unsigned long long)value);
}

static void json_value(struct buf *b, const struct outcome *o)
{
	if (o->kind == OUTCOME_EXIT)
		json_number(b, "status", (u64)o->value);
	if (o->kind == OUTCOME_SIGNAL || o->kind == OUTCOME_INTERRUPTED)
		json_number(b, "signal", (u64)o->value);
	if (o->kind == OUTCOME_NOEXEC)
		json_number(b, "errno", (u64)o->value);
}

static void status_file(const struct report *r, int fd)
{
	const struct options *o = r->options;
	struct buf b = { 0 };

	buf_printf(&b, "{\n  \"kind\": \"%s\"", kind_name(r->outcome->kind));
	json_number(&b, "exit_code", (u64)exit_code(r->outcome));
	json_value(&b, r->outcome);
	json_string(&b, "text", r->outcome->text);
	json_string(&b, "program", o->argv[0]);
	buf_printf(&b, ",\n  \"wall_seconds\": %.6f", r->wall_s);
	json_string(&b, "machine", o->machine);
	json_string(&b, "accel", r->kvm ? "kvm" : "tcg");
	json_number(&b, "cpus", o->cpus);
	json_number(&b, "memory_bytes", o->memory);
	json_number(&b, "memory_used_bytes", r->ram_used);
	json_number(&b, "tsc_khz", r->tsc_khz);
	json_number(&b, "kernel_entry_tsc", r->kernel_entry_tsc);
	json_number(&b, "user_started_tsc", r->user_started_tsc);
	buf_printf(&b, "\n}\n");
	if (write(fd, b.data, b.len) != (ssize_t)b.len)
		say("--status-file '%s': %s", o->status_file, strerror(errno));
	close(fd);
	buf_free(&b);
}

bool report_open(const struct options *o, int *fd)
{
	*fd = -1;
	if (o->status_file == NULL)
		return true;
	*fd = open(o->status_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (*fd < 0)
		say("--status-file '%s': %s", o->status_file, strerror(errno));
	return *fd >= 0;
}

int report(const struct report *r, int fd)
{
	say_outcome(r);
	say_logs(r);
	if (fd >= 0)
		status_file(r, fd);
	return exit_code(r->outcome);
}
