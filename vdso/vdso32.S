/* SPDX-License-Identifier: MIT */
/*
 * The 32-bit vDSO: how an i386 program makes a call on this CPU. C libraries call
 * __kernel_vsyscall (AT_SYSINFO) with INT 0x80's registers. kernel/proc/vdso.c puts one of
 * the sequences at the end of this file over the no-ops, or none.
 *
 * The two fast instructions destroy registers, so three are kept on the stack; ebp ends up
 * on top, where both doors expect argument 6. SYSENTER comes back at the landing, in front of
 * which there must be an INT 0x80: a call that starts again goes two bytes back, with the
 * registers of that door. SYSCALL comes back behind itself.
 */
	.text
	.globl	__kernel_vsyscall
	.type	__kernel_vsyscall, @function
	.balign	16
__kernel_vsyscall:
	.cfi_startproc
	push	%ecx
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ecx, 0
	push	%edx
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset edx, 0
	push	%ebp
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebp, 0
	.globl	vdso32_sequence
	.hidden	vdso32_sequence
vdso32_sequence:
	nop; nop; nop; nop; nop; nop
	int	$0x80
	.globl	vdso32_landing
	.hidden	vdso32_landing
vdso32_landing:
	pop	%ebp
	.cfi_restore ebp
	.cfi_adjust_cfa_offset -4
	pop	%edx
	.cfi_restore edx
	.cfi_adjust_cfa_offset -4
	pop	%ecx
	.cfi_restore ecx
	.cfi_adjust_cfa_offset -4
	ret
	.cfi_endproc
	.size	__kernel_vsyscall, . - __kernel_vsyscall

/* Where signal handlers return to that brought no restorer of their own. */
	.globl	__kernel_sigreturn
	.type	__kernel_sigreturn, @function
	.balign	16
__kernel_sigreturn:
	pop	%eax
	mov	$119, %eax
	int	$0x80
	.size	__kernel_sigreturn, . - __kernel_sigreturn

	.globl	__kernel_rt_sigreturn
	.type	__kernel_rt_sigreturn, @function
	.balign	16
__kernel_rt_sigreturn:
	mov	$173, %eax
	int	$0x80
	.size	__kernel_rt_sigreturn, . - __kernel_rt_sigreturn

	.globl	vdso32_by_sysenter, vdso32_by_syscall
	.hidden	vdso32_by_sysenter, vdso32_by_syscall
	.balign	16
vdso32_by_sysenter:
	mov	%esp, %ebp
	sysenter
	nop; nop
	.balign	16
vdso32_by_syscall:
	mov	%ecx, %ebp
	syscall
	.byte	0xeb, 2		/* jmp vdso32_landing, over the INT */

	.section .note.GNU-stack, "", @progbits
