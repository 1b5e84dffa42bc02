/* SPDX-License-Identifier: MIT */
/*
 * The i386 forms of calls on signals: narrow structs, and the ones from before there were
 * more than 32 signals. What they do is sys/signal.c's and kernel/proc/signal.c's.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"
#include "kernel/proc/signal.h"
#include "sys/signal_impl.h"

long sys_rt_sigaction32(int sig, uin_sigaction32 act, uout_sigaction32 old, u64 masksize)
{
	struct l32_sigaction in, out;
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
	out = (struct l32_sigaction){ (u32)before.handler, (u32)before.flags, (u32)before.restorer,
				      before.mask };
	return put_user(old, &out);
}

long sys_sigaction(int sig, uin_old_sigaction act, uout_old_sigaction old)
{
	struct l32_old_sigaction in, out;
	struct sigaction_k new, before;
	err_t e = act.a ? get_user(&in, act) : 0;

	if (e)
		return e;
	if (act.a)
		new = (struct sigaction_k){ in.sa_handler, in.sa_flags & SA_KNOWN, in.sa_restorer,
					    in.sa_mask };
	e = signal_action(current_proc(), sig, act.a ? &new : NULL, &before);
	if (e || !old.a)
		return e;
	out = (struct l32_old_sigaction){ (u32)before.handler, (u32)before.mask, (u32)before.flags,
					  (u32)before.restorer };
	return put_user(old, &out);
}

/* System V's: one shot, and not blocked meanwhile. */
long sys_signal(int sig, uaddr_t handler)
{
	struct sigaction_k before, new = {
		.handler = handler,
		.flags = LINUX_SA_RESETHAND | LINUX_SA_NODEFER,
	};
	err_t e = signal_action(current_proc(), sig, &new, &before);

	return e ? e : (long)(u32)before.handler;
}

long sys_sigprocmask(int how, uin_uint set, uout_uint old)
{
	u64 before = current_thread()->sigmask, mask;
	u32 change, low = (u32)before;
	err_t e;

	if (set.a) {
		e = get_user(&change, set);
		if (!e)
			e = mask_combine(how, before, change, &mask);
		if (e)
			return e;
		/* Signals above 32 stay as they are. */
		signal_set_mask((before & ~(u64)UINT32_MAX) | (u32)mask);
	}
	return old.a ? put_user(old, &low) : 0;
}

long sys_sigpending(uout_uint set)
{
	const struct thread *t = current_thread();
	u32 pending = (u32)(__atomic_load_n(&t->sigpending, __ATOMIC_RELAXED) & t->sigmask);

	return put_user(set, &pending);
}

long sys_sigaltstack32(uin_stack32 want, uout_stack32 old)
{
	struct thread *t = current_thread();
	struct l64_stack before = alt_stack_get(t);
	struct l32_stack in, out = { (u32)before.ss_sp, before.ss_flags, (u32)before.ss_size };
	err_t e = want.a ? get_user(&in, want) : 0;

	if (want.a && !e)
		e = alt_stack_set(t, &(struct l64_stack){ .ss_sp = in.ss_sp,
							  .ss_flags = in.ss_flags,
							  .ss_size = in.ss_size });
	return e || !old.a ? e : put_user(old, &out);
}
