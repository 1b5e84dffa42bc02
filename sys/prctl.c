/* SPDX-License-Identifier: MIT */
/*
 * prctl: small things a process asks to be remembered about itself. Each option answers
 * as Linux does where Lstar has nothing behind it but the memory. Manual: prctl(2).
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"
#include "lib/string.h"

#define CAP_SETPCAP 8
#define CAP_LAST 40
#define TIMER_SLACK_DEFAULT_NS 50000
#define TSC_ENABLED 1

#define CAP_AMBIENT_IS_SET 1
#define CAP_AMBIENT_LOWER 3
#define CAP_AMBIENT_CLEAR_ALL 4

static long put_int(uaddr_t to, s32 value)
{
	return copyout(to, &value, sizeof value);
}

static long name_set(struct proc *p, uaddr_t from)
{
	char name[PROC_NAME_MAX] = { 0 };
	u64 len;
	/* A longer name is cut: what was copied before the end of the buffer counts. */
	err_t e = copyinstr(name, from, sizeof name - 1, &len);

	if (e && e != -ENAMETOOLONG)
		return e;
	name[sizeof name - 1] = 0;
	spin_guard(&p->lock);
	memset(p->name, 0, sizeof p->name);
	strlcpy(p->name, name, sizeof p->name);
	return 0;
}

static long name_get(struct proc *p, uaddr_t to)
{
	char name[PROC_NAME_MAX];
	{
		spin_guard(&p->lock);
		memcpy(name, p->name, sizeof name);
	}
	return copyout(to, name, sizeof name);
}

/* Options 0 and 1 of a switch. */
static long flag_set(bool *flag, u64 value)
{
	if (value > 1)
		return -EINVAL;
	*flag = value;
	return 0;
}

static long pdeath_signal_set(struct proc_attr *a, u64 signo)
{
	if (signo > NSIG)
		return -EINVAL;
	a->pdeath_signal = (u32)signo;
	return 0;
}

static long dumpable_set(struct proc_attr *a, u64 value)
{
	if (value > 1)
		return -EINVAL;
	a->dumpable = (u8)value;
	return 0;
}

static long bounding_get(const struct proc_attr *a, u64 cap)
{
	return cap > CAP_LAST ? -EINVAL : (long)(a->cap_bounding >> cap & 1);
}

static long bounding_drop(struct proc_attr *a, u64 cap)
{
	if (!(a->cap_effective >> CAP_SETPCAP & 1))
		return -EPERM;
	if (cap > CAP_LAST)
		return -EINVAL;
	a->cap_bounding &= ~(1ull << cap);
	return 0;
}

static long no_new_privs_set(struct proc_attr *a, u64 value, bool rest_zero)
{
	if (value != 1 || !rest_zero)
		return -EINVAL;
	a->no_new_privs = true;
	return 0;
}

/* The ambient set is empty and stays so: raising needs an inheritable capability. */
static long ambient(u64 op, u64 cap)
{
	if (op == CAP_AMBIENT_CLEAR_ALL)
		return cap ? -EINVAL : 0;
	if (cap > CAP_LAST)
		return -EINVAL;
	if (op == CAP_AMBIENT_IS_SET || op == CAP_AMBIENT_LOWER)
		return 0;
	return op == 2 ? -EPERM : -EINVAL;
}

static long timer_slack_set(struct proc_attr *a, u64 ns)
{
	a->timer_slack_ns = ns ? ns : TIMER_SLACK_DEFAULT_NS;
	return 0;
}

long sys_prctl(int option, u64 arg2, u64 arg3, u64 arg4, u64 arg5)
{
	struct proc *p = current_proc();
	struct proc_attr *a = &p->attr;
	bool rest_zero = !arg3 && !arg4 && !arg5;

	switch (option) {
	case LINUX_PR_SET_NAME:
		return name_set(p, arg2);
	case LINUX_PR_GET_NAME:
		return name_get(p, arg2);
	case LINUX_PR_SET_PDEATHSIG:
		return pdeath_signal_set(a, arg2);
	case LINUX_PR_GET_PDEATHSIG:
		return put_int(arg2, (s32)a->pdeath_signal);
	case LINUX_PR_GET_DUMPABLE:
		return a->dumpable;
	case LINUX_PR_SET_DUMPABLE:
		return dumpable_set(a, arg2);
	case LINUX_PR_GET_KEEPCAPS:
		return a->keep_caps;
	case LINUX_PR_SET_KEEPCAPS:
		return flag_set(&a->keep_caps, arg2);
	case LINUX_PR_CAPBSET_READ:
		return bounding_get(a, arg2);
	case LINUX_PR_CAPBSET_DROP:
		return bounding_drop(a, arg2);
	case LINUX_PR_CAP_AMBIENT:
		return arg4 || arg5 ? -EINVAL : ambient(arg2, arg3);
	case LINUX_PR_GET_SECUREBITS:
	case LINUX_PR_GET_SECCOMP:
	case LINUX_PR_GET_TIMING:
		return 0;
	case LINUX_PR_SET_TIMING:
		return arg2 ? -EINVAL : 0;
	case LINUX_PR_SET_SECUREBITS:
		return arg2 ? -EPERM : 0;
	case LINUX_PR_GET_TSC:
		return put_int(arg2, TSC_ENABLED);
	case LINUX_PR_SET_TSC:
		return arg2 == TSC_ENABLED ? 0 : -EINVAL;
	case LINUX_PR_SET_TIMERSLACK:
		return timer_slack_set(a, arg2);
	case LINUX_PR_GET_TIMERSLACK:
		return (long)a->timer_slack_ns;
	case LINUX_PR_SET_CHILD_SUBREAPER:
		a->child_subreaper = arg2 != 0;
		return 0;
	case LINUX_PR_GET_CHILD_SUBREAPER:
		return put_int(arg2, a->child_subreaper);
	case LINUX_PR_SET_NO_NEW_PRIVS:
		return no_new_privs_set(a, arg2, rest_zero);
	case LINUX_PR_GET_NO_NEW_PRIVS:
		return arg2 || !rest_zero ? -EINVAL : a->no_new_privs;
	case LINUX_PR_GET_TID_ADDRESS:
		return copyout(arg2, &current_thread()->clear_child_tid, sizeof(u64));
	case LINUX_PR_SET_THP_DISABLE:
		return rest_zero ? flag_set(&a->thp_disable, arg2 != 0) : -EINVAL;
	case LINUX_PR_GET_THP_DISABLE:
		return arg2 || !rest_zero ? -EINVAL : a->thp_disable;
	default:
		return -EINVAL;
	}
}

/* Pointers to pointers are narrower; all else is the same. */
long sys_prctl32(int option, u64 arg2, u64 arg3, u64 arg4, u64 arg5)
{
	u32 tid_address = (u32)current_thread()->clear_child_tid;

	if (option == LINUX_PR_GET_TID_ADDRESS)
		return copyout(arg2, &tid_address, sizeof tid_address);
	return sys_prctl(option, arg2, arg3, arg4, arg5);
}
