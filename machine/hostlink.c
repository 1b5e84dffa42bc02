/* SPDX-License-Identifier: MIT */
/*
 * Rings over shared memory. head and tail only grow; the fences and sleep flags follow
 * the protocol at the top of abi/hostlink.h. Stores to the counters are releases, loads of
 * the peer's counter acquires: the launcher runs on another host CPU.
 */
#include "machine/hostlink.h"
#include "cpu/features.h"
#include "cpu/irq.h"
#include "lib/string.h"
#include "machine/io.h"
#include "machine/pmap.h"
#include "machine/uart.h"

#define LOG_RING_SIZE 16384

static struct hostlink link __attribute__((section(".hostlink"), aligned(4096)));
static u8 log_bytes[LOG_RING_SIZE] __attribute__((aligned(4096)));
static bool attached;

/* The note by which the launcher finds `link`. */
__asm__(".pushsection .note.Lstar, \"a\", @note\n"
	".balign 4\n"
	".long 6, 8, 0x4c53\n" /* HL_NOTE_TYPE */
	".asciz \"Lstar\"\n"
	".balign 4\n"
	".quad link - 0xffffffff80000000\n"
	".popsection\n");
_Static_assert(HL_NOTE_TYPE == 0x4c53, "the note above");

static paddr_t image_pa(const void *p)
{
	return (vaddr_t)p - KERNEL_IMAGE_BASE;
}

void hl_log_init(void)
{
	link.log.base = image_pa(log_bytes);
	link.log.size = LOG_RING_SIZE;
}

static void ring_init(struct hl_ring *r, paddr_t base, u64 size)
{
	r->size = size;
	r->base = base;
}

extern u64 boot_tsc;

void hl_attach(const struct hl_buffers *b)
{
	ring_init(&link.ring[HL_STDIN], b->stdin_pa, b->size);
	ring_init(&link.ring[HL_STDOUT], b->stdout_pa, b->size);
	ring_init(&link.ring[HL_STDERR], b->stderr_pa, b->size);
	if (b->trace_pa)
		ring_init(&link.ring[HL_TRACE], b->trace_pa, b->trace_size);
	link.kernel_entry_tsc = boot_tsc;
	attached = true;
	bell_init();
	__atomic_store_n(&link.magic, HL_MAGIC, __ATOMIC_RELEASE);
	bell_ring();
}

bool hl_attached(void)
{
	return attached;
}

static u8 *ring_at(const struct hl_ring *r, u64 count)
{
	return (u8 *)pa_to_kva(r->base) + (count & (r->size - 1));
}

/* After our counter moved: wake the other side if it said it sleeps. */
static void ring_notify(u32 *sleeps)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (__atomic_load_n(sleeps, __ATOMIC_RELAXED)) {
		__atomic_store_n(sleeps, 0, __ATOMIC_RELAXED);
		bell_ring();
	}
}

void hl_read_window(const void **ptr, u64 *n)
{
	struct hl_ring *r = &link.ring[HL_STDIN];
	u64 head = __atomic_load_n(&r->head, __ATOMIC_ACQUIRE);
	*ptr = ring_at(r, r->tail);
	*n = min_u64(head - r->tail, r->size - (r->tail & (r->size - 1)));
}

void hl_read_commit(u64 n)
{
	struct hl_ring *r = &link.ring[HL_STDIN];
	__atomic_store_n(&r->tail, r->tail + n, __ATOMIC_RELEASE);
	ring_notify(&r->producer_sleeps);
}

void hl_write_window(enum hl_stream s, void **ptr, u64 *room)
{
	struct hl_ring *r = &link.ring[s];
	u64 tail = __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE);
	u64 used = r->head - tail;
	*ptr = ring_at(r, r->head);
	*room = min_u64(r->size - used, r->size - (r->head & (r->size - 1)));
}

void hl_write_commit(enum hl_stream s, u64 n)
{
	struct hl_ring *r = &link.ring[s];
	__atomic_store_n(&r->head, r->head + n, __ATOMIC_RELEASE);
	ring_notify(&r->consumer_sleeps);
}

u64 hl_read(void *dst, u64 n)
{
	u64 done = 0;
	while (done < n) {
		const void *src;
		u64 have;
		hl_read_window(&src, &have);
		if (!have)
			break;
		have = min_u64(have, n - done);
		memcpy((u8 *)dst + done, src, have);
		hl_read_commit(have);
		done += have;
	}
	return done;
}

u64 hl_write(enum hl_stream s, const void *src, u64 n)
{
	u64 done = 0;
	while (done < n) {
		void *dst;
		u64 room;
		hl_write_window(s, &dst, &room);
		if (!room)
			break;
		room = min_u64(room, n - done);
		memcpy(dst, (const u8 *)src + done, room);
		hl_write_commit(s, room);
		done += room;
	}
	return done;
}

bool hl_eof(void)
{
	struct hl_ring *r = &link.ring[HL_STDIN];
	return __atomic_load_n(&r->eof, __ATOMIC_ACQUIRE) &&
	       __atomic_load_n(&r->head, __ATOMIC_ACQUIRE) == r->tail;
}

void hl_eof_taken(void)
{
	__atomic_store_n(&link.ring[HL_STDIN].eof, 0, __ATOMIC_RELEASE);
	bell_ring();
}

bool hl_gone(enum hl_stream s)
{
	return __atomic_load_n(&link.ring[s].gone, __ATOMIC_ACQUIRE);
}

void hl_sleeping(enum hl_stream s)
{
	struct hl_ring *r = &link.ring[s];
	u32 *flag = s == HL_STDIN ? &r->consumer_sleeps : &r->producer_sleeps;
	__atomic_store_n(flag, 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	/* The launcher reads a terminal only while someone waits for it. */
	if (s == HL_STDIN)
		bell_ring();
}

struct hl_tty *hl_tty(void)
{
	return &link.tty;
}

void hl_ring_bell(void)
{
	bell_ring();
}

u64 hl_take_signals(void)
{
	return __atomic_exchange_n(&link.signals, 0, __ATOMIC_ACQ_REL);
}

void hl_exit_report(enum hl_exit_kind kind, u32 value, const char *text)
{
	if (link.exit.kind != HL_EXIT_NONE)
		return;
	link.exit.value = value;
	strlcpy(link.exit.text, text, sizeof(link.exit.text));
	__atomic_store_n(&link.exit.kind, kind, __ATOMIC_RELEASE);
	if (attached)
		bell_ring();
}

void hl_user_started(void)
{
	link.user_started_tsc = tsc_read();
}

void hl_bell_interrupt(void)
{
	bell_drain();
	hl_event();
}

/* The log has no reader to wait for; the newest bytes win. Called by machine/log.c. */
void hl_log_write(const char *bytes, u64 n);
void hl_log_write(const char *bytes, u64 n)
{
	struct hl_ring *r = &link.log;
	for (u64 i = 0; i < n; i++)
		log_bytes[(r->head + i) & (LOG_RING_SIZE - 1)] = (u8)bytes[i];
	__atomic_store_n(&r->head, r->head + n, __ATOMIC_RELEASE);
}
