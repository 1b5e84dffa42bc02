/* SPDX-License-Identifier: MIT */
/*
 * Signals: sending, masks, dispositions, default actions.
 *
 * Invariant: a thread has WORK_SIGNAL whenever a pending signal is not blocked, so it
 * cannot reach user mode or sleep interruptibly without taking it. A signal that would be
 * ignored is dropped when it is sent, unless it is blocked (POSIX 2.4.1: the disposition
 * may change before it is delivered).
 *
 * User handlers are not run yet. A caught signal takes its default action, and the text of
 * the exit says that a handler was there.
 */
#include "kernel/proc/signal.h"
#include "kernel/trace/strace.h"
#include "lib/printf.h"

#include "gen/errno.h"
#include "gen/flags.h"

#define STOP_SIGNALS (sigbit(SIGSTOP) | sigbit(SIGTSTP) | sigbit(SIGTTIN) | sigbit(SIGTTOU))

static enum sig_default default_action(int signo)
{
	return signal_default((unsigned)signo);
}

/* Under p->lock. */
static bool is_ignored(const struct proc *p, int signo)
{
	u64 handler = p->actions[signo].handler;

	if (handler == SIG_HANDLER_IGNORE)
		return !(sigbit(signo) & SIGSET_UNMASKABLE);
	return handler == SIG_HANDLER_DEFAULT && default_action(signo) == SIGDEF_IGN;
}

static void pending_clear(struct thread *t, u64 set)
{
	__atomic_fetch_and(&t->sigpending, ~set, __ATOMIC_ACQ_REL);
}

static u64 deliverable(const struct thread *t)
{
	return __atomic_load_n(&t->sigpending, __ATOMIC_ACQUIRE) & ~t->sigmask;
}

/* SIGCONT and the stop signals cancel each other when they are sent, blocked or not. */
static void cancel_opposites(struct proc *p, struct thread *t, int signo)
{
	if (sigbit(signo) & STOP_SIGNALS)
		pending_clear(t, sigbit(SIGCONT));
	if (signo != SIGCONT && signo != SIGKILL)
		return;
	pending_clear(t, STOP_SIGNALS);
	if (p->stopped) {
		p->stopped = false;
		waitq_wake_all(&p->stop_wait);
	}
}

err_t signal_send(struct proc *p, int signo, int code)
{
	struct thread *t;

	if (signo < 1 || signo > NSIG)
		return -EINVAL;
	spin_guard(&p->lock);
	t = p->main_thread;
	if (!t)
		return -ESRCH;
	cancel_opposites(p, t, signo);
	if (is_ignored(p, signo) && !(t->sigmask & sigbit(signo)))
		return 0;
	p->signal_codes[signo] = (s16)code;
	__atomic_fetch_or(&t->sigpending, sigbit(signo), __ATOMIC_ACQ_REL);
	/* A stopped process looks at nothing but SIGKILL and SIGCONT. */
	if ((deliverable(t) & sigbit(signo)) && !p->stopped)
		thread_set_work(t, WORK_SIGNAL);
	return 0;
}

/* Kernel code sends SIGPIPE in the name of the program that wrote. */
err_t proc_signal(struct proc *p, int signo)
{
	return signal_send(p, signo, signo == SIGPIPE ? LINUX_SI_USER : LINUX_SI_KERNEL);
}

void signal_set_mask(u64 mask)
{
	struct thread *t = current_thread();

	t->sigmask = mask & ~SIGSET_UNMASKABLE;
	if (deliverable(t))
		thread_set_work(t, WORK_SIGNAL);
}

err_t signal_action(struct proc *p, int signo, const struct sigaction_k *action,
		    struct sigaction_k *old)
{
	if (signo < 1 || signo > NSIG || (action && sigbit(signo) & SIGSET_UNMASKABLE))
		return -EINVAL;
	spin_guard(&p->lock);
	if (old)
		*old = p->actions[signo];
	if (!action)
		return 0;
	p->actions[signo] = *action;
	p->actions[signo].mask &= ~SIGSET_UNMASKABLE;
	if (is_ignored(p, signo) && p->main_thread)
		pending_clear(p->main_thread, sigbit(signo));
	return 0;
}

