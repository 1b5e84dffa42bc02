/* SPDX-License-Identifier: MIT */
/*
 * An application processor's way from its start-up IPI to C (SDM vol. 3, 8.4). It begins in
 * real mode at AP_PAGE, where machine/smp.c has copied the first part of this file; that
 * part is written to run there and nowhere else. The page tables of boot/start.S, which map
 * low memory as well as the image, carry it into the image; there it takes the kernel's.
 */
#include "cpu/desc.h"
#include "cpu/msr.h"
#include "machine/ap_page.h"

#define HERE(sym) ((sym) - ap_trampoline + AP_PAGE)
#define PHYS(sym) ((sym) - 0xffffffff80000000)
#define AP_CODE32 0x08
#define AP_DATA 0x10
#define AP_CODE64 0x18

	.section .rodata.ap, "a"
	.globl	ap_trampoline, ap_trampoline_end
	.code16
ap_trampoline:
	cli
	cld
	xor	%ax, %ax
	mov	%ax, %ds
	lgdtl	HERE(ap_gdt_pointer)
	mov	%cr0, %eax
	or	$CR0_PE, %eax
	mov	%eax, %cr0
	ljmpl	$AP_CODE32, $HERE(ap32)

	.code32
ap32:
	mov	$AP_DATA, %eax
	mov	%eax, %ds
	mov	%eax, %es
	mov	%eax, %ss
	mov	%cr4, %eax
	or	$CR4_PAE, %eax
	mov	%eax, %cr4
	mov	$PHYS(boot_pml4), %eax
	mov	%eax, %cr3
	mov	$MSR_EFER, %ecx
	rdmsr
	or	$EFER_LME, %eax
	wrmsr
	mov	%cr0, %eax
	or	$CR0_PG, %eax
	mov	%eax, %cr0
	ljmp	$AP_CODE64, $HERE(ap64)

	.code64
ap64:
	movabs	$ap_high, %rax
	jmp	*%rax

	.balign	8
ap_gdt:
	.quad	0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00af9b000000ffff
ap_gdt_pointer:
	.word	. - ap_gdt - 1
	.long	HERE(ap_gdt)
ap_trampoline_end:

	.text
	.type	ap_high, @function
ap_high:
	mov	$MSR_EFER, %ecx		/* the kernel's tables have NX bits: reserved without NXE */
	rdmsr
	or	ap_boot + AP_EFER(%rip), %eax
	wrmsr
	mov	ap_boot + AP_CR3(%rip), %rax
	mov	%rax, %cr3
	mov	ap_boot + AP_STACK(%rip), %rsp
	mov	ap_boot + AP_PERCPU(%rip), %rdi
	xor	%ebp, %ebp
	call	smp_ap_entry
	ud2
	.size	ap_high, . - ap_high

	.section .note.GNU-stack, "", @progbits
