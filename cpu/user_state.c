/* SPDX-License-Identifier: MIT */
/*
 * FPU registers, segment selectors and bases of user code: eager, on switch only. Lazy FPU
 * switching was rejected: it leaks the previous owner's registers under speculation
 * (docs/hazards/fpu-leak.md). The kernel itself uses none of them (-mgeneral-regs-only), and
 * in 64-bit mode no segment but through GS base: user selectors stay in the registers while
 * the kernel runs (docs/hazards/segment-bases.md). All of this with interrupts off or by the
 * thread itself.
 */
#include "cpu/features.h"
#include "cpu/irq.h"
#include "cpu/msr.h"
#include "cpu/percpu.h"
#include "cpu/switch.h"

#define FPU_CW_INIT 0x37f
#define MXCSR_INIT 0x1f80
#define FXSAVE_MXCSR 24 /* byte offset in the FXSAVE area (SDM vol. 1, 10.5.1) */

void context_begin(void);

void context_init(struct context *ctx, vaddr_t stack_top, void (*fn)(void *), void *arg)
{
	u64 *sp = (u64 *)stack_top;
	*--sp = 0; /* keeps rsp 16-byte aligned at context_begin */
	*--sp = (u64)context_begin;
	*--sp = 0;	  /* rbp */
	*--sp = (u64)fn;  /* rbx */
	*--sp = (u64)arg; /* r12 */
	*--sp = 0;	  /* r13 */
	*--sp = 0;	  /* r14 */
	*--sp = 0;	  /* r15 */
	ctx->rsp = (u64)sp;
}

u64 user_state_fpu_size(void)
{
	return cpu_features.xsave_size;
}

static void fpu_save(void *area)
{
	u32 lo = (u32)cpu_features.xcr0, hi = (u32)(cpu_features.xcr0 >> 32);
	if (cpu_features.xsaveopt)
		__asm__ volatile("xsaveopt64 (%0)" : : "r"(area), "a"(lo), "d"(hi) : "memory");
	else if (cpu_features.xsave)
		__asm__ volatile("xsave64 (%0)" : : "r"(area), "a"(lo), "d"(hi) : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

static void fpu_load(const void *area)
{
	u32 lo = (u32)cpu_features.xcr0, hi = (u32)(cpu_features.xcr0 >> 32);
	if (cpu_features.xsave)
		__asm__ volatile("xrstor64 (%0)" : : "r"(area), "a"(lo), "d"(hi) : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

#define selector_read(segment)                                                 \
	({                                                                     \
		u16 selector_;                                                 \
		__asm__ volatile("mov %%" #segment ", %w0" : "=r"(selector_)); \
		selector_;                                                     \
	})

#define segment_load(segment, selector) \
	__asm__ volatile("mov %w0, %%" #segment : : "r"(selector) : "memory")

/* In ring 0 with interrupts off only: between the two swapgs GS base is the user's. What can
 * come in there all the same takes GS from its own stack (cpu/entry.S, trap_paranoid). */
static void gs_load(u16 selector)
{
	__asm__ volatile("swapgs; mov %w0, %%gs; swapgs" : : "r"(selector) : "memory");
}

/*
 * The selector, or 0 if loading it would fault: a thread may have cleared a TLS descriptor
 * while a register still held its selector. Other segments that user code could load are
 * there for ever, and a TLS descriptor is one of ring 3 or 0, so there is no need to catch a
 * #GP, which on GS would arrive with the user's base.
 */
static u16 loadable(u16 selector)
{
	u32 index = selector >> 3;

	if (index - GDT_TLS_MIN < GDT_TLS_COUNT && !(selector & 4))
		return this_cpu()->gdt.entry[index] ? selector : 0;
	return selector;
}

u64 user_fs_base(void)
{
	u64 base;
	if (!cpu_features.fsgsbase)
		return msr_read(MSR_FS_BASE);
	__asm__ volatile("rdfsbase %0" : "=r"(base));
	return base;
}

static void fs_base_write(u64 base)
{
	if (!cpu_features.fsgsbase)
		msr_write(MSR_FS_BASE, base);
	else
		__asm__ volatile("wrfsbase %0" : : "r"(base));
}

void user_set_fs_base(u64 base)
{
	if (selector_read(fs))
		segment_load(fs, 0);
	fs_base_write(base);
}

/* In the kernel the user's GS base waits behind the next swapgs. */
u64 user_gs_base(void)
{
	return msr_read(MSR_KERNEL_GS_BASE);
}

void user_set_gs_base(u64 base)
{
	u64 flags = irq_save();
	if (selector_read(gs))
		gs_load(0);
	msr_write(MSR_KERNEL_GS_BASE, base);
	irq_restore(flags);
}

/* A base follows its selector: loading one may change it. */
static void segments_save(struct user_state *us)
{
	us->ds = selector_read(ds);
	us->es = selector_read(es);
	us->fs = selector_read(fs);
	us->gs = selector_read(gs);
	us->fs_base = user_fs_base();
	us->gs_base = user_gs_base();
}

/* Descriptors first: selectors refer to them. Loads of 0 over 0 are spared. */
static void segments_load(const struct user_state *us)
{
	u64 *tls = &this_cpu()->gdt.entry[GDT_TLS_MIN];

	for (u32 i = 0; i < GDT_TLS_COUNT; i++)
		tls[i] = us->tls[i];
	if (us->ds || selector_read(ds))
		segment_load(ds, loadable(us->ds));
	if (us->es || selector_read(es))
		segment_load(es, loadable(us->es));
	if (us->fs || selector_read(fs))
		segment_load(fs, loadable(us->fs));
	if (us->gs || selector_read(gs))
		gs_load(loadable(us->gs));
	fs_base_write(us->fs_base);
	msr_write(MSR_KERNEL_GS_BASE, us->gs_base);
}

void user_state_set_tls(struct user_state *us, u32 i, u64 descriptor)
{
	u16 selector = (u16)((GDT_TLS_MIN + i) << 3 | 3);
	u64 flags = irq_save();

	us->tls[i] = descriptor;
	this_cpu()->gdt.entry[GDT_TLS_MIN + i] = descriptor;
	/* The hidden parts of a register that holds it are those of the old descriptor. */
	if (selector_read(ds) == selector)
		segment_load(ds, loadable(selector));
	if (selector_read(es) == selector)
		segment_load(es, loadable(selector));
	if (selector_read(fs) == selector)
		segment_load(fs, loadable(selector));
	if (selector_read(gs) == selector)
		gs_load(loadable(selector));
	irq_restore(flags);
}

void user_state_reset(struct user_state *us, u16 data_segment, bool running)
{
	u8 *area = us->fpu;
	for (u64 i = 0; i < cpu_features.xsave_size; i++)
		area[i] = 0;
	*(u16 *)area = FPU_CW_INIT;
	*(u32 *)(area + FXSAVE_MXCSR) = MXCSR_INIT;
	us->fs_base = us->gs_base = 0;
	us->ds = us->es = data_segment;
	us->fs = us->gs = 0;
	for (u32 i = 0; i < GDT_TLS_COUNT; i++)
		us->tls[i] = 0;
	if (!running)
		return;
	u64 flags = irq_save();
	user_state_load(us);
	irq_restore(flags);
}

void user_state_save(struct user_state *us)
{
	fpu_save(us->fpu);
	segments_save(us);
}

void user_state_load(const struct user_state *us)
{
	fpu_load(us->fpu);
	segments_load(us);
}
