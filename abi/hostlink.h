/* SPDX-License-Identifier: MIT */
/*
 * The memory that the kernel and the launcher share.
 *
 * Guest RAM is a memfd that the launcher maps, so a page of the kernel image can be
 * read by both. The launcher finds it by an ELF note of the kernel file (name
 * "Lstar", type HL_NOTE_TYPE, desc: u64 guest-physical address of struct hostlink);
 * RAM below 3 GiB lies at file offset = physical address.
 *
 * The guest owns the page until it has set `magic` (release) and rung the bell for the
 * first time; the launcher touches nothing before. The bell is COM2: a byte the guest
 * sends wakes the launcher, a byte the launcher sends interrupts the guest. The value of
 * a byte means nothing; whoever wakes looks at everything.
 *
 * Streams are single-producer single-consumer byte rings. head and tail count bytes
 * since the start and never wrap in practice (u64); position = count % size.
 * Sleeping: the side about to sleep sets its *_sleeps word, issues a full fence, looks at
 * the ring once more, then sleeps. The other side, after moving its counter, issues a
 * full fence and, when the word is set, clears it and rings the bell. So no wake-up is lost
 * and an awake peer costs no bell.
 *
 * Included by the kernel and by the launcher: C types of fixed width only, no pointers.
 */
#ifndef ABI_HOSTLINK_H
#define ABI_HOSTLINK_H

#include <stdint.h>

#define HL_NOTE_NAME "Lstar"
#define HL_NOTE_TYPE 0x4c53
#define HL_MAGIC 0x314b4e494c52534cull /* "LSRLINK1" */

/* The bell and the stop switch: fixed by the QEMU command line the launcher writes. */
#define HL_BELL_PORT 0x2f8 /* COM2 */
#define HL_BELL_IRQ 3
#define HL_STOP_PORT 0xf4 /* isa-debug-exit; writing HL_STOP_CODE ends QEMU with HL_QEMU_RC */
#define HL_STOP_CODE 0x10
#define HL_QEMU_RC 0x21

struct hl_ring {
	uint64_t base; /* guest-physical address of the bytes, page aligned; 0: ring not in use */
	uint64_t size; /* power of two */
	/* written by the producer (producer_sleeps is also cleared by the consumer) */
	_Alignas(64) uint64_t head;
	/*
	 * 1: nothing follows what head counts. On a terminal the consumer, having reported
	 * it, clears it and rings: then the producer reads on.
	 */
	uint32_t eof;
	uint32_t producer_sleeps;
	/* written by the consumer (consumer_sleeps is also cleared by the producer) */
	_Alignas(64) uint64_t tail;
	uint32_t gone; /* 1: nobody will ever consume: the producer gets EPIPE */
	uint32_t consumer_sleeps;
};

enum hl_stream {
	HL_STDIN,  /* launcher -> guest */
	HL_STDOUT, /* guest -> launcher */
	HL_STDERR, /* guest -> launcher */
	HL_TRACE,  /* guest -> launcher: records of abi/trace_record.h; base 0 unless asked for */
	HL_NSTREAMS
};

/* How the run ended; kind is written last (release). */
enum hl_exit_kind {
	HL_EXIT_NONE,
	HL_EXIT_STATUS,   /* program called exit: value = status & 0xff */
	HL_EXIT_SIGNAL,   /* program died: value = signal number; text says why, or is empty */
	HL_EXIT_NOEXEC,   /* the program could not be started: value = errno, text says why */
	HL_EXIT_PANIC,    /* kernel panic: text is the reason; registers and trace are in the log */
	HL_EXIT_CONFIG    /* boot failed for want of something: too little memory, bad initrd, ... */
};

struct hl_exit {
	uint32_t kind;
	uint32_t value;
	char text[504];
};

#define HL_TERMIOS_BYTES 36 /* struct termios of the Linux kernel ABI (NCCS 19) */

struct hl_tty {
	uint32_t set_seq; /* guest increments after filling `set`: launcher applies it to the terminal */
	uint32_t set_done; /* launcher copies set_seq here when applied */
	uint8_t set[HL_TERMIOS_BYTES];
	uint16_t rows, cols; /* launcher: current window size (updated on SIGWINCH) */
};

struct hostlink {
	uint64_t magic;
	struct hl_ring ring[HL_NSTREAMS];
	struct hl_ring log; /* kernel log: overwrites its oldest bytes, never waits, tail unused */
	struct hl_tty tty;
	uint64_t signals; /* bit n-1: the launcher got signal n; guest takes with an atomic exchange */
	uint64_t user_started_tsc; /* TSC at the first user instruction, for bench/ */
	uint64_t kernel_entry_tsc;
	struct hl_exit exit;
};

/*
 * What to run travels as the first file of the newc initrd, named HL_CONFIG_NAME: a
 * sequence of NUL-terminated "key=value" strings. Keys:
 *   exec=PATH      absolute guest path of the program (required)
 *   arg=STRING     one per argument, argv[0] first (required)
 *   env=STRING     one per variable, in order
 *   cwd=PATH       absolute guest path; created when missing (default /)
 *   fds=MASK       decimal; bit n set: the program starts with fd n open (n 0..2)
 *   joined=1       fds 1 and 2 are one open file (2>&1): both write the stdout ring, in order
 *   tty=MASK       decimal; bit n set: fd n is a terminal
 *   termios=HEX    HL_TERMIOS_BYTES bytes, when tty != 0
 *   winsize=R,C    when tty != 0
 *   strace=1       fill the trace ring with every call of the program
 *   strsize=N      bytes of string and buffer data recorded per argument (default 32)
 * The other entries are the guest's file tree, paths without the leading slash. A file's
 * data may be aligned to a page by appending NULs to its name (c_namesize counts them):
 * the kernel then maps it in place instead of copying.
 */
#define HL_CONFIG_NAME ".lstar"

/*
 * Kernel command line (words separated by spaces, unknown words are an error in the log):
 *   hostlink        a launcher is attached: use the rings; without it fds 0-2 are COM1, and the end
 *                   is a line there: "lstar: exited with N" and the like
 *   tsc_khz=N       frequency of the guest's TSC, when the launcher knows it
 *   epoch_ns=N      CLOCK_REALTIME when QEMU was started; without it the RTC is asked
 *   log=serial      copy the kernel log to COM1 as well
 *   seed=HEX        seed for AT_RANDOM, ASLR, getrandom (deterministic runs)
 *   echo            the call lstar_echo answers (tests of the doors)
 *   storm_us=N      a timer interrupt at least every N microseconds on each CPU that runs a
 *                   program, each of them a reason to reschedule (tests)
 *   break=WHAT[@CPU]  set one register or table wrong before that CPU's self-check (tests)
 *   panic=boot|user|fault|stack   provoke a kernel panic (tests)
 */
#endif
