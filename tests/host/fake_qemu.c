/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for QEMU and the kernel, for tests of the launcher: it takes QEMU's
 * command line, plays the guest's side of abi/hostlink.h, and does what the program's
 * arguments say (the verbs below). It carries the kernel image's link note itself, so
 * it serves as --kernel too. tests/host/launcher_test.py drives it.
 */
#define _GNU_SOURCE 1

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "abi/hostlink.h"

#define LINK_ADDR 0x100000u
#define RING_BYTES 65536u
#define TAKEN_FOR_NOBODY "LSTAR_FAKE_SILENT" /* set: wait for input without ringing */

/* As cpu/ and boot/ do it in the kernel: name size, desc size, type, name, address. */
__attribute__((used, aligned(4), section(".note.lstar,\"a\",@note#"))) static const struct {
	uint32_t namesz, descsz, type;
	char name[8];
	uint64_t addr;
} __attribute__((packed)) note = { 6, 8, HL_NOTE_TYPE, HL_NOTE_NAME, LINK_ADDR };

static struct {
	uint8_t *ram;
	struct hostlink *link;
	int bell, log;
	const char *append;
	const uint8_t *initrd;
	size_t initrd_size;
	char *args[64];
	int nargs;
	const char *config;
	size_t config_size;
} g = { .bell = -1, .log = -1 };

static void fence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static void ring_bell(void)
{
	if (send(g.bell, "!", 1, MSG_NOSIGNAL) < 0)
		_exit(3);
}

/* Sleep until the launcher rings. */
static void hear_bell(void)
{
	char byte[64];

	if (recv(g.bell, byte, sizeof(byte), 0) <= 0)
		_exit(3);
}

static void put(enum hl_stream stream, const void *bytes, size_t n)
{
	struct hl_ring *r = &g.link->ring[stream];
	const uint8_t *from = bytes;

	while (n > 0 && !__atomic_load_n(&r->gone, __ATOMIC_ACQUIRE)) {
		uint64_t room = r->size - (r->head - __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE));
		uint64_t at = r->head % r->size;
		uint64_t k = n < room ? n : room;

		if (k == 0) {
			r->producer_sleeps = 1;
			fence();
			if (r->head - __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE) == r->size &&
			    !__atomic_load_n(&r->gone, __ATOMIC_ACQUIRE))
				hear_bell();
			continue;
		}
		k = k < r->size - at ? k : r->size - at;
		memcpy(g.ram + r->base + at, from, k);
		from += k;
		n -= k;
		__atomic_store_n(&r->head, r->head + k, __ATOMIC_RELEASE);
		fence();
		if (__atomic_exchange_n(&r->consumer_sleeps, 0, __ATOMIC_SEQ_CST))
			ring_bell();
	}
}

static void puts_to(enum hl_stream stream, const char *text)
{
	put(stream, text, strlen(text));
}

static bool on_terminal(void)
{
	return memmem(g.config, g.config_size, "\0tty=", 5) != NULL;
}

/* Up to n bytes of stdin; 0 at its end. */
static size_t get(void *bytes, size_t n)
{
	struct hl_ring *r = &g.link->ring[HL_STDIN];

	for (;;) {
		uint64_t avail = __atomic_load_n(&r->head, __ATOMIC_ACQUIRE) - r->tail;
		uint64_t at = r->tail % r->size;

		if (avail > 0) {
			uint64_t k = n < avail ? n : avail;

			k = k < r->size - at ? k : r->size - at;
			memcpy(bytes, g.ram + r->base + at, k);
			__atomic_store_n(&r->tail, r->tail + k, __ATOMIC_RELEASE);
			fence();
			if (__atomic_exchange_n(&r->producer_sleeps, 0, __ATOMIC_SEQ_CST))
				ring_bell();
			return k;
		}
		if (__atomic_load_n(&r->eof, __ATOMIC_ACQUIRE) &&
		    __atomic_load_n(&r->head, __ATOMIC_ACQUIRE) == r->tail) {
			if (on_terminal()) { /* one read's end of file, not the stream's */
				__atomic_store_n(&r->eof, 0, __ATOMIC_SEQ_CST);
				ring_bell();
			}
			return 0;
		}
		r->consumer_sleeps = 1;
		fence();
		if (getenv(TAKEN_FOR_NOBODY) == NULL &&
		    __atomic_exchange_n(&r->producer_sleeps, 0, __ATOMIC_SEQ_CST))
			ring_bell();
		if (__atomic_load_n(&r->head, __ATOMIC_ACQUIRE) == r->tail &&
		    !__atomic_load_n(&r->eof, __ATOMIC_ACQUIRE))
			hear_bell();
	}
}

