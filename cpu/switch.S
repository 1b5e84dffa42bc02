/* SPDX-License-Identifier: MIT */
/*
 * The kernel side of a context switch: the registers C preserves go under the old stack
 * pointer, the new ones come from under the new. Interrupts are off; flags need no saving.
 */
#include "gen/frame_offsets.h"

	.text
/* void context_switch(struct context *from, struct context *to) */
	.globl	context_switch
	.type	context_switch, @function
	.balign	16
context_switch:
	.cfi_startproc
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	mov	%rsp, CTX_RSP(%rdi)
	mov	CTX_RSP(%rsi), %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	ret
	.cfi_endproc
	.size	context_switch, . - context_switch

/* Where a new context begins: context_init left fn in rbx and arg in r12. */
	.globl	context_begin
	.type	context_begin, @function
	.balign	16
context_begin:
	.cfi_startproc
	.cfi_undefined rip
	xor	%ebp, %ebp		/* ends frame-pointer walks */
	mov	%r12, %rdi
	call	*%rbx
	ud2				/* fn does not return */
	.cfi_endproc
	.size	context_begin, . - context_begin

/*
 * NORETURN void frame_return_to_user(struct trapframe *tf): a new thread's way into its
 * first user instruction. Interrupts are off.
 */
	.globl	frame_return_to_user
	.type	frame_return_to_user, @function
	.balign	16
frame_return_to_user:
	.cfi_startproc
	mov	%rdi, %rsp
	jmp	exit_iret
	.cfi_endproc
	.size	frame_return_to_user, . - frame_return_to_user

	.section .note.GNU-stack, "", @progbits
