/* SPDX-License-Identifier: MIT */
/*
 * The only instructions of the kernel that touch user memory. A fault on one of them is
 * found in the exception table and continues at its fixup; everything else is a bug of
 * the kernel. The SMAP window is open between STAC and CLAC and nowhere else.
 */
#include "base/guards.h"

.macro smap_site op
771:	.byte 0x0f, 0x1f, 0x00		/* nopl (%rax); see cpu/entry.S */
	.pushsection lstar_smap_sites, "a"
	.balign 8
	.quad 771b
	.quad \op
	.popsection
.endm
#define CLAC smap_site 0xca
#define STAC smap_site 0xcb

.macro extable insn, fixup
.if GUARD_EXTABLE
	.pushsection lstar_ex_table, "a"
	.balign 8
	.quad \insn
	.quad \fixup
	.popsection
.endif
.endm

	.text
/*
 * u64 uaccess_copy(void *dst, const void *src, u64 n): bytes not copied.
 * Eight at a time, then the rest: under an emulator each step of a rep costs the same,
 * whatever its width.
 */
	.globl	uaccess_copy
	.type	uaccess_copy, @function
	.balign	16
uaccess_copy:
	.cfi_startproc
	mov	%rdx, %rcx
	shr	$3, %rcx
	and	$7, %edx
	STAC
1:	rep movsq
	mov	%edx, %ecx
2:	rep movsb
3:	CLAC
	mov	%rcx, %rax
	ret
4:	lea	(%rdx,%rcx,8), %rcx	/* faulted in the first loop: whole words left, and the tail */
	jmp	3b
	extable 1b, 4b
	extable 2b, 3b
	.cfi_endproc
	.size	uaccess_copy, . - uaccess_copy

/* u64 uaccess_clear(void *dst, u64 n): bytes not cleared. */
	.globl	uaccess_clear
	.type	uaccess_clear, @function
	.balign	16
uaccess_clear:
	.cfi_startproc
	mov	%rsi, %rcx
	shr	$3, %rcx
	and	$7, %esi
	xor	%eax, %eax
	STAC
1:	rep stosq
	mov	%esi, %ecx
2:	rep stosb
3:	CLAC
	mov	%rcx, %rax
	ret
4:	lea	(%rsi,%rcx,8), %rcx
	jmp	3b
	extable 1b, 4b
	extable 2b, 3b
	.cfi_endproc
	.size	uaccess_clear, . - uaccess_clear

	.section .note.GNU-stack, "", @progbits
