/* SPDX-License-Identifier: MIT */
/*
 * FPU registers and segment bases of user code: eager, on switch only. Lazy FPU switching
 * was rejected: it leaks the previous owner's registers under speculation
 * (docs/hazards/fpu-leak.md). The kernel itself uses none of them (-mgeneral-regs-only).
 */
#include "cpu/features.h"
#include "cpu/irq.h"
#include "cpu/msr.h"
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
	*--sp = 0;         /* rbp */
	*--sp = (u64)fn;   /* rbx */
	*--sp = (u64)arg;  /* r12 */
	*--sp = 0;         /* r13 */
	*--sp = 0;         /* r14 */
	*--sp = 0;         /* r15 */
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

u64 user_fs_base(void)
{
	u64 base;
	if (!cpu_features.fsgsbase)
		return msr_read(MSR_FS_BASE);
	__asm__ volatile("rdfsbase %0" : "=r"(base));
	return base;
}

void user_set_fs_base(u64 base)
{
	if (!cpu_features.fsgsbase)
		msr_write(MSR_FS_BASE, base);
	else
		__asm__ volatile("wrfsbase %0" : : "r"(base));
}

/* In the kernel the user's GS base waits behind the next swapgs. */
u64 user_gs_base(void)
{
	return msr_read(MSR_KERNEL_GS_BASE);
}

void user_set_gs_base(u64 base)
{
	msr_write(MSR_KERNEL_GS_BASE, base);
}

void user_state_reset(struct user_state *us, bool running)
{
	u8 *area = us->fpu;
	for (u64 i = 0; i < cpu_features.xsave_size; i++)
		area[i] = 0;
	*(u16 *)area = FPU_CW_INIT;
	*(u32 *)(area + FXSAVE_MXCSR) = MXCSR_INIT;
	us->fs_base = us->gs_base = 0;
	if (running)
		user_state_load(us);
}

void user_state_save(struct user_state *us)
{
	fpu_save(us->fpu);
	us->fs_base = user_fs_base();
	us->gs_base = user_gs_base();
}

void user_state_load(const struct user_state *us)
{
	fpu_load(us->fpu);
	user_set_fs_base(us->fs_base);
	user_set_gs_base(us->gs_base);
}
