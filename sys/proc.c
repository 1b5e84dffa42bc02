/* SPDX-License-Identifier: MIT */
/*
 * Calls of group @proc: who a process is, how it ends, what it tells the kernel about its
 * own memory. Manual: getpid(2), setpgid(2), arch_prctl(2), set_tid_address(2).
 */
#include "base/guards.h"
#include "cpu/switch.h"
#include "cpu/uaccess.h"
#include "cpu/features.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"

long sys_exit(int status)
{
	proc_exit((u32)status);
}

long sys_exit_group(int status)
{
	proc_exit((u32)status);
}

long sys_getpid(void)
{
	return current_thread()->pid;
}

long sys_gettid(void)
{
	return current_thread()->tid;
}

long sys_getppid(void)
{
	return current_proc()->ppid;
}

long sys_getpgrp(void)
{
	return current_proc()->attr.pgid;
}

/* pid 0 is the caller. */
static struct proc *proc_of(int pid)
{
	return pid == 0 ? current_proc() : proc_find((u32)pid);
}

long sys_getpgid(int pid)
{
	struct proc *p = proc_of(pid);
	return p ? (long)p->attr.pgid : -ESRCH;
}

long sys_getsid(int pid)
{
	struct proc *p = proc_of(pid);
	return p ? (long)p->attr.sid : -ESRCH;
}

long sys_setpgid(int pid, int pgid)
{
	struct proc *p = proc_of(pid);

	if ((pgid ? pgid : pid) < 0)
		return -EINVAL;
	if (p != current_proc()) /* there are no children */
		return -ESRCH;
	if (p->attr.sid == p->pid) /* a session leader stays where it is */
		return -EPERM;
	if (pgid != 0 && (u32)pgid != p->pid) /* there is no other group to join */
		return -EPERM;
	p->attr.pgid = p->pid;
	return 0;
}

long sys_setsid(void)
{
	struct proc *p = current_proc();

	if (p->attr.pgid == p->pid)
		return -EPERM;
	p->attr.pgid = p->attr.sid = p->pid;
	return p->pid;
}

long sys_set_tid_address(uaddr_t tidptr)
{
	current_thread()->clear_child_tid = tidptr;
	return current_thread()->tid;
}

long sys_set_robust_list(uaddr_t head, u64 length)
{
	struct thread *t = current_thread();

	if (length != sizeof(struct l64_robust_list_head))
		return -EINVAL;
	t->robust_list = head;
	t->robust_len = length;
	return 0;
}

long sys_set_robust_list32(uaddr_t head, u64 length)
{
	struct thread *t = current_thread();

	if (length != sizeof(struct l32_robust_list_head))
		return -EINVAL;
	t->robust_list = head;
	t->robust_len = length;
	return 0;
}

long sys_get_robust_list32(int pid, uout_uint head, uout_uint length)
{
	struct thread *t = current_thread();
	u32 size = sizeof(struct l32_robust_list_head), address = (u32)t->robust_list;
	err_t e;

	if (pid != 0 && (u32)pid != t->tid)
		return -ESRCH;
	e = put_user(length, &size);
	return e ? e : put_user(head, &address);
}

long sys_get_robust_list(int pid, uout_word head, uout_ulong length)
{
	struct thread *t = current_thread();
	u64 size = sizeof(struct l64_robust_list_head);
	err_t e;

	if (pid != 0 && (u32)pid != t->tid)
		return -ESRCH;
	e = put_user(length, &size);
	return e ? e : put_user(head, &t->robust_list);
}

/* A base beyond user space could make an exit fault, or reach kernel memory by %gs. */
static bool base_ok(u64 base)
{
	return !GUARD_BASE_CHECK || base < USER_TOP;
}

static long put_u64(uaddr_t to, u64 value)
{
	return copyout(to, &value, sizeof value);
}

long sys_arch_prctl(int op, u64 arg)
{
	switch (op) {
	case LINUX_ARCH_SET_FS:
		if (!base_ok(arg))
			return -EPERM;
		user_set_fs_base(arg);
		return 0;
	case LINUX_ARCH_SET_GS:
		if (!base_ok(arg))
			return -EPERM;
		user_set_gs_base(arg);
		return 0;
	case LINUX_ARCH_GET_FS:
		return put_u64(arg, user_fs_base());
	case LINUX_ARCH_GET_GS:
		return put_u64(arg, user_gs_base());
	case LINUX_ARCH_GET_CPUID:
		return 1; /* CPUID is never made to fault */
	case LINUX_ARCH_SET_CPUID:
		return -ENODEV;
	case LINUX_ARCH_GET_XCOMP_SUPP:
	case LINUX_ARCH_GET_XCOMP_PERM:
	case LINUX_ARCH_GET_XCOMP_GUEST_PERM:
		return put_u64(arg, cpu_features.xcr0);
	case LINUX_ARCH_REQ_XCOMP_PERM:
	case LINUX_ARCH_REQ_XCOMP_GUEST_PERM:
		return -EOPNOTSUPP; /* no component needs permission */
	default:
		return -EINVAL;
	}
}

/* The bases are set by segments (sys/tls.c); what is left is common. */
long sys_arch_prctl32(int op, u64 arg)
{
	switch (op) {
	case LINUX_ARCH_SET_FS:
	case LINUX_ARCH_SET_GS:
	case LINUX_ARCH_GET_FS:
	case LINUX_ARCH_GET_GS:
		return -EINVAL;
	default:
		return sys_arch_prctl(op, arg);
	}
}
