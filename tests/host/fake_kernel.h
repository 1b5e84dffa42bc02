/* SPDX-License-Identifier: MIT */
/*
 * A second bottom layer: what kernel/fs and sys/ stand on, made of host memory, so that
 * they run under the sanitizers. User memory is the test's own memory, except a range that
 * faults. Misuse of locks, a reference too many or few, and pages left over are found.
 */
#ifndef TESTS_FAKE_KERNEL_H
#define TESTS_FAKE_KERNEL_H

#include "abi/hostlink.h"
#include "base/types.h"
#include "kernel/fs/console.h"
#include "kernel/proc/proc.h"

/* Copies from and to [fake_fault_start, fake_fault_end) fail with -EFAULT, also midway. */
extern uaddr_t fake_fault_start, fake_fault_end;
#define FAKE_BAD_ADDR 0x2000ull /* always faults: below USER_BOTTOM */

/* The next n allocations succeed, then all fail; -1: never. */
extern int fake_alloc_budget;

extern u64 fake_pages_used;  /* page frames with references */
extern u64 fake_blocks_used; /* kmalloc'ed blocks not yet freed */

extern u64 fake_now_ns;	     /* both clocks; each sleep with a deadline moves it there */
extern int fake_last_signal; /* what proc_signal was given last */

/* Called instead of sleeping; true: woken. NULL: every sleep is interrupted. */
extern bool (*fake_sleep)(void);

/* The launcher's side. */
extern bool fake_attached;
void fake_ring_reset(u64 size);
void fake_stdin_put(const void *bytes, u64 n);
void fake_stdin_close(void);
/* Takes what the guest wrote. */
u64 fake_out_take(enum hl_stream s, void *buf, u64 size);
void fake_out_gone(enum hl_stream s);
extern u32 fake_bells;
extern bool fake_sleep_flags[HL_NSTREAMS]; /* which hl_sleeping calls came */

/*
 * A fresh system: file systems mounted over the given archive (NULL: an empty one), one
 * process with stdin, stdout and stderr.
 */
void fake_boot(const void *initrd, u64 len, const struct console_config *cfg);
/* The first len bytes of RAM are the initrd: their pages are never allocated or freed. */
void fake_initrd_pages(u64 len);
/* Gives all memory back that was allocated since, as if the machine had been reset. */
void fake_forget(void);
/* Ends the process; the file systems stay. */
void fake_shutdown(void);

#endif