void signal_exec(struct proc *p)
{
	spin_guard(&p->lock);
	for (int signo = 1; signo <= NSIG; signo++) {
		u64 handler = p->actions[signo].handler;
		p->actions[signo] = (struct sigaction_k){
			.handler = handler == SIG_HANDLER_IGNORE ? handler : SIG_HANDLER_DEFAULT,
		};
	}
	p->main_thread = current_thread();
}

/* The lowest deliverable signal, taken off the set; 0: none. Synchronous signals have low
 * numbers, so they come first, as on Linux. */
static int take_signal(struct thread *t)
{
	u64 set = deliverable(t);
	int signo;

	if (!set)
		return 0;
	signo = set & sigbit(SIGKILL) ? SIGKILL : __builtin_ctzll(set) + 1;
	pending_clear(t, sigbit(signo));
	return signo;
}

static bool is_caught(struct proc *p, int signo)
{
	return p->actions[signo].handler > SIG_HANDLER_IGNORE;
}

/* Sleeps until SIGCONT or SIGKILL. */
static void stop_here(struct proc *p)
{
	spin_guard(&p->lock);
	p->stopped = true;
	while (p->stopped) {
		/* Signals that came before do not end the sleep: they wait for SIGCONT. */
		thread_clear_work(WORK_SIGNAL);
		err_t interrupted UNUSED = waitq_sleep(&p->stop_wait, &p->lock, WAIT_FOREVER);
	}
}

static void die_of(struct proc *p, int signo)
{
	proc_die(signo, is_caught(p, signo) ? "it has a handler for this signal, but handlers are "
					      "not supported yet"
					    : "");
}

static void trace_sent(const struct proc *p, int signo)
{
	struct l64_siginfo info = { .si_signo = signo, .si_code = p->signal_codes[signo] };

	if (!p->traced)
		return;
	if (info.si_code != LINUX_SI_KERNEL) {
		info.si_pid = (s32)p->pid;
		info.si_uid = p->cred.uid;
	}
	strace_signal(current_thread()->tid, &info);
}

static void take_default_action(struct proc *p, int signo)
{
	switch (default_action(signo)) {
	case SIGDEF_TERM:
	case SIGDEF_CORE:
		die_of(p, signo);
		break;
	case SIGDEF_STOP:
		stop_here(p);
		break;
	case SIGDEF_IGN:
	case SIGDEF_CONT:
		break;
	}
}

void signal_deliver(void)
{
	struct thread *t = current_thread();
	struct proc *p = t->proc;
	int signo;

	/* Cleared first: a signal sent from here on sets it again. */
	thread_clear_work(WORK_SIGNAL);
	while ((signo = take_signal(t))) {
		bool ignored = p->actions[signo].handler == SIG_HANDLER_IGNORE &&
			       !(sigbit(signo) & SIGSET_UNMASKABLE);
		if (ignored)
			continue;
		trace_sent(p, signo);
		take_default_action(p, signo);
	}
}

/*
 * A signal the thread raised by what it executed. Blocking or ignoring it would make the
 * instruction fault for ever, so neither counts (as Linux's force_sig).
 */
void proc_fault(int signo, const char *text)
{
	char with_remark[256];
	struct proc *p = current_proc();

	if (!is_caught(p, signo) || (current_thread()->sigmask & sigbit(signo)))
		proc_die(signo, text);
	ksnprintf(with_remark, sizeof with_remark,
		  "%s; it has a handler for this signal, but handlers are not supported yet", text);
	proc_die(signo, with_remark);
}

void signal_fault(int signo, int code, uaddr_t addr, const char *text)
{
	struct l64_siginfo info = { .si_signo = signo, .si_code = code };

	info.si_addr = addr;
	if (current_proc()->traced)
		strace_signal(current_thread()->tid, &info);
	proc_fault(signo, text);
}
