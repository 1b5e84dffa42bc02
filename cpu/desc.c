/* SPDX-License-Identifier: MIT */
/*
 * GDT, TSS and IDT (SDM vol. 3, 3.4.5, 6.14.1, 8.7). Per CPU but for the IDT, which is the
 * same for all and only read after idt_build.
 */
#include "base/guards.h"
#include "cpu/desc.h"
#include "cpu/msr.h"
#include "cpu/percpu.h"

struct idt_gate idt[256] __attribute__((aligned(16)));

/* Flat segments: base 0, limit 4 GiB, accessed (so the CPU never writes the table). */
#define SEG_KCODE64 0x00af9b000000ffffull
#define SEG_KDATA 0x00cf93000000ffffull
#define SEG_UCODE32 0x00cffb000000ffffull
#define SEG_UDATA 0x00cff3000000ffffull
#define SEG_UCODE64 0x00affb000000ffffull
#define SEG_CPU_NUMBER 0x0040f10000000000ull /* read-only data of ring 3; limit 0 in bytes */

#define GATE_INTERRUPT 0x8e /* present, interrupts off on entry */

struct table_pointer {
	u16 limit;
	u64 base;
} PACKED;

static void gdt_fill(struct percpu *pc)
{
	u64 *e = pc->gdt.entry;
	u64 base = (u64)&pc->tss;
	u64 limit = sizeof(struct tss) - 1;

	e[KERNEL_CS / 8] = SEG_KCODE64;
	e[KERNEL_SS / 8] = SEG_KDATA;
	e[USER_CS32 / 8] = SEG_UCODE32;
	e[USER_SS / 8] = SEG_UDATA;
	e[USER_CS64 / 8] = SEG_UCODE64;
	e[CPU_NUMBER_SELECTOR / 8] = SEG_CPU_NUMBER | pc->id;
	e[TSS_SELECTOR / 8] =
		limit | (base & 0xffffff) << 16 | 0x89ull << 40 | (base >> 24 & 0xff) << 56;
	e[TSS_SELECTOR / 8 + 1] = base >> 32;
}

static void segments_load(void)
{
	__asm__ volatile("push %0\n\t"
			 "lea 1f(%%rip), %%rax\n\t"
			 "push %%rax\n\t"
			 "lretq\n"
			 "1:\tmov %1, %%ds\n\t"
			 "mov %1, %%es\n\t"
			 "mov %1, %%ss\n\t"
			 "mov %2, %%fs\n\t"
			 "mov %2, %%gs\n\t"
			 :
			 : "i"(KERNEL_CS), "r"(KERNEL_SS), "r"(0)
			 : "rax", "memory");
}

void desc_load(struct percpu *pc)
{
	struct table_pointer gdtr = { sizeof(struct gdt) - 1, (u64)&pc->gdt };
	struct table_pointer idtr = { sizeof(idt) - 1, (u64)idt };

	gdt_fill(pc);
	pc->tss.iomap_base = sizeof(struct tss);
	__asm__ volatile("lgdt %0" : : "m"(gdtr));
	segments_load();
	/* Loading a null GS cleared its base on Intel: set it now, not before. */
	pc->self = pc;
	msr_write(MSR_GS_BASE, (u64)pc);
	msr_write(MSR_KERNEL_GS_BASE, 0);
	__asm__ volatile("ltr %w0" : : "r"(TSS_SELECTOR));
	__asm__ volatile("lidt %0" : : "m"(idtr));
}

/* The top word tells trap_paranoid which CPU it is on; the CPU starts 16 bytes below it. */
void desc_set_ist(struct percpu *pc, enum ist_slot slot, void *stack_top)
{
	((u64 *)stack_top)[-1] = (u64)pc;
	pc->tss.ist[slot - 1] = (u64)stack_top - 16;
}

void idt_build(void)
{
	for (u32 i = 0; i < 256; i++) {
		const struct trap_stub *s = &trap_stubs[i];
		idt[i] = (struct idt_gate){
			.offset0 = (u16)s->entry,
			.offset1 = (u16)(s->entry >> 16),
			.offset2 = (u32)(s->entry >> 32),
			.selector = KERNEL_CS,
			.ist = GUARD_IST ? s->ist : 0,
			.type = (u8)(GATE_INTERRUPT | s->dpl << 5),
		};
	}
}
