/* SPDX-License-Identifier: MIT */
/*
 * Which table answers (docs/hops.md, hop 4), and where a call's arguments are. Called by the
 * gates with interrupts off; the generated thunks turn them on for calls that may sleep or
 * take long.
 *
 * The common case, an untraced Linux program's SYSCALL, is one flag of the CPU (kept by
 * dispatch_update, loaded on every switch of threads) and a direct call: a pointer in the
 * personality would cost an indirect branch, which is a retpoline where those are needed.
 *
 * The three doors of 32-bit code bring the same six arguments in different places; they are
 * collected here, once, into an array of zero-extended words, and the frame stays as the
 * user left it but for what hardware lost. So a call that starts again (sys/fault.c) finds
 * the registers it needs.
 */
#include "sys/dispatch.h"
#include "cpu/desc.h"
#include "cpu/irq.h"
#include "cpu/percpu.h"
#include "cpu/uaccess.h"
#include "cpu/upcalls.h"
#include "gen/errno.h"
#include "gen/sysproto.h"
#include "kernel/proc/personality.h"
#include "kernel/proc/proc.h"
#include "kernel/trace/strace.h"

/* ---- x86-64 ---- */

/* The tracer reads the arguments in user memory, before the call and after it. */
static long traced64(struct trapframe *tf)
{
	const u64 args[SYS_MAX_ARGS] = { tf->rdi, tf->rsi, tf->rdx, tf->r10, tf->r8, tf->r9 };
	u64 nr = tf->orig_rax;
	u32 tid = current_thread()->tid;
	long value;

	strace_enter(ABI_LINUX64, nr, args, tid);
	value = dispatch_linux64(tf);
	strace_exit(ABI_LINUX64, nr, args, tid, value);
	return value;
}

/* ---- i386 ---- */

static bool from_32bit_code(const struct trapframe *tf)
{
	return tf->cs != USER_CS64;
}

/*
 * 32-bit code has no upper halves: what the gate saved there is left over from 64-bit code
 * and must not come back into sight. By the two doors that destroy registers anyway r8 to
 * r15 are cleared too; INT 0x80 keeps them, as Linux.
 */
static void frame_narrow(struct trapframe *tf)
{
	u64 *const low[] = { &tf->rbx, &tf->rcx, &tf->rdx, &tf->rsi,	 &tf->rdi,
			     &tf->rbp, &tf->rsp, &tf->rip, &tf->orig_rax };

	for (u32 i = 0; i < ARRAY_SIZE(low); i++)
		*low[i] = (u32)*low[i];
	if (tf->vector != VECTOR_DOOR(DOOR_INT80))
		tf->r8 = tf->r9 = tf->r10 = tf->r11 = tf->r12 = tf->r13 = tf->r14 = tf->r15 = 0;
}

/*
 * The sixth argument of the two fast doors lies on the user's stack. A copy may sleep;
 * whoever comes next expects interrupts off again. *value is 0 when the stack is not there.
 */
static err_t stack_argument(const struct trapframe *tf, u64 *value)
{
	u32 word = 0;
	err_t e;

	irq_enable();
	e = copyin(&word, (u32)tf->rsp, sizeof word);
	irq_disable();
	*value = e ? 0 : word;
	return e;
}

/* SYSCALL destroyed ecx: argument 2 came in ebp, and ecx gets it back. */
static err_t syscall32_arguments(struct trapframe *tf)
{
	tf->rcx = tf->rbp;
	return 0;
}

/*
 * SYSENTER saved no return address: it is where the program's vDSO has its landing, behind
 * an INT 0x80 that a call which starts again will use; so ebp must hold argument 6. Without
 * a vDSO the address is 0, and the program ends there.
 */
static err_t sysenter_arguments(struct trapframe *tf)
{
	u64 word;
	err_t e = stack_argument(tf, &word);

	tf->rip = current_proc()->sysenter_return;
	tf->rbp = word;
	return e;
}

static err_t arguments32(struct trapframe *tf, u64 args[SYS_MAX_ARGS])
{
	u64 sixth = tf->rbp;
	err_t e = 0;

	if (tf->vector == VECTOR_DOOR(DOOR_SYSENTER)) {
		e = sysenter_arguments(tf);
		sixth = tf->rbp;
	} else if (tf->vector == VECTOR_DOOR(DOOR_SYSCALL32)) {
		e = syscall32_arguments(tf);
		if (!e)
			e = stack_argument(tf, &sixth);
	}
	args[0] = (u32)tf->rbx;
	args[1] = (u32)tf->rcx;
	args[2] = (u32)tf->rdx;
	args[3] = (u32)tf->rsi;
	args[4] = (u32)tf->rdi;
	args[5] = (u32)sixth;
	return e;
}

static long traced32(struct trapframe *tf, const u64 *args)
{
	u64 nr = (u32)tf->orig_rax;
	u32 tid = current_thread()->tid;
	long value;

	strace_enter(ABI_LINUX32, nr, args, tid);
	value = dispatch_linux32(tf, args);
	strace_exit(ABI_LINUX32, nr, args, tid, value);
	return value;
}

/* 64-bit code gets a value in all of rax (a negative one is -errno there as well). */
static long call32(const struct proc *p, struct trapframe *tf)
{
	bool narrow = from_32bit_code(tf);
	u64 args[SYS_MAX_ARGS];
	long value;

	if (narrow)
		frame_narrow(tf);
	value = arguments32(tf, args);
	if (!value)
		value = p->traced ? traced32(tf, args) : dispatch_linux32(tf, args);
	return narrow ? (long)(u32)value : value;
}

/* ---- the doors ---- */

/* Which ABI answers at this door, asked of the personality. */
long syscall_dispatch_door(struct trapframe *tf)
{
	struct proc *p = current_thread()->proc;

	/* The kernel's own test of INT 0x80 comes from ring 0, where there is no process. */
	if (!p || !frame_from_user(tf))
		return -ENOSYS;
	switch (p->personality->door_abi[tf->vector - VECTOR_DOOR(0)]) {
	case ABI_LINUX64:
		return p->traced ? traced64(tf) : dispatch_linux64(tf);
	case ABI_LINUX32:
		return call32(p, tf);
	default:
		return -ENOSYS;
	}
}

long syscall_dispatch(struct trapframe *tf)
{
	if (unlikely(percpu_syscall_slow()))
		return syscall_dispatch_door(tf);
	return dispatch_linux64(tf);
}

void dispatch_update(void)
{
	struct proc *p = current_proc();
	bool plain = !p->traced && p->personality->door_abi[DOOR_SYSCALL64] == ABI_LINUX64;

	thread_set_syscall_slow(!plain);
}
