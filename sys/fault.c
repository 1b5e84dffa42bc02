/* SPDX-License-Identifier: MIT */
/*
 * What user code did to deserve an exception, and the work on the way back to it.
 *
 * cpu/trap.c has decided by the saved CS that the fault is the user's. A page fault is put
 * right if the address space can; everything else becomes the signal Linux sends, with a
 * sentence that the launcher shows when the program dies of it.
 */
#include "cpu/cpu.h"
#include "cpu/irq.h"
#include "cpu/upcalls.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "kernel/mm/aspace.h"
#include "kernel/proc/proc.h"
#include "kernel/proc/signal.h"
#include "lib/printf.h"
#include "lib/string.h"
#include "sys/dispatch.h"
#include "sys/rseq.h"
#include "sys/farret.h"

#define FAULT_TEXT_MAX 160

enum vector {
	VEC_DE = 0,
	VEC_DB = 1,
	VEC_BP = 3,
	VEC_OF = 4,
	VEC_BR = 5,
	VEC_UD = 6,
	VEC_NM = 7,
	VEC_CSO = 9,
	VEC_TS = 10,
	VEC_NP = 11,
	VEC_SS = 12,
	VEC_GP = 13,
	VEC_PF = 14,
	VEC_MF = 16,
	VEC_AC = 17,
	VEC_XM = 19,
	VEC_EXCEPTIONS = 32,
};

/* SDM vol. 3, 4.7 */
enum pf_error {
	PF_PRESENT = 1 << 0,
	PF_WRITE = 1 << 1,
	PF_USER = 1 << 2,
	PF_RESERVED = 1 << 3,
	PF_FETCH = 1 << 4,
};

struct fault_kind {
	const char *text;
	int signo, code;  /* code: si_code */
	bool tells_rip;	  /* si_addr is the faulting instruction, else 0 */
	bool shows_error; /* the CPU's error code says something when it is not 0 */
};

/* As Linux's arch/x86/kernel/traps.c; what has no row cannot come from user code. */
static const struct fault_kind fault_kinds[VEC_EXCEPTIONS] = {
	[VEC_DE] = { "division by zero or overflow", SIGFPE, LINUX_FPE_INTDIV, true, false },
	[VEC_DB] = { "debug exception", SIGTRAP, LINUX_TRAP_TRACE, true, false },
	[VEC_BP] = { "breakpoint", SIGTRAP, LINUX_SI_KERNEL, false, false },
	[VEC_OF] = { "overflow trap", SIGSEGV, LINUX_SI_KERNEL, false, false },
	[VEC_BR] = { "bound range exceeded", SIGSEGV, LINUX_SI_KERNEL, false, false },
	[VEC_UD] = { "invalid opcode", SIGILL, LINUX_ILL_ILLOPN, true, false },
	[VEC_NM] = { "no coprocessor", SIGSEGV, LINUX_SI_KERNEL, false, false },
	[VEC_CSO] = { "coprocessor segment overrun", SIGFPE, LINUX_SI_KERNEL, false, false },
	[VEC_TS] = { "invalid task state segment", SIGSEGV, LINUX_SI_KERNEL, false, true },
	[VEC_NP] = { "segment not present", SIGBUS, LINUX_SI_KERNEL, false, true },
	[VEC_SS] = { "stack segment fault", SIGBUS, LINUX_SI_KERNEL, false, true },
	[VEC_GP] = { "general protection fault", SIGSEGV, LINUX_SI_KERNEL, false, true },
	[VEC_MF] = { "x87 floating-point exception", SIGFPE, LINUX_SI_KERNEL, true, false },
	[VEC_AC] = { "unaligned memory access", SIGBUS, LINUX_BUS_ADRALN, false, false },
	[VEC_XM] = { "SIMD floating-point exception", SIGFPE, LINUX_SI_KERNEL, true, false },
};

static const struct fault_kind *fault_kind_of(u32 vector)
{
	static const struct fault_kind unknown = { "unexpected CPU exception", SIGSEGV,
						   LINUX_SI_KERNEL, false, true };

	if (vector >= VEC_EXCEPTIONS || !fault_kinds[vector].text)
		return &unknown;
	return &fault_kinds[vector];
}

/* Offsets in the FXSAVE area, and bits common to x87 status and MXCSR (SDM vol. 1, 10.5.1). */
enum { FX_FCW = 0, FX_FSW = 2, FX_MXCSR = 24, MXCSR_MASK_SHIFT = 7 };
enum {
	FP_INVALID = 1,
	FP_DENORMAL = 2,
	FP_ZERO = 4,
	FP_OVER = 8,
	FP_UNDER = 16,
	FP_PRECISION = 32
};

/* Which of the unmasked floating-point exceptions it was, in Linux's order. */
static int float_code(u32 vector)
{
	struct user_state *us = &current_thread()->user;
	const u8 *fx = us->fpu;
	u16 fcw, fsw;
	u32 mxcsr, raised;

	user_state_save(us);
	memcpy(&fcw, fx + FX_FCW, sizeof fcw);
	memcpy(&fsw, fx + FX_FSW, sizeof fsw);
	memcpy(&mxcsr, fx + FX_MXCSR, sizeof mxcsr);
	raised = vector == VEC_MF ? fsw & ~(u32)fcw : mxcsr & ~(mxcsr >> MXCSR_MASK_SHIFT);
	if (raised & FP_INVALID)
		return LINUX_FPE_FLTINV;
	if (raised & FP_ZERO)
		return LINUX_FPE_FLTDIV;
	if (raised & FP_OVER)
		return LINUX_FPE_FLTOVF;
	if (raised & (FP_UNDER | FP_DENORMAL))
		return LINUX_FPE_FLTUND;
	return raised & FP_PRECISION ? LINUX_FPE_FLTRES : LINUX_SI_KERNEL;
}

