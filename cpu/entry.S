/* SPDX-License-Identifier: MIT */
/*
 * The doors of the CPU. Assembly saves and restores, C decides.
 *
 * Every entry from user mode: GS base becomes the per-CPU block (swapgs), rsp the thread's
 * kernel stack, and one full struct trapframe is pushed from its top downwards. Then all
 * registers the user set are cleared (no user value for a speculating gadget to use), rdi
 * points to the frame and C runs. C answers which exit to take.
 *
 * Interrupts are off from the door to the call into C and from the exit label to the last
 * instruction. What can still come in between (NMI, #DB, #MC, #DF) runs on stacks of its
 * own and takes GS from there, never from CS: see trap_paranoid.
 *
 * Vol. and section numbers: Intel SDM. Offsets: gen/frame_offsets.h, from cpu/frame.h.
 */
#include "base/errno.h"
#include "base/guards.h"
#include "cpu/desc.h"
#include "cpu/msr.h"
#include "gen/frame_offsets.h"

/* A place that becomes CLAC or STAC (three bytes each) on CPUs that have SMAP: cpu/patch.c. */
.macro smap_site op
771:	.byte 0x0f, 0x1f, 0x00		/* nopl (%rax) */
	.pushsection lstar_smap_sites, "a"
	.balign 8
	.quad 771b
	.quad \op
	.popsection
.endm
#define CLAC smap_site 0xca
#define STAC smap_site 0xcb

/* rdi .. r15, downwards from the vector slot; the last push leaves rsp at the frame. A system
 * call starts with its result set to -ENOSYS: whoever has no answer gives the right one. */
.macro push_gprs rax=%rax
	push	%rdi
	push	%rsi
	push	%rdx
	push	%rcx
	push	\rax
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
.endm

.macro pop_gprs
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rax
	pop	%rcx
	pop	%rdx
	pop	%rsi
	pop	%rdi
.endm

/* rdi is about to be loaded with the frame's address; rax is C's to clobber. */
.macro clear_gprs
	xor	%esi, %esi
	xor	%edx, %edx
	xor	%ecx, %ecx
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	xor	%r10d, %r10d
	xor	%r11d, %r11d
	xor	%ebx, %ebx
	xor	%ebp, %ebp
	xor	%r12d, %r12d
	xor	%r13d, %r13d
	xor	%r14d, %r14d
	xor	%r15d, %r15d
.endm

.macro function name
	.globl	\name
	.type	\name, @function
	.balign	16
\name:
	.cfi_startproc simple
	.cfi_def_cfa rsp, 0
	.cfi_undefined rip
.endm

.macro function_end name
	.cfi_endproc
	.size	\name, . - \name
.endm

	.text

/*
 * SYSCALL from 64-bit code (LSTAR).
 * In:  rcx = user rip, r11 = user rflags, rflags &= ~SFMASK, cs/ss = kernel; rsp and GS base
 *      are still the user's and nothing was stored anywhere (vol. 2, SYSCALL).
 * rax = number; rdi rsi rdx r10 r8 r9 = arguments.
 */
function gate_syscall64
	swapgs				/* the user's GS base goes to KERNEL_GS_BASE */
	mov	%rsp, %gs:PC_USER_RSP	/* for the next two instructions only: see the push below */
	mov	%gs:PC_KSTACK_TOP, %rsp
	push	$USER_SS		/* ss: SYSRET will load the same */
	push	%gs:PC_USER_RSP		/* rsp: from here on the slot means nothing; we may sleep */
	push	%r11			/* rflags */
	push	$USER_CS64		/* cs */
	push	%rcx			/* rip */
	push	%rax			/* orig_rax: the number, kept for restart and tracing */
	push	$VECTOR_SYSCALL64
	push_gprs rax=$-ENOSYS
	mov	%rsp, %rdi
	clear_gprs
	call	syscall_dispatch	/* hops 4 to 6; the result comes in rax */
	mov	%rax, TF_RAX(%rsp)
	cli
	cmpl	$0, %gs:PC_WORK		/* signals, rescheduling, tracing, or somebody edited the frame */
	jne	syscall_slow_exit
	testl	$RFLAGS_TF_RF, TF_R11(%rsp) /* SYSRET and IRET differ about these */
	jnz	syscall_slow_exit
	/* An untouched frame of this gate: rcx = rip, r11 = rflags, flat user selectors, and a rip
	 * that the CPU itself saved, canonical because the last page is never mapped. */

