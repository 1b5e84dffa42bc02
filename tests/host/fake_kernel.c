/* SPDX-License-Identifier: MIT */
/* The bottom layer of the host tests: see fake_kernel.h. */
#include "fake_kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpio_build.h"
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "kernel/fs/fs_context.h"
#include "kernel/fs/initrd.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/path.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/page.h"
#include "kernel/proc/file.h"
#include "machine/clock.h"
#include "machine/hostlink.h"
#include "machine/random.h"
#include "machine/uart.h"

#define RAM_PAGES 16384

static void die(const char *what)
{
	fprintf(stderr, "fake kernel: %s\n", what);
	abort();
}

/* ---- memory ---- */

int fake_alloc_budget = -1;
u64 fake_pages_used, fake_blocks_used;
u8 fake_ram[RAM_PAGES * PAGE_SIZE] __attribute__((aligned(4096)));
static struct page pages[RAM_PAGES];
struct page *page_array = pages;
u64 page_count = RAM_PAGES;
static u64 initrd_pages; /* at the bottom; never allocated */

static bool may_allocate(void)
{
	if (fake_alloc_budget == 0)
		return false;
	if (fake_alloc_budget > 0)
		fake_alloc_budget--;
	return true;
}

/* Every block is on a list, so that fake_forget finds it. */
struct block {
	struct block *next, **link;
};
static struct block *blocks;

static void block_unlink(struct block *b)
{
	*b->link = b->next;
	if (b->next)
		b->next->link = b->link;
	fake_blocks_used--;
}

void *kmalloc(u64 size)
{
	struct block *b = may_allocate() ? malloc(sizeof *b + size) : NULL;
	if (!b)
		return NULL;
	*b = (struct block){ blocks, &blocks };
	if (blocks)
		blocks->link = &b->next;
	blocks = b;
	fake_blocks_used++;
	return b + 1;
}

void *kzalloc(u64 size)
{
	void *p = kmalloc(size);
	return p ? memset(p, 0, size) : NULL;
}

void *krealloc(void *old, u64 old_size, u64 new_size)
{
	void *p = kmalloc(new_size);
	if (!p)
		return NULL;
	if (old)
		memcpy(p, old, min_u64(old_size, new_size));
	kfree(old);
	return p;
}

void kfree(void *p)
{
	if (!p)
		return;
	struct block *b = (struct block *)p - 1;
	block_unlink(b);
	free(b);
}

err_t page_alloc(struct page **out)
{
	static u64 next;
	for (u64 tries = 0; tries < RAM_PAGES && may_allocate(); tries++) {
		struct page *pg = &pages[next++ % RAM_PAGES];
		if (pg->refs || pg < pages + initrd_pages)
			continue;
		pg->refs = 1;
		memset(page_kva(pg), 0xa5, PAGE_SIZE);
		fake_pages_used++;
		*out = pg;
		return 0;
	}
	return -ENOMEM;
}

err_t page_alloc_zero(struct page **out)
{
	err_t e = page_alloc(out);
	if (!e)
		memset(page_kva(*out), 0, PAGE_SIZE);
	return e;
}

void page_unref(struct page *pg)
{
	if (pg->refs == 0)
		die("page_unref of a free page");
	if (--pg->refs)
		return;
	if (pg < pages + initrd_pages)
		die("page of the initrd freed");
	memset(page_kva(pg), 0x5a, PAGE_SIZE);
	fake_pages_used--;
}

void fake_initrd_pages(u64 len)
{
	initrd_pages = align_up(len, PAGE_SIZE) / PAGE_SIZE;
	for (u64 i = 0; i < initrd_pages; i++)
		pages[i].refs = 1;
}

void fake_forget(void)
{
	while (blocks)
		kfree(blocks + 1);
	for (u64 i = 0; i < RAM_PAGES; i++)
		pages[i].refs = i < initrd_pages;
	fake_pages_used = 0;
}

void page_stats(struct page_stats *out)
{
	*out = (struct page_stats){ RAM_PAGES, RAM_PAGES - fake_pages_used };
}

/* ---- user memory ---- */

uaddr_t fake_fault_start, fake_fault_end;

/* Bytes from addr on that can be copied before a fault. */
static u64 reachable(uaddr_t addr, u64 n)
{
	if (!user_range_ok(addr, n) || addr < USER_BOTTOM)
		return 0;
	if (addr >= fake_fault_end || addr + n <= fake_fault_start)
		return n;
	return addr < fake_fault_start ? fake_fault_start - addr : 0;
}

