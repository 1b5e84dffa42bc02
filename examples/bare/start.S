/* SPDX-License-Identifier: MIT */
/*
 * From the boot loader (PVH: 32-bit protected mode, paging off) and from the start-up IPI
 * (real mode) to bare_main. Interrupts are off in both cases, and nothing before 64-bit mode
 * needs a data segment but the first lgdt of each.
 */
#include "bare.h"
#include "cpu/desc.h"
#include "cpu/msr.h"
#include "gen/frame_offsets.h"
#define PHYS(sym) ((sym) - KERNEL_BASE)

	.section .note.Xen, "a", @note
	.long	4, 8, 18, 0x006e6558	/* "Xen": XEN_ELFNOTE_PHYS32_ENTRY */
	.quad	PHYS(pvh_start)

	.text
	.globl	pvh_start, ap_start
	.code16
ap_start:				/* bare.c copies this to a page below 1 MiB, where it runs */
	lgdtl	%cs:gdt_pointer - ap_start
	mov	$CR0_PE, %eax
	mov	%eax, %cr0
	ljmpl	$8, $PHYS(start32)
gdt_pointer:
	.word	23
	.long	PHYS(gdt)
gdt:	.quad	0, 0x00cf9b000000ffff, 0x00af9b000000ffff

	.code32
pvh_start:
	lgdt	PHYS(gdt_pointer)
start32:
	mov	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$PHYS(tables), %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_LME, %eax
	wrmsr
	mov	$CR0_PG | CR0_PE, %eax
	mov	%eax, %cr0
	ljmp	$16, $PHYS(start64)
	.code64
start64:				/* each CPU takes a number, and the stack of that number */
	mov	$1, %edi
	lock xadd %edi, cpus_started(%rip)
	imul	$STACK_SIZE, %edi, %eax
	lea	stacks + STACK_SIZE - TF_SIZE(%rax), %rsp
	mov	$bare_main, %rax
	call	*%rax