/*
 * Back by SYSRET. Interrupts are off, so nobody uses this stack once rsp is the user's.
 */
exit_sysret:
	pop_gprs
.if GUARD_R11_RESTORED == 0
	mov	$0x202, %r11d
.endif
.if GUARD_R10_RESTORED == 0
	xor	%r10d, %r10d
.endif
	mov	TF_RSP - TF_VECTOR(%rsp), %rsp
	swapgs
	sysretq

/* The other doors' common part, and the way out with something to do: C chooses. */
syscall_common:
	mov	%rsp, %rdi
	clear_gprs
	call	syscall_enter		/* hops 3 to 7 */
	jmp	1f
syscall_slow_exit:
	mov	%rsp, %rdi
	call	syscall_leave		/* hop 7 */
1:	test	%eax, %eax		/* enum syscall_exit: 0 is EXIT_SYSRET */
	jz	exit_sysret
	/* fall through */

/*
 * Back by IRET: anything SYSRET would not restore exactly. rsp = the frame, interrupts off.
 * The one iretq that returns to user mode; a fault on it (a selector or address the CPU
 * refuses) arrives in ring 0 with the user's GS and is recognised by its address, in
 * trap_common, and charged to the user by trap_enter.
 */
	.globl	exit_iret
exit_iret:
	pop_gprs
	add	$16, %rsp		/* vector, orig_rax */
	swapgs
	.globl	iret_to_user
iret_to_user:
	iretq
function_end gate_syscall64

/*
 * SYSCALL from compatibility mode (CSTAR): AMD, and this emulator on every model. Same
 * hardware behaviour, 32-bit user code. Written on every CPU: an unset CSTAR runs address 0
 * in ring 0 (docs/hazards/cstar-unset.md).
 */
function gate_syscall32
	swapgs
	mov	%rsp, %gs:PC_USER_RSP
	mov	%gs:PC_KSTACK_TOP, %rsp
	push	$USER_SS
	push	%gs:PC_USER_RSP
	push	%r11
	push	$USER_CS32
	push	%rcx
	push	%rax
	push	$VECTOR_SYSCALL32
	push_gprs rax=$-ENOSYS
	jmp	syscall_common
function_end gate_syscall32

/*
 * SYSENTER. The CPU saves nothing: no rip, no rsp, and clears only IF and VM of rflags
 * (vol. 2, SYSENTER), so TF, NT, AC and DF must go here. By the convention of the 32-bit
 * vDSO page the user's esp comes in ebp and the return address is fixed; who has no such
 * page is sent to rip 0. sys/dispatch.c completes the frame.
 */
function gate_sysenter32
	swapgs
	mov	%gs:PC_KSTACK_TOP, %rsp
	push	$USER_SS
	push	%rbp
	pushfq
	push	$2			/* reserved bit: all else clear, also TF and NT */
	popfq
	orq	$0x200, (%rsp)		/* it was on: SYSENTER from ring 3 with IF clear needs IOPL */
	push	$USER_CS32
	push	$0
	push	%rax
	push	$VECTOR_SYSENTER
	push_gprs rax=$-ENOSYS
	jmp	syscall_common
function_end gate_sysenter32

/*
 * One stub and one row of the gate table per vector. Stubs only even out what the CPU
 * pushed: [error or 0], vector.
 */
.macro trap_stub number, error, dpl, ist, route
	.balign	16
772:
.if \error == 0
	push	$0
.endif
	push	$\number
	jmp	trap_\route
	.pushsection .rodata.trap_stubs, "a"
	.quad	772b
	.byte	\dpl, \ist, 0, 0, 0, 0, 0, 0
	.popsection
.endm

	.pushsection .rodata.trap_stubs, "a"
	.balign 16
	.globl	trap_stubs
	.type	trap_stubs, @object
trap_stubs:
	.popsection

#define VECTOR(number, mnemonic, error, dpl, ist, route) trap_stub number, error, dpl, ist, route
#define VECTOR_RANGE(first, last, mnemonic, route) .Lnr = first; \
	.rept last - first + 1; trap_stub %.Lnr, 0, 0, 0, route; .Lnr = .Lnr + 1; .endr
	.altmacro
	.type	trap_entry_stubs, @function