err_t copyin_some(void *dst, uaddr_t src, u64 n, u64 *done)
{
	*done = n ? reachable(src, n) : 0;
	if (*done)
		memcpy(dst, (const void *)src, *done);
	return *done == n ? 0 : -EFAULT;
}

err_t copyout_some(uaddr_t dst, const void *src, u64 n, u64 *done)
{
	*done = n ? reachable(dst, n) : 0;
	if (*done)
		memcpy((void *)dst, src, *done);
	return *done == n ? 0 : -EFAULT;
}

err_t copyin(void *dst, uaddr_t src, u64 n)
{
	u64 done;
	return copyin_some(dst, src, n, &done);
}

err_t copyout(uaddr_t dst, const void *src, u64 n)
{
	u64 done;
	return copyout_some(dst, src, n, &done);
}

err_t copyinstr(char *dst, uaddr_t src, u64 size, u64 *len)
{
	for (u64 i = 0; i < size; i++) {
		if (copyin(dst + i, src + i, 1))
			return -EFAULT;
		if (!dst[i]) {
			*len = i;
			return 0;
		}
	}
	return -ENAMETOOLONG;
}

/* ---- one thread that never waits for another ---- */

static struct thread thread;
static struct proc process;
struct thread *fake_current;
bool (*fake_sleep)(void);
int fake_last_signal;
u64 fake_now_ns = 1700000000ull * 1000000000;

void mutex_init(struct mutex *m)
{
	*m = (struct mutex){ .owner = NULL };
}

void mutex_lock(struct mutex *m)
{
	if (m->owner)
		die("mutex locked twice: deadlock");
	m->owner = (struct thread *)m;
}

void mutex_unlock(struct mutex *m)
{
	if (!m->owner)
		die("mutex unlocked but not locked");
	m->owner = NULL;
}

void waitq_init(struct waitq *wq)
{
	*wq = (struct waitq){ NULL, NULL };
}

err_t waitq_sleep(struct waitq *wq, struct spinlock *lk, u64 deadline_ns)
{
	(void)wq;
	if (!lk->held)
		die("waitq_sleep without its lock");
	spin_release(lk);
	bool woken = fake_sleep && fake_sleep();
	spin_acquire(lk);
	if (woken)
		return 0;
	if (deadline_ns == WAIT_FOREVER)
		return -EINTR;
	fake_now_ns = max_u64(fake_now_ns, deadline_ns);
	return -ETIMEDOUT;
}

void waitq_wake_one(struct waitq *wq)
{
	(void)wq;
}

void waitq_wake_all(struct waitq *wq)
{
	(void)wq;
}

u64 clock_monotonic_ns(void)
{
	return fake_now_ns;
}

u64 clock_realtime_ns(void)
{
	return ++fake_now_ns;
}

void random_bytes(void *dst, u64 n)
{
	for (u64 i = 0; i < n; i++)
		((u8 *)dst)[i] = (u8)rand();
}

err_t proc_signal(struct proc *p, int signo)
{
	(void)p;
	fake_last_signal = signo;
	return 0;
}

void signal_deliver(void)
{
}

struct proc *proc_find(u32 pid)
{
	return pid == process.pid ? &process : NULL;
}

/* ---- the launcher ---- */

static struct fake_ring {
	u8 bytes[1 << 16];
	u64 head, tail, size;
	bool eof, gone;
} rings[HL_NSTREAMS];
static struct hl_tty shared_tty;
bool fake_attached = true;
u32 fake_bells;
bool fake_sleep_flags[HL_NSTREAMS];

void fake_ring_reset(u64 size)
{
	memset(rings, 0, sizeof rings);
	for (int s = 0; s < HL_NSTREAMS; s++)
		rings[s].size = size;
}

void fake_stdin_put(const void *bytes, u64 n)
{
	struct fake_ring *r = &rings[HL_STDIN];
	if (r->head - r->tail + n > r->size)
		die("test puts more into stdin than fits");
	for (u64 i = 0; i < n; i++)
		r->bytes[r->head++ % r->size] = ((const u8 *)bytes)[i];
}

void fake_stdin_close(void)
{
	rings[HL_STDIN].eof = true;
}

