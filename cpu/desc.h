/* SPDX-License-Identifier: MIT */
/*
 * Segments, task state and gates. The GDT order is what SYSCALL/SYSRET and SYSENTER/SYSEXIT
 * demand; the asserts below fail the build when someone reorders it (SDM vol. 3, 5.8).
 */
#ifndef CPU_DESC_H
#define CPU_DESC_H

#ifndef __ASSEMBLER__
#include "base/types.h"
#endif

#define KERNEL_CS 0x08
#define KERNEL_SS 0x10
#define USER_CS32 0x1b
#define USER_SS 0x23
#define USER_CS64 0x2b
#define TSS_SELECTOR 0x30
/* A descriptor whose limit is the CPU's number: user code reads it with LSL. As on Linux. */
#define CPU_NUMBER_SELECTOR 0x7b
/* Segments a thread describes for itself (TLS of i386 programs); numbers as on Linux x86-64. */
#define GDT_TLS_MIN 12
#define GDT_TLS_COUNT 3

/* STAR[63:48] must carry RPL 3: AMD loads the user's SS from it as it stands, and a later
 * IRET with RPL 0 there faults (docs/hazards/star-rpl.md). */
#define STAR_USER_BASE 0x1b

#ifndef __ASSEMBLER__

_Static_assert(USER_SS == STAR_USER_BASE + 8 && USER_CS64 == STAR_USER_BASE + 16, "SYSRET");
_Static_assert(USER_CS32 == STAR_USER_BASE, "SYSRET to compatibility mode");
_Static_assert(KERNEL_SS == KERNEL_CS + 8, "SYSCALL and SYSENTER");
_Static_assert((STAR_USER_BASE & 3) == 3, "RPL of the user's SS");

/* Interrupt stack table slots: exceptions that may find the CPU with a foreign stack or GS. */
enum ist_slot { IST_NONE, IST_NMI, IST_DF, IST_MC, IST_DB, IST_SLOTS };

struct tss {
	u32 reserved0;
	u64 rsp0, rsp1, rsp2;
	u64 reserved1;
	u64 ist[7]; /* ist[n - 1] is IST n */
	u64 reserved2;
	u16 reserved3;
	u16 iomap_base; /* beyond the limit: no port is open to ring 3 */
} PACKED;
_Static_assert(sizeof(struct tss) == 104, "SDM vol. 3, 8.7");

#define GDT_ENTRIES 16 /* 6-7 TSS; GDT_TLS_MIN and on: the running thread's; 15 CPU number */
struct gdt {
	u64 entry[GDT_ENTRIES];
};

struct percpu;

/* Fills pc's GDT and TSS and loads them with the shared IDT; GS base becomes pc. */
void desc_load(struct percpu *pc);
void desc_set_ist(struct percpu *pc, enum ist_slot slot, void *stack_top);
/* The IDT is built once, by the first CPU. */
void idt_build(void);

/* For the self-check. */
struct idt_gate {
	u16 offset0, selector;
	u8 ist, type;
	u16 offset1;
	u32 offset2, reserved;
};
extern struct idt_gate idt[256];
struct trap_stub {
	u64 entry;
	u8 dpl, ist;
	u8 pad[6];
};
extern const struct trap_stub trap_stubs[256]; /* cpu/entry.S, from cpu/vectors.def */

#endif
#endif