static void end(enum hl_exit_kind kind, unsigned value, const char *text)
{
	struct hl_exit *e = &g.link->exit;

	e->value = value;
	snprintf(e->text, sizeof(e->text), "%s", text);
	__atomic_store_n(&e->kind, kind, __ATOMIC_RELEASE);
	ring_bell();
	pause();
	_exit(HL_QEMU_RC);
}

static void log_text(const char *text)
{
	struct hl_ring *r = &g.link->log;

	for (; *text != '\0'; text++, r->head++)
		g.ram[r->base + r->head % r->size] = (uint8_t)*text;
	if (g.log >= 0)
		dprintf(g.log, "serial\n");
}

static const char *arg(int i)
{
	return i < g.nargs ? g.args[i] : "";
}

static int number(int i)
{
	return atoi(arg(i));
}

/* ---- verbs ---- */

static void do_exit(void)
{
	end(HL_EXIT_STATUS, (unsigned)number(2), "");
}

static void do_cat(void)
{
	static char chunk[32768];
	size_t n;

	while ((n = get(chunk, sizeof(chunk))) > 0)
		put(HL_STDOUT, chunk, n);
	end(HL_EXIT_STATUS, 0, "");
}

/* Up to the end of file, twice. */
static void do_twice(void)
{
	char chunk[256];
	size_t n;

	for (int i = 0; i < 2; i++) {
		while ((n = get(chunk, sizeof(chunk))) > 0)
			put(HL_STDOUT, chunk, n);
		puts_to(HL_STDOUT, "end of file\n");
	}
	end(HL_EXIT_STATUS, 0, "");
}

/* One line only: what follows must be left to the next reader where that is possible. */
static void do_line(void)
{
	char c;

	while (get(&c, 1) == 1) {
		put(HL_STDOUT, &c, 1);
		if (c == '\n')
			break;
	}
	end(HL_EXIT_STATUS, 0, "");
}

static void do_bytes(void)
{
	for (int i = 0; i < 256; i++) {
		uint8_t c = (uint8_t)i, d = (uint8_t)(255 - i);

		put(HL_STDOUT, &c, 1);
		put(HL_STDERR, &d, 1);
	}
	end(HL_EXIT_STATUS, 0, "");
}

static void do_spew(void)
{
	static char chunk[4096];
	long left = atol(arg(2));

	memset(chunk, 'x', sizeof(chunk));
	for (; left > 0 && !g.link->ring[HL_STDOUT].gone; left -= (long)sizeof(chunk))
		put(HL_STDOUT, chunk, sizeof(chunk));
	if (g.link->ring[HL_STDOUT].gone)
		end(HL_EXIT_SIGNAL, SIGPIPE, "");
	end(HL_EXIT_STATUS, 0, "");
}

/* The configuration, one string a line. */
static void do_config(void)
{
	for (size_t i = 0; i < g.config_size; i++)
		put(HL_STDOUT, g.config[i] != '\0' ? &g.config[i] : "\n", 1);
	end(HL_EXIT_STATUS, 0, "");
}

static void do_append(void)
{
	puts_to(HL_STDOUT, g.append);
	end(HL_EXIT_STATUS, 0, "");
}

static unsigned long field(const uint8_t *header, int i)
{
	char digits[9] = "";

	memcpy(digits, header + 6 + 8 * i, 8);
	return strtoul(digits, NULL, 16);
}

/* Calls visit for every archive entry; stops at the trailer. */
static void each_entry(void (*visit)(const char *name, const uint8_t *header, const uint8_t *data))
{
	for (size_t at = 0; at + 110 <= g.initrd_size;) {
		const uint8_t *h = g.initrd + at;
		size_t name_end = at + 110 + field(h, 11);
		size_t data = (name_end + 3) & ~3ul;

		if (memcmp(h, "070701", 6) != 0)
			abort();
		if (strcmp((const char *)h + 110, "TRAILER!!!") == 0)
			return;
		visit((const char *)h + 110, h, g.initrd + data);
		at = (data + field(h, 6) + 3) & ~3ul;
	}
	abort();
}