trap_entry_stubs:
#include "cpu/vectors.def"
	.size	trap_entry_stubs, . - trap_entry_stubs
	.noaltmacro
	.pushsection .rodata.trap_stubs, "a"
	.size	trap_stubs, . - trap_stubs
	.popsection

/*
 * Traps and interrupts on the thread's stack. From user mode the CPU took rsp0; from the
 * kernel it stayed on the stack it was on. CS tells which, and which GS base is loaded,
 * with one exception: a fault on iret_to_user comes from CS 0 with the user's GS.
 * The fences keep a mispredicted branch from running on with the wrong GS (CVE-2019-1125).
 */
function trap_common
.if GUARD_CLD
	cld				/* user DF reaches us through a gate; SFMASK is for SYSCALL only */
.endif
.if GUARD_CLAC
	CLAC				/* likewise AC, which would open the SMAP window */
.endif
	push_gprs
	testb	$3, TF_CS(%rsp)
	jz	1f
	swapgs
	jmp	2f
1:	lea	iret_to_user(%rip), %rax
	cmp	%rax, TF_RIP(%rsp)
	jne	2f
	swapgs
2:	lfence
trap_on_thread_stack:
	mov	%rsp, %rdi
	clear_gprs
	call	trap_enter		/* rax = the frame to leave by: ours, or the user's after a bad iret */
trap_leave:
	mov	%rax, %rsp
	testb	$3, TF_CS(%rsp)
	jnz	exit_iret
	pop_gprs
	add	$16, %rsp
	iretq
function_end trap_common

/*
 * INT 0x80: a gate like any other, a frame like SYSCALL's. Works from ring 0 too (CS says
 * so): no swapgs then, and back by the kernel's iretq.
 */
function trap_int80
	cld
	CLAC
	movq	$VECTOR_INT80, (%rsp)
	mov	%rax, 8(%rsp)		/* orig_rax in place of the error code */
	push_gprs rax=$-ENOSYS
	testb	$3, TF_CS(%rsp)
	jz	1f
	swapgs
1:	lfence
	mov	%rsp, %rdi
	clear_gprs
	call	int80_enter
	mov	%rsp, %rax
	jmp	trap_leave
function_end trap_int80

/*
 * NMI, #DB, #DF, #MC: may hit between a door and its swapgs, or after the last one, where
 * CS says kernel and GS says user. They run on IST stacks; the top word of each holds this
 * CPU's per-CPU address, so GS needs no guess: it is read, replaced and put back. (A test
 * of its sign, as other kernels do, is fooled by WRGSBASE from user mode.)
 *
 * From user mode, #DB and #MC may want to sleep or kill: they move to the thread's stack
 * and become ordinary traps. NMI and #DF stay here.
 */
function trap_paranoid
	cld
	CLAC
	push_gprs
	testb	$3, TF_CS(%rsp)
	jz	1f
	cmpl	$2, TF_VECTOR(%rsp)	/* NMI */
	je	1f
	cmpl	$8, TF_VECTOR(%rsp)	/* #DF */
	je	1f
	swapgs
	lfence
	mov	%rsp, %rsi
	mov	%gs:PC_KSTACK_TOP, %rdi
	sub	$TF_SIZE, %rdi
	mov	%rdi, %rax
	mov	$TF_SIZE / 8, %ecx
	rep movsq
	mov	%rax, %rsp
	jmp	trap_on_thread_stack

1:	mov	$MSR_GS_BASE, %ecx
	rdmsr
	mov	%eax, %ebx		/* C preserves rbx and r12: the interrupted GS base */
	mov	%edx, %r12d
	mov	TF_SIZE + 8(%rsp), %rax	/* the word desc_set_ist left at the top */
	mov	%rax, %rdx
	shr	$32, %rdx
.if GUARD_PARANOID_GS
	wrmsr
.endif
	lfence
	mov	%rsp, %rdi
	call	trap_paranoid_enter
	mov	$MSR_GS_BASE, %ecx
	mov	%ebx, %eax
	mov	%r12d, %edx
	wrmsr
	pop_gprs
	add	$16, %rsp
	iretq
function_end trap_paranoid

	.section .note.GNU-stack, "", @progbits
