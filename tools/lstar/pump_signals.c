/* SPDX-License-Identifier: MIT */
/*
 * What the launcher does with its signals; see pump.h. The program is the one who was
 * meant: INT, TERM and the like go to it through the link page, and whether it ends is
 * its own affair. The launcher ends the run itself only when the guest does not even
 * take the signal, or when the user insists by sending several in a row.
 */
#define _GNU_SOURCE 1

#include <string.h>

#include "tools/lstar/pump.h"
#include "tools/lstar/signals.h"
#include "tools/lstar/tty.h"

#define TAKE_TIME_NS 2000000000ull /* a guest that lives takes a signal within this */
#define INSIST_COUNT 3		   /* so many signals within TAKE_TIME_NS end the run */

#define ENDING (SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGQUIT) | SIGNAL_BIT(SIGTERM))
#define PASSED_ON (ENDING | SIGNAL_BIT(SIGUSR1) | SIGNAL_BIT(SIGUSR2))

static void interrupted(struct pump *p, int sig)
{
	outcome_set(p->outcome, OUTCOME_INTERRUPTED, sig, "ended by SIG%s", sigabbrev_np(sig));
}

static void insist(struct pump *p, int sig)
{
	u64 now = now_ns();

	if (now - p->first_signal_ns > TAKE_TIME_NS) {
		p->first_signal_ns = now;
		p->signal_count = 0;
	}
	if (++p->signal_count >= INSIST_COUNT)
		interrupted(p, sig);
	p->forward_deadline_ns = now + TAKE_TIME_NS;
}

static void forward(struct pump *p, int sig)
{
	u64 bit = SIGNAL_BIT(sig);

	if (!p->attached || p->ended) {
		/* No program yet, or none any more: there is only the launcher to end. */
		if (sig != SIGWINCH)
			interrupted(p, sig);
		return;
	}
	__atomic_fetch_or(&p->link->page->signals, bit, __ATOMIC_SEQ_CST);
	link_ring_bell(p->link);
	if ((bit & ENDING) != 0) {
		p->forwarded |= bit;
		insist(p, sig);
	}
}

/* ^Z and its kind: the machine stops with us, and the shell gets its terminal back as it was. */
static void stop(struct pump *p, int sig)
{
	if (tty_foreground())
		tty_restore();
	qemu_signal(p->qemu, SIGSTOP);
	signals_stop_self(sig);
	qemu_signal(p->qemu, SIGCONT);
}

void pump_window_size(struct pump *p)
{
	if (tty_update_size(&p->link->page->tty))
		forward(p, SIGWINCH);
}

static void continued(struct pump *p)
{
	tty_resume();
	if (p->attached)
		pump_window_size(p);
}

void pump_signals(struct pump *p)
{
	static const int stopping[] = { SIGTSTP, SIGTTIN, SIGTTOU };
	u64 arrived = signals_take();

	if (arrived == 0)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(stopping); i++) {
		if ((arrived & SIGNAL_BIT(stopping[i])) != 0) {
			stop(p, stopping[i]);
			arrived |= SIGNAL_BIT(SIGCONT);
			break;
		}
	}
	if ((arrived & (SIGNAL_BIT(SIGCONT) | SIGNAL_BIT(SIGWINCH))) != 0)
		continued(p);
	for (int sig = 1; sig < 32; sig++)
		if ((arrived & PASSED_ON & SIGNAL_BIT(sig)) != 0)
			forward(p, sig);
}

void pump_check_forwarded(struct pump *p, u64 now)
{
	if (p->forwarded == 0)
		return;
	p->forwarded &= __atomic_load_n(&p->link->page->signals, __ATOMIC_RELAXED);
	if (p->forwarded != 0 && now >= p->forward_deadline_ns)
		interrupted(p, __builtin_ctzll(p->forwarded) + 1);
}
