/* SPDX-License-Identifier: MIT */
/*
 * From the boot loader to C. Two kinds of loader know the way in: PVH (Xen's direct boot,
 * docs/misc/pvh.pandoc there; QEMU's -kernel) by a note, multiboot2 (GRUB) by a header near
 * the start of the file and the ELF entry, which it wants as a virtual address. Either way
 * the CPU comes in 32-bit protected mode, paging off, ebx = physical address of the loader's
 * information; the entry taken says which loader it was.
 *
 * Builds the smallest page tables that let the linked addresses work: the first GiB of
 * physical memory, seen at 0 (for these instructions), in the direct map and at the image's
 * base, all writable and executable. machine/kernel_map.c replaces them by the real ones.
 */
#include "boot/multiboot2.h"
#include "cpu/desc.h"
#include "cpu/msr.h"

#define PHYS(sym) ((sym) - 0xffffffff80000000)
#define PTE_PW 0x3
#define PTE_PW_2M 0x83

	.section .note.Xen, "a", @note
	.balign	4
	.long	4, 8, 18		/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.quad	PHYS(pvh_start)

	.section .multiboot2, "a"
	.balign	8
multiboot2_header:
	.long	MULTIBOOT2_HEADER_MAGIC, 0 /* i386 protected mode */
	.long	multiboot2_header_end - multiboot2_header
	.long	-(MULTIBOOT2_HEADER_MAGIC + (multiboot2_header_end - multiboot2_header))
	.word	6, 0			/* modules on page boundaries: files are mapped in place */
	.long	8
	.word	0, 0			/* end of the tags */
	.long	8
multiboot2_header_end:

	.section .text.boot, "ax"
	.code32
	.globl	multiboot2_start
	.type	multiboot2_start, @function
multiboot2_start:
	mov	%eax, PHYS(boot_magic)
	jmp	boot_start
	.size	multiboot2_start, . - multiboot2_start

	.globl	pvh_start
	.type	pvh_start, @function
pvh_start:
	movl	$0, PHYS(boot_magic)
boot_start:
	cld
	cli
	rdtsc
	mov	%eax, PHYS(boot_tsc)
	mov	%edx, PHYS(boot_tsc) + 4
	mov	%ebx, PHYS(boot_info_pa)
	mov	$PHYS(boot_stack_top), %esp

	/* One page directory of 512 x 2 MiB, used three times. */
	mov	$PHYS(boot_pd), %edi
	mov	$PTE_PW_2M, %eax
	mov	$512, %ecx
1:	mov	%eax, (%edi)
	add	$0x200000, %eax
	add	$8, %edi
	dec	%ecx
	jnz	1b
	movl	$PHYS(boot_pd) + PTE_PW, PHYS(boot_pdpt_low)
	movl	$PHYS(boot_pd) + PTE_PW, PHYS(boot_pdpt_high) + 510 * 8
	movl	$PHYS(boot_pdpt_low) + PTE_PW, PHYS(boot_pml4)
	movl	$PHYS(boot_pdpt_low) + PTE_PW, PHYS(boot_pml4) + 256 * 8
	movl	$PHYS(boot_pdpt_high) + PTE_PW, PHYS(boot_pml4) + 511 * 8

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
	lgdt	PHYS(boot_gdt_pointer)
	ljmp	$KERNEL_CS, $PHYS(start64)

	.code64
start64:
	movabs	$start_high, %rax
	jmp	*%rax
start_high:
	mov	$KERNEL_SS, %eax
	mov	%eax, %ss
	mov	%eax, %ds
	mov	%eax, %es
	mov	$boot_stack_top, %rsp
	xor	%ebp, %ebp
	call	kernel_main
	ud2
	.size	pvh_start, . - pvh_start

	.section .rodata
	.balign	8
boot_gdt:
	.quad	0, 0x00af9b000000ffff, 0x00cf93000000ffff
boot_gdt_pointer:
	.word	. - boot_gdt - 1
	.long	PHYS(boot_gdt)

	.section .data
	.balign	8
	.globl	boot_tsc
boot_tsc:
	.quad	0
	.globl	boot_info_pa
boot_info_pa:
	.quad	0
	.globl	boot_magic
boot_magic:
	.long	0

	.section .bss.pages, "aw", @nobits
	.balign	4096
	.globl	boot_pml4
boot_pml4:
	.skip	4096
boot_pdpt_low:
	.skip	4096
boot_pdpt_high:
	.skip	4096
boot_pd:
	.skip	4096
	.globl	boot_stack_guard
boot_stack_guard:
	.skip	4096
	.skip	8192
	.globl	boot_stack_top
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
