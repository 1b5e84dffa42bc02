/* SPDX-License-Identifier: MIT */
/*
 * Calls of group @signal. Dispositions, masks and default actions are complete; a user
 * handler is remembered but not run yet (kernel/proc/signal.c). Manual: signal(7).
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"
#include "kernel/proc/signal.h"
#include "sys/signal_impl.h"

#define ALT_STACK_MIN 2048 /* MINSIGSTKSZ */

long sys_rt_sigaction(int sig, uin_sigaction act, uout_sigaction old, u64 masksize)
{
	struct l64_sigaction in, out;
	struct sigaction_k new, before;
	err_t e = 0;

	if (masksize != SIGSET_BYTES)
		return -EINVAL;
	if (act.a)
		e = get_user(&in, act);
	if (e)
		return e;
	if (act.a)
		new = (struct sigaction_k){ in.sa_handler, in.sa_flags & SA_KNOWN, in.sa_restorer,
					    in.sa_mask };
	e = signal_action(current_proc(), sig, act.a ? &new : NULL, &before);
	if (e || !old.a)
		return e;
	out = (struct l64_sigaction){ before.handler, before.flags, before.restorer, before.mask };
	return put_user(old, &out);
}

err_t mask_combine(int how, u64 mask, u64 set, u64 *out)
{
	switch (how) {
	case LINUX_SIG_BLOCK:
		*out = mask | set;
		return 0;
	case LINUX_SIG_UNBLOCK:
		*out = mask & ~set;
		return 0;
	case LINUX_SIG_SETMASK:
		*out = set;
		return 0;
	default:
		return -EINVAL;
	}
}

long sys_rt_sigprocmask(int how, uin_sigset set, uout_sigset old, u64 masksize)
{
	u64 before = current_thread()->sigmask, change, mask;
	err_t e;

	if (masksize != SIGSET_BYTES)
		return -EINVAL;
	if (set.a) {
		e = get_user(&change, set);
		if (!e)
			e = mask_combine(how, before, change, &mask);
		if (e)
			return e;
		signal_set_mask(mask);
	}
	return old.a ? put_user(old, &before) : 0;
}

long sys_rt_sigpending(uout_sigset set, u64 masksize)
{
	const struct thread *t = current_thread();
	u64 pending = __atomic_load_n(&t->sigpending, __ATOMIC_RELAXED) & t->sigmask;

	if (masksize > SIGSET_BYTES)
		return -EINVAL;
	return copyout(set.a, &pending, masksize);
}

err_t alt_stack_set(struct thread *t, const struct l64_stack *want)
{
	u32 mode = (u32)want->ss_flags & ~(u32)LINUX_SS_AUTODISARM;

	if (mode != LINUX_SS_DISABLE && mode != LINUX_SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (mode != LINUX_SS_DISABLE && want->ss_size < ALT_STACK_MIN)
		return -ENOMEM;
	t->sigaltstack_sp = mode == LINUX_SS_DISABLE ? 0 : want->ss_sp;
	t->sigaltstack_size = mode == LINUX_SS_DISABLE ? 0 : want->ss_size;
	t->sigaltstack_flags = (u32)want->ss_flags;
	return 0;
}

struct l64_stack alt_stack_get(const struct thread *t)
{
	return (struct l64_stack){
		.ss_sp = t->sigaltstack_sp,
		.ss_size = t->sigaltstack_size,
		.ss_flags = (s32)((t->sigaltstack_size ? 0 : LINUX_SS_DISABLE) |
				  (t->sigaltstack_flags & LINUX_SS_AUTODISARM)),
	};
}

long sys_sigaltstack(uin_stack want, uout_stack old)
{
	struct thread *t = current_thread();
	struct l64_stack in, out = alt_stack_get(t);
	err_t e = 0;

	if (want.a)
		e = get_user(&in, want);
	if (want.a && !e)
		e = alt_stack_set(t, &in);
	return e || !old.a ? e : put_user(old, &out);
}

/* The process that pid of kill() means, if it is the only one there is. */
static struct proc *kill_target(int pid)
{
	struct proc *self = current_proc();

	if (pid > 0)
		return proc_find((u32)pid);
	if (pid == 0)
		return self;
	if (pid == -1) /* everybody but the caller */
		return NULL;
	return -(s64)pid == (s64)self->attr.pgid ? self : NULL;
}

/* Signal 0 asks only whether the process is there. */
static long send(struct proc *p, int sig, int code)
{
	if (!p)
		return -ESRCH;
	if (sig < 0 || sig > NSIG)
		return -EINVAL;
	return sig ? signal_send(p, sig, code) : 0;
}

long sys_kill(int pid, int sig)
{
	return send(kill_target(pid), sig, LINUX_SI_USER);
}

static struct proc *thread_target(int tid)
{
	return (u32)tid == current_thread()->tid ? current_proc() : NULL;
}

long sys_tkill(int tid, int sig)
{
	return tid <= 0 ? -EINVAL : send(thread_target(tid), sig, LINUX_SI_TKILL);
}

long sys_tgkill(int tgid, int tid, int sig)
{
	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	if ((u32)tgid != current_proc()->pid)
		return -ESRCH;
	return send(thread_target(tid), sig, LINUX_SI_TKILL);
}
