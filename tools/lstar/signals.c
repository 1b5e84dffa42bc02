/* SPDX-License-Identifier: MIT */
/* Signal handling; see signals.h, signal(7). */
#include <stdlib.h>

#include "tools/lstar/signals.h"
#include "tools/lstar/tty.h"

static const int noted[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2,
			     SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT, SIGWINCH };
static const int fatal[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };

static u64 arrived;
static sigset_t inside, outside;

static void note(int sig)
{
	__atomic_fetch_or(&arrived, SIGNAL_BIT(sig), __ATOMIC_RELAXED);
}

/* A fault of the launcher itself: do not leave the user with a raw terminal. */
static void last_words(int sig)
{
	tty_restore();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void catch (int sig, void (*handler)(int))
{
	struct sigaction old, action = { .sa_handler = handler };

	if (sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return;
	sigemptyset(&action.sa_mask);
	sigaction(sig, &action, NULL);
}

void signals_init(void)
{
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&inside);
	for (size_t i = 0; i < ARRAY_SIZE(noted); i++)
		sigaddset(&inside, noted[i]);
	sigprocmask(SIG_BLOCK, &inside, &outside);
	for (size_t i = 0; i < ARRAY_SIZE(noted); i++) {
		sigdelset(&outside, noted[i]);
		catch (noted[i], note);
	}
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		catch (fatal[i], last_words);
}

const sigset_t *signals_outside_mask(void)
{
	return &outside;
}

u64 signals_take(void)
{
	return __atomic_exchange_n(&arrived, 0, __ATOMIC_RELAXED);
}

bool signals_pending(void)
{
	return __atomic_load_n(&arrived, __ATOMIC_RELAXED) != 0;
}

void signals_block(void)
{
	sigprocmask(SIG_BLOCK, &inside, NULL);
}

void signals_unblock_job_control(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTTIN);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void signals_stop_self(int sig)
{
	sigset_t set;

	signal(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	/* continued */
	sigprocmask(SIG_BLOCK, &set, NULL);
	catch (sig, note);
}
