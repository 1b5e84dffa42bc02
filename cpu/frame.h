/* SPDX-License-Identifier: MIT */
/*
 * The one frame. Every way into the kernel (five system-call doors, traps, interrupts)
 * leaves this picture of the interrupted code on the kernel stack, and every way out is
 * made from it. For an entry from user mode it lies right below kstack_top, so fork, exec,
 * signals, ptrace and tracing find it without being told.
 *
 * Assembly takes its offsets from gen/frame_offsets.h, made from this struct (cpu/offsets.c).
 */
#ifndef CPU_FRAME_H
#define CPU_FRAME_H

#include "base/types.h"

struct trapframe {
	u64 r15, r14, r13, r12, rbp, rbx;
	u64 r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	u64 vector;   /* trap vector, or 256 + enum door */
	u64 orig_rax; /* system calls: the number; exceptions: the error code or 0 */
	/* what the CPU pushes on an exception, and IRETQ pops */
	u64 rip, cs, rflags, rsp, ss;
};

_Static_assert(sizeof(struct trapframe) == 22 * 8, "no padding, 16-byte multiple");
_Static_assert(sizeof(struct trapframe) % 16 == 0, "rsp is aligned at the call into C");

/* How a system call came in. Names and order are used by docs/hops.md and the tracer. */
enum door {
	DOOR_SYSCALL64, /* SYSCALL in 64-bit code: MSR LSTAR */
	DOOR_SYSCALL32, /* SYSCALL in compatibility mode: MSR CSTAR */
	DOOR_SYSENTER,	/* SYSENTER: MSR SYSENTER_EIP */
	DOOR_INT80,	/* INT 0x80 from any mode; cs tells which */
	DOOR_COUNT
};
#define VECTOR_DOOR(door) (256 + (door))

static inline bool frame_from_user(const struct trapframe *tf)
{
	return (tf->cs & 3) == 3;
}

#define RFLAGS_TF (1ull << 8)
#define RFLAGS_RF (1ull << 16)

/* Why the chooser left by IRET; percpu->exit_iret_count is indexed by it. */
enum iret_reason {
	IRET_NOT_NEEDED, /* SYSRET will do; counted when the slow way out was taken for nothing */
	IRET_RIP_CHANGED,
	IRET_FLAGS_CHANGED,
	IRET_SELECTORS,
	IRET_NONCANONICAL,
	IRET_TRAP_FLAGS,
	IRET_REASONS
};

/*
 * May this frame return by SYSRET? Pure; host-tested. SYSRET loads rip from rcx and rflags
 * from r11 and fixed selectors, faults in ring 0 on Intel when rcx is not canonical, and
 * handles RF and TF differently from IRET (SDM vol. 2, SYSRET; CVE-2012-0217).
 */
enum iret_reason frame_iret_reason(const struct trapframe *tf);

#endif