u64 fake_out_take(enum hl_stream s, void *buf, u64 size)
{
	struct fake_ring *r = &rings[s];
	u64 n = 0;
	for (; n < size && r->tail < r->head; n++)
		((u8 *)buf)[n] = r->bytes[r->tail++ % r->size];
	return n;
}

void fake_out_gone(enum hl_stream s)
{
	rings[s].gone = true;
}

bool hl_attached(void)
{
	return fake_attached;
}

void hl_read_window(const void **ptr, u64 *n)
{
	struct fake_ring *r = &rings[HL_STDIN];
	*ptr = r->bytes + r->tail % r->size;
	*n = min_u64(r->head - r->tail, r->size - r->tail % r->size);
}

void hl_read_commit(u64 n)
{
	rings[HL_STDIN].tail += n;
}

void hl_write_window(enum hl_stream s, void **ptr, u64 *room)
{
	struct fake_ring *r = &rings[s];
	*ptr = r->bytes + r->head % r->size;
	*room = min_u64(r->size - (r->head - r->tail), r->size - r->head % r->size);
}

void hl_write_commit(enum hl_stream s, u64 n)
{
	rings[s].head += n;
}

u64 hl_write(enum hl_stream s, const void *src, u64 n)
{
	void *room;
	u64 have;
	hl_write_window(s, &room, &have);
	n = min_u64(n, have);
	memcpy(room, src, n);
	hl_write_commit(s, n);
	return n;
}

bool hl_eof(void)
{
	return rings[HL_STDIN].eof && rings[HL_STDIN].head == rings[HL_STDIN].tail;
}

void hl_eof_taken(void)
{
	rings[HL_STDIN].eof = false;
}

bool hl_gone(enum hl_stream s)
{
	return rings[s].gone;
}

void hl_sleeping(enum hl_stream s)
{
	fake_sleep_flags[s] = true;
}

struct hl_tty *hl_tty(void)
{
	return &shared_tty;
}

void hl_ring_bell(void)
{
	fake_bells++;
	shared_tty.set_done = shared_tty.set_seq;
}

u64 hl_take_signals(void)
{
	return 0;
}

void uart_write(const void *bytes, u64 n)
{
	void *room;
	u64 have;
	hl_write_window(HL_STDOUT, &room, &have);
	if (n > have)
		die("uart: the test's window is too small");
	memcpy(room, bytes, n);
	hl_write_commit(HL_STDOUT, n);
}

u64 uart_read(void *dst, u64 n)
{
	const void *p;
	u64 have;
	hl_read_window(&p, &have);
	n = min_u64(n, have);
	memcpy(dst, p, n);
	hl_read_commit(n);
	return n;
}

/* ---- start and end ---- */

static void must(err_t e, const char *what)
{
	if (e) {
		fprintf(stderr, "fake kernel: %s: %d\n", what, e);
		abort();
	}
}

static void start_process(const struct console_config *cfg)
{
	memset(&process, 0, sizeof process);
	process.pid = 7;
	for (int i = 0; i < RLIMIT_COUNT; i++)
		process.limits[i] = (struct rlimit){ RLIM_INFINITY, RLIM_INFINITY };
	process.limits[LINUX_RLIMIT_NOFILE].cur = 1024;
	thread.proc = &process;
	fake_current = &thread;
	must(fs_context_new("/", &process.fs), "fs_context_new");
	must(fdtable_new(&process.fds), "fdtable_new");
	must(console_open_std(process.fds, cfg), "console_open_std");
}

void fake_boot(const void *initrd, u64 len, const struct console_config *cfg)
{
	static const struct console_config plain = { .fds_mask = 7 };
	const char *why = "";
	static struct archive empty;
	if (!initrd) {
		empty.len = 0;
		archive_end(&empty);
		initrd = empty.bytes;
		len = empty.len;
	}
	memcpy(fake_ram, initrd, len);
	fake_initrd_pages(len);
	fake_ring_reset(4096);
	must(fs_init(), "fs_init");
	if (initrd_unpack(0, len, &why)) {
		fprintf(stderr, "fake kernel: initrd: %s\n", why);
		abort();
	}
	must(fs_mount_all(), "fs_mount_all");
	start_process(cfg ? cfg : &plain);
}

void fake_shutdown(void)
{
	fdtable_unref(process.fds);
	fs_context_unref(process.fs);
	fake_current = NULL;
}
