/* SPDX-License-Identifier: MIT */
/*
 * Reads back what a crossing depends on, before the first user instruction of each CPU.
 * An emulator forgives most of these being wrong; silicon does not, and says so late.
 */
#include "base/guards.h"
#include "cpu/cpu.h"
#include "cpu/gates.h"
#include "cpu/msr.h"

#define CHECK(cond, name)             \
	do {                          \
		if (!(cond)) {        \
			*what = name; \
			return false; \
		}                     \
	} while (0)

static bool msrs_ok(const char **what)
{
	u64 star = msr_read(MSR_STAR);
	CHECK((star >> 48 & 3) == 3, "STAR: RPL of the user selectors");
	CHECK(star == ((u64)STAR_USER_BASE << 48 | (u64)KERNEL_CS << 32), "STAR");
	CHECK(msr_read(MSR_LSTAR) == (u64)gate_syscall64, "LSTAR");
	CHECK(msr_read(MSR_CSTAR) == (u64)gate_syscall32, "CSTAR");
	CHECK(msr_read(MSR_SFMASK) == SFMASK_VALUE, "SFMASK");
	CHECK(msr_read(MSR_EFER) & EFER_SCE, "EFER.SCE");
	CHECK(!cpu_features.nx || (msr_read(MSR_EFER) & EFER_NXE), "EFER.NXE");
	if (!cpu_features.sysenter)
		return true;
	CHECK(msr_read(MSR_SYSENTER_CS) == KERNEL_CS, "SYSENTER_CS");
	CHECK(msr_read(MSR_SYSENTER_EIP) == (u64)gate_sysenter32, "SYSENTER_EIP");
	return true;
}

static bool gates_ok(const struct percpu *pc, const char **what)
{
	for (u32 i = 0; i < 256; i++) {
		bool user = i == 3 || i == 4 || i == 0x80;
		CHECK((idt[i].type >> 5 & 3) == (user ? 3 : 0), "IDT: gate privilege");
		CHECK((idt[i].type & 0x9f) == 0x8e, "IDT: interrupt gate");
		CHECK(idt[i].selector == KERNEL_CS, "IDT: selector");
	}
	CHECK(idt[1].ist == IST_DB && idt[2].ist == IST_NMI && idt[8].ist == IST_DF &&
		      idt[18].ist == IST_MC,
	      "IDT: interrupt stacks");
	for (u32 i = 0; i < IST_SLOTS - 1; i++)
		CHECK(pc->tss.ist[i] && *(u64 *)(pc->tss.ist[i] + 8) == (u64)pc,
		      "TSS: interrupt stack without its CPU word");
	return true;
}

/* Type and privilege bytes of the five segments the syscall instructions imply. */
static bool gdt_ok(const struct percpu *pc, const char **what)
{
	const u64 *e = pc->gdt.entry;
	CHECK((e[1] >> 40 & 0xff) == 0x9b && (e[1] >> 53 & 1), "GDT: kernel code");
	CHECK((e[2] >> 40 & 0xff) == 0x93, "GDT: kernel data");
	CHECK((e[3] >> 40 & 0xff) == 0xfb && !(e[3] >> 53 & 1), "GDT: 32-bit user code");
	CHECK((e[4] >> 40 & 0xff) == 0xf3, "GDT: user data");
	CHECK((e[5] >> 40 & 0xff) == 0xfb && (e[5] >> 53 & 1), "GDT: 64-bit user code");
	return true;
}

static bool control_ok(const char **what)
{
	const struct cpu_features *f = &cpu_features;
	u64 cr0 = cr0_read(), cr4 = cr4_read();
	CHECK(cr0 & CR0_WP, "CR0.WP");
	CHECK(!(cr0 & (CR0_EM | CR0_TS)), "CR0.EM/TS");
	CHECK(!f->smep || (cr4 & CR4_SMEP), "CR4.SMEP");
	CHECK(!f->smap || (cr4 & CR4_SMAP), "CR4.SMAP");
	CHECK(!f->umip || (cr4 & CR4_UMIP), "CR4.UMIP");
	CHECK(!(cr4 & CR4_LA57), "CR4.LA57");
	CHECK(cr4 & CR4_MCE, "CR4.MCE");
	return true;
}

bool cpu_selfcheck(const struct percpu *pc, const char **what)
{
	CHECK(this_cpu() == pc, "GS base");
	CHECK(pc->kstack_top && pc->tss.rsp0 == pc->kstack_top, "TSS: rsp0");
	CHECK(pc->kstack_top % 16 == 0, "kernel stack alignment");
	return !GUARD_SELFCHECK ||
	       (msrs_ok(what) && gates_ok(pc, what) && gdt_ok(pc, what) && control_ok(what));
}