static void print_entry(const char *name, const uint8_t *h, const uint8_t *data)
{
	char line[8192];
	unsigned long size = field(h, 6), sum = 0;

	for (unsigned long i = 0; i < size; i++)
		sum = sum * 31 + data[i];
	snprintf(line, sizeof(line),
		 "%s mode=%lo uid=%lu gid=%lu mtime=%lu size=%lu at=%lu sum=%lx%s%.*s\n", name,
		 field(h, 1), field(h, 2), field(h, 3), field(h, 5), size,
		 (unsigned long)(data - g.initrd) % 4096, sum & 0xffffffff,
		 S_ISLNK(field(h, 1)) ? " -> " : "", S_ISLNK(field(h, 1)) ? (int)size : 0,
		 (const char *)data);
	puts_to(HL_STDOUT, line);
}

static void do_files(void)
{
	each_entry(print_entry);
	end(HL_EXIT_STATUS, 0, "");
}

static void do_signal(void)
{
	end(HL_EXIT_SIGNAL, (unsigned)number(2), arg(3));
}

static void do_noexec(void)
{
	end(HL_EXIT_NOEXEC, (unsigned)number(2), arg(3));
}

static void do_nomem(void)
{
	end(HL_EXIT_CONFIG, 0, arg(2));
}

static void do_panic(void)
{
	log_text("boot line\nkernel panic: ");
	log_text(arg(2));
	log_text("\nrax 0000000000000001 \x1b[31m\n");
	end(HL_EXIT_PANIC, 0, arg(2));
}

/* QEMU dies under the launcher. */
static void do_die(void)
{
	puts_to(HL_STDOUT, "before\n");
	log_text("last log line\n");
	kill(getpid(), number(2));
	pause();
}

static void do_quit(void)
{
	fprintf(stderr, "fake: something is wrong\n");
	exit(number(2));
}

static void do_hang(void)
{
	puts_to(HL_STDOUT, "hanging\n");
	for (;;)
		pause();
}

/* take: end by the signal; swallow: go on. */
static void do_take(void)
{
	puts_to(HL_STDOUT, "waiting\n");
	for (;;) {
		uint64_t signals;

		hear_bell();
		signals = __atomic_exchange_n(&g.link->signals, 0, __ATOMIC_SEQ_CST);
		if (signals == 0)
			continue;
		if (strcmp(arg(2), "swallow") != 0)
			end(HL_EXIT_SIGNAL, (unsigned)__builtin_ctzll(signals) + 1, "");
		puts_to(HL_STDOUT, "took\n");
	}
}

/* Turn echo and line mode off, wait for the launcher to have done it, then as told. */
static void do_raw(void)
{
	struct hl_tty *tty = &g.link->tty;
	uint32_t words[4];
	size_t at = 0;

	for (; at < g.config_size; at += strlen(g.config + at) + 1)
		if (strncmp(g.config + at, "termios=", 8) == 0)
			break;
	if (at >= g.config_size)
		end(HL_EXIT_STATUS, 9, "");
	for (int i = 0; i < HL_TERMIOS_BYTES; i++) {
		unsigned byte;

		sscanf(g.config + at + 8 + 2 * i, "%2x", &byte);
		tty->set[i] = (uint8_t)byte;
	}
	memcpy(words, tty->set, sizeof(words));
	words[3] &= ~(uint32_t)(ECHO | ICANON);
	memcpy(tty->set, words, sizeof(words));
	__atomic_store_n(&tty->set_seq, 1, __ATOMIC_RELEASE);
	ring_bell();
	while (__atomic_load_n(&tty->set_done, __ATOMIC_ACQUIRE) != 1)
		hear_bell();
	puts_to(HL_STDOUT, "raw\n");
	if (strcmp(arg(2), "die") == 0) {
		char c;

		get(&c, 1);
		kill(getpid(), SIGKILL);
	}
	do_take();
}

static void do_closeout(void)
{
	puts_to(HL_STDOUT, "all");
	__atomic_store_n(&g.link->ring[HL_STDOUT].eof, 1, __ATOMIC_RELEASE);
	ring_bell();
	/* The test goes on only when its end of the pipe is closed. */
	do_cat();
}

static void do_break(void)
{
	g.link->ring[HL_STDOUT].head = RING_BYTES + 1;
	ring_bell();
	pause();
}