static void other_fault(const struct trapframe *tf, u32 vector, u64 error)
{
	const struct fault_kind *kind = fault_kind_of(vector);
	int code = vector == VEC_MF || vector == VEC_XM ? float_code(vector) : kind->code;
	char text[FAULT_TEXT_MAX];

	if (kind->shows_error && error)
		ksnprintf(text, sizeof text, "%s (error code 0x%llx) at 0x%llx", kind->text,
			  (unsigned long long)error, (unsigned long long)tf->rip);
	else
		ksnprintf(text, sizeof text, "%s at 0x%llx", kind->text,
			  (unsigned long long)tf->rip);
	signal_fault(kind->signo, code, kind->tells_rip ? tf->rip : 0, text);
}

static const char *access_name(u64 error)
{
	if (error & PF_FETCH)
		return "execution of";
	return error & PF_WRITE ? "write to" : "read of";
}

/* Why the address space could not help, and what the program gets for it. */
static struct fault_kind page_fault_kind(err_t e)
{
	switch (e) {
	case -EFAULT:
		return (struct fault_kind){ "no mapping", SIGSEGV, LINUX_SEGV_MAPERR, false,
					    false };
	case -EACCES:
		return (struct fault_kind){ "not allowed by the mapping", SIGSEGV,
					    LINUX_SEGV_ACCERR, false, false };
	case -ENXIO:
		return (struct fault_kind){ "past the end of the mapped file", SIGBUS,
					    LINUX_BUS_ADRERR, false, false };
	case -ENOMEM: /* Linux's out-of-memory killer, with the culprit known */
		return (struct fault_kind){ "out of memory", SIGKILL, LINUX_SI_KERNEL, false,
					    false };
	default:
		return (struct fault_kind){ "the mapped file cannot be read", SIGBUS,
					    LINUX_BUS_ADRERR, false, false };
	}
}

static void page_fault_fatal(const struct trapframe *tf, u64 error, u64 cr2, struct fault_kind kind)
{
	char text[FAULT_TEXT_MAX];

	ksnprintf(text, sizeof text, "page fault: %s 0x%llx at 0x%llx (%s)", access_name(error),
		  (unsigned long long)cr2, (unsigned long long)tf->rip, kind.text);
	signal_fault(kind.signo, kind.code, cr2, text);
}

/*
 * A page that is there, refused to ring 3 as if it were ring 0: QEMU before 9.1 does that
 * to a far return under SMAP (docs/hazards/pf-user-bit.md). Retrying would loop for ever.
 */
static bool may_be_far_return(u64 error, u64 cr2)
{
	return (error & (PF_PRESENT | PF_USER)) == PF_PRESENT && cr2 < USER_TOP;
}

static void page_fault(struct trapframe *tf, u64 error, u64 cr2)
{
	static const struct fault_kind far_return = { "a far return to where it may not go",
						      SIGSEGV, LINUX_SI_KERNEL, false, false };
	u32 access = (error & PF_WRITE ? FAULT_WRITE : 0) | (error & PF_FETCH ? FAULT_EXEC : 0);
	err_t e;

	if (error & PF_RESERVED)
		cpu_panic(tf, "reserved bit set in a page table");
	if (may_be_far_return(error, cr2)) {
		if (!far_return_emulate(tf))
			page_fault_fatal(tf, error, cr2, far_return);
		return;
	}
	e = aspace_fault(current_proc()->aspace, cr2, access);
	if (e)
		page_fault_fatal(tf, error, cr2, page_fault_kind(e));
}

void user_fault(struct trapframe *tf, u32 vector, u64 error, u64 cr2)
{
	if (vector == VEC_PF)
		page_fault(tf, error, cr2);
	else
		other_fault(tf, vector, error);
}

err_t user_page_fault(uaddr_t addr, u32 access)
{
	struct proc *p = current_proc();

	if (!p || !p->aspace)
		return -EFAULT;
	return aspace_fault(p->aspace, addr, access & UACCESS_WRITE ? FAULT_WRITE : 0);
}

/* A call that a signal without handler interrupted starts again, unseen by the program. */
static void call_restart(struct trapframe *tf)
{
	if (!frame_is_syscall(tf) || (s64)tf->rax != -EINTR)
		return;
	tf->rax = tf->orig_rax;
	tf->rip -= SYSCALL_INSN_BYTES;
}

void user_return_work(struct trapframe *tf)
{
	while (this_cpu()->work) {
		u32 work = current_thread()->work;
		irq_enable();
		if (work & WORK_SIGNAL) {
			signal_deliver();
			call_restart(tf);
		}
		thread_clear_work(work & (WORK_RESCHED | WORK_FRAME | WORK_RSEQ));
		if (work & WORK_RESCHED)
			sched_yield();
		if (work & WORK_RSEQ)
			rseq_resume(tf);
		irq_disable();
	}
}
