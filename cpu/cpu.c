/* SPDX-License-Identifier: MIT */
/*
 * One CPU made ready to be crossed: control bits, descriptor tables, syscall MSRs.
 * All of it again on every CPU; MSRs are per CPU and nothing is inherited.
 */
#include "base/guards.h"
#include "cpu/cpu.h"
#include "cpu/gates.h"
#include "cpu/msr.h"

static void control_bits_init(void)
{
	const struct cpu_features *f = &cpu_features;
	u64 cr0 = cr0_read();
	u64 cr4 = cr4_read();

	cr0 &= ~(u64)(CR0_EM | CR0_TS);
	cr0 |= CR0_MP | CR0_NE | CR0_AM | (GUARD_WP ? CR0_WP : 0);
	cr0_write(cr0);

	cr4 |= CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_MCE;
	cr4 |= (f->pge ? CR4_PGE : 0) | (f->smep ? CR4_SMEP : 0) | (f->smap ? CR4_SMAP : 0) |
	       (f->umip ? CR4_UMIP : 0) | (f->fsgsbase ? CR4_FSGSBASE : 0) |
	       (f->xsave ? CR4_OSXSAVE : 0);
	cr4_write(cr4);
	msr_write(MSR_EFER, msr_read(MSR_EFER) | EFER_SCE | (f->nx ? EFER_NXE : 0));
	if (f->xsave)
		__asm__ volatile("xsetbv" : : "c"(0), "a"((u32)f->xcr0), "d"((u32)(f->xcr0 >> 32)));
}

static void syscall_msrs_init(void)
{
	msr_write(MSR_STAR, (u64)STAR_USER_BASE << 48 | (u64)KERNEL_CS << 32);
	msr_write(MSR_LSTAR, (u64)gate_syscall64);
	msr_write(MSR_CSTAR, GUARD_CSTAR ? (u64)gate_syscall32 : 0);
	msr_write(MSR_SFMASK, GUARD_SFMASK_VALUE);
	if (!cpu_features.sysenter)
		return;
	msr_write(MSR_SYSENTER_CS, KERNEL_CS);
	msr_write(MSR_SYSENTER_ESP, 0); /* the gate takes its stack from the per-CPU block */
	msr_write(MSR_SYSENTER_EIP, (u64)gate_sysenter32);
}

/* What all CPUs share, by the first one's call: it is alone, and its text still writable. */
static void shared_init(void)
{
	if (idt[0].type)
		return;
	cpu_features_init();
	cpu_patch();
	idt_build();
}

void cpu_init(struct percpu *pc, vaddr_t kstack_top, struct ist_stacks *stacks)
{
	shared_init();
	cpu_set_kstack(pc, kstack_top);
	control_bits_init();
	for (u32 slot = IST_NMI; stacks && slot < IST_SLOTS; slot++)
		desc_set_ist(pc, slot, stacks->bytes[slot - 1] + IST_STACK_SIZE);
	desc_load(pc);
	syscall_msrs_init();
}