static void do_size(void)
{
	char line[64];
	unsigned rows = 0;

	puts_to(HL_STDOUT, "ready\n");
	for (;;) {
		if (rows != g.link->tty.rows) {
			rows = g.link->tty.rows;
			snprintf(line, sizeof(line), "%u %u\n", rows, g.link->tty.cols);
			puts_to(HL_STDOUT, line);
			if (rows == 99)
				end(HL_EXIT_STATUS, 0, "");
		}
		hear_bell();
	}
}

static const struct {
	const char *name;
	void (*run)(void);
} verbs[] = {
	{ "exit", do_exit },	     { "cat", do_cat },	    { "line", do_line },
	{ "bytes", do_bytes },	     { "spew", do_spew },   { "config", do_config },
	{ "append", do_append },     { "files", do_files }, { "signal", do_signal },
	{ "noexec", do_noexec },     { "nomem", do_nomem }, { "panic", do_panic },
	{ "die", do_die },	     { "quit", do_quit },   { "hang", do_hang },
	{ "take", do_take },	     { "raw", do_raw },	    { "break", do_break },
	{ "closeout", do_closeout }, { "size", do_size },   { "twice", do_twice },
};

/* ---- the machine ---- */

static const char *after(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	if (at == NULL) {
		fprintf(stderr, "fake: no %s in '%s'\n", key, text);
		exit(1);
	}
	return at + strlen(key);
}

static void map_ram(const char *object)
{
	size_t size = strtoul(after(object, "size="), NULL, 10) << 20;
	char path[64];

	snprintf(path, sizeof(path), "%s", after(object, "mem-path="));
	path[strcspn(path, ",")] = '\0';
	int fd = open(path, O_RDWR);

	g.ram = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (g.ram == MAP_FAILED)
		exit(1);
	g.link = (struct hostlink *)(g.ram + LINK_ADDR);
}

static void map_initrd(const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || fstat(fd, &st) != 0)
		exit(1);
	g.initrd_size = (size_t)st.st_size;
	g.initrd = mmap(NULL, g.initrd_size, PROT_READ, MAP_PRIVATE, fd, 0);
}

static void take_config(const char *name, const uint8_t *header, const uint8_t *data)
{
	if (g.config != NULL)
		return;
	if (strcmp(name, HL_CONFIG_NAME) != 0)
		abort();
	g.config = (const char *)data;
	g.config_size = field(header, 6);
	for (size_t i = 0; i < g.config_size; i += strlen(g.config + i) + 1)
		if (strncmp(g.config + i, "arg=", 4) == 0 && g.nargs < 63)
			g.args[g.nargs++] = (char *)(uintptr_t)(g.config + i + 4);
}

static void parse(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i++) {
		const char *value = argv[i + 1];

		if (strcmp(argv[i], "-object") == 0)
			map_ram(value);
		if (strcmp(argv[i], "-chardev") == 0 && strstr(value, "id=bell") != NULL)
			g.bell = atoi(after(value, "fd="));
		if (strcmp(argv[i], "-chardev") == 0 && strstr(value, "id=log") != NULL)
			g.log = atoi(after(value, "fd="));
		if (strcmp(argv[i], "-initrd") == 0)
			map_initrd(value);
		if (strcmp(argv[i], "-append") == 0)
			g.append = value;
	}
}

static void link_up(void)
{
	uint64_t base = LINK_ADDR + 0x10000;

	for (int i = 0; i < HL_TRACE; i++, base += RING_BYTES) {
		g.link->ring[i].base = base;
		g.link->ring[i].size = RING_BYTES;
	}
	g.link->log.base = base;
	g.link->log.size = 4096;
	__atomic_store_n(&g.link->magic, HL_MAGIC, __ATOMIC_RELEASE);
	ring_bell();
}

int main(int argc, char **argv)
{
	parse(argc, argv);
	if (g.link == NULL || g.initrd == NULL || g.bell < 0)
		return 1;
	each_entry(take_config);
	if (strcmp(arg(1), "refuse") == 0) {
		fprintf(stderr, "fake: cannot do that\n");
		return 1;
	}
	if (strcmp(arg(1), "noboot") == 0)
		for (;;)
			pause();
	link_up();
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].name, arg(1)) == 0)
			verbs[i].run();
	end(HL_EXIT_CONFIG, 0, "fake: unknown verb");
}
