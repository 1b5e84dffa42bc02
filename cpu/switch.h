/* SPDX-License-Identifier: MIT */
/*
 * What a thread leaves behind when another runs.
 *
 * context: the kernel side; a stack pointer under which the callee-saved registers lie.
 * user_state: what user code may have in the CPU beside the trap frame. Saved when the
 * thread leaves the CPU and loaded when it comes back; never on the crossing.
 */
#ifndef CPU_SWITCH_H
#define CPU_SWITCH_H

#include "base/types.h"
#include "cpu/desc.h"

struct context {
	u64 rsp;
};

/* Saves into from, continues to where to was saved. Interrupts are off. */
void context_switch(struct context *from, struct context *to);
/* Makes ctx start in fn(arg) on the stack that ends at stack_top; fn must not return. */
void context_init(struct context *ctx, vaddr_t stack_top, void (*fn)(void *), void *arg);

struct user_state {
	u64 fs_base, gs_base;
	u16 ds, es, fs, gs;	/* selectors; nobody in the kernel uses the segments behind them */
	u64 tls[GDT_TLS_COUNT]; /* descriptors */
	void *fpu; /* user_state_fpu_size() bytes, 64-byte aligned; owned by the thread's creator */
};

u64 user_state_fpu_size(void);
/* The state a program starts with: registers clear, x87 CW 0x37f, MXCSR 0x1f80, bases and
 * selectors 0 but DS and ES. Loads it into the CPU as well when us is the running thread's. */
void user_state_reset(struct user_state *us, u16 data_segment, bool running);
void user_state_save(struct user_state *us);
void user_state_load(const struct user_state *us);

/*
 * Changes TLS descriptor i (0 .. GDT_TLS_COUNT - 1) of the running thread, and what the CPU
 * holds of it. The caller has checked that it is a 32-bit data segment of ring 3, or 0.
 */
void user_state_set_tls(struct user_state *us, u32 i, u64 descriptor);

/* The running thread's bases. The caller has checked that base is canonical. Setting one
 * clears its selector, so that no descriptor can bring an older base back. */
u64 user_fs_base(void);
u64 user_gs_base(void);
void user_set_fs_base(u64 base);
void user_set_gs_base(u64 base);

#endif
