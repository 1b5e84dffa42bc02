/* SPDX-License-Identifier: MIT */
/*
 * poll, ppoll, select, pselect6: all become an array of struct poll_item and one call of
 * poll_items (kernel/fs/poll.h). Files are held while they are asked and given back at
 * the end, so a descriptor closed by another thread meanwhile does no harm.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/signals.h"
#include "gen/sysproto.h"
#include "kernel/fs/poll.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/proc/proc.h"
#include "lib/string.h"
#include "machine/clock.h"
#include "sys/args.h"
#include "sys/poll_impl.h"

/* ---- deadlines and signal masks ---- */

/* A deadline is an instant of CLOCK_MONOTONIC; 0 do not wait, WAIT_FOREVER no limit. */
static u64 deadline_in(s64 ns)
{
	u64 now = clock_monotonic_ns();
	return ns <= 0 ? 0 : (u64)ns >= WAIT_FOREVER - now ? WAIT_FOREVER : now + (u64)ns;
}

struct l64_timespec time_left(u64 deadline)
{
	u64 now = clock_monotonic_ns();
	return timespec_of(deadline > now ? (s64)min_u64(deadline - now, INT64_MAX) : 0);
}

err_t deadline_get(uaddr_t arg, timespec_reader *read, u64 *deadline)
{
	struct l64_timespec ts;
	*deadline = WAIT_FOREVER;
	if (!arg)
		return 0;
	err_t e = read(arg, &ts);
	if (e)
		return e;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= (s64)NSEC_PER_SEC)
		return -EINVAL;
	*deadline = deadline_in(ns_of(ts.tv_sec, ts.tv_nsec));
	return 0;
}

/* Writes the time that is left where the limit came from; a failure there is not one, as in
 * Linux: the call itself has succeeded. */
static void deadline_put(uinout_timespec arg, u64 deadline)
{
	struct l64_timespec left = time_left(deadline);
	err_t e = arg.a ? put_user(arg, &left) : 0;
	(void)e;
}

#define SIGSET_BYTES 8

static u64 sigbit(int signo)
{
	return 1ull << (signo - 1);
}

err_t mask_enter(struct mask_swap *m, uin_sigset arg, u64 size)
{
	u64 mask;
	m->set = false;
	if (!arg.a)
		return 0;
	if (size != SIGSET_BYTES)
		return -EINVAL;
	err_t e = get_user(&mask, arg);
	if (e)
		return e;
	struct thread *t = current_thread();
	m->saved = t->sigmask;
	m->set = true;
	t->sigmask = mask & ~(sigbit(SIGKILL) | sigbit(SIGSTOP));
	return 0;
}

/* A signal that ended the wait is taken under the mask that let it through. */
void mask_leave(struct mask_swap *m, err_t e)
{
	if (!m->set)
		return;
	if (e == -EINTR)
		signal_deliver();
	current_thread()->sigmask = m->saved;
}

static void items_put(struct poll_item *items, u32 n)
{
	for (u32 i = 0; i < n; i++)
		file_unref(items[i].file);
	kfree(items);
}

/* ---- poll ---- */

static void item_from_pollfd(struct poll_item *it, const struct l64_pollfd *p)
{
	it->events = (u16)p->events | LINUX_POLLERR | LINUX_POLLHUP;
	if (p->fd >= 0 && file_get(p->fd, &it->file)) {
		it->file = NULL;
		it->revents = LINUX_POLLNVAL;
	}
}

static err_t put_revents(uinout_pollfd user, struct l64_pollfd *fds, const struct poll_item *items,
			 u32 n)
{
	for (u32 i = 0; i < n; i++)
		fds[i].revents = (s16)items[i].revents;
	return copyout(user.a, fds, n * sizeof *fds);
}

static long poll_fds(uinout_pollfd user, struct l64_pollfd *fds, u32 n, u64 deadline)
{
	u32 ready = 0;
	err_t e = copyin(fds, user.a, n * sizeof *fds);
	if (e)
		return e;
	struct poll_item *items = kzalloc(n * sizeof *items + 1);
	if (!items)
		return -ENOMEM;
	for (u32 i = 0; i < n; i++)
		item_from_pollfd(&items[i], &fds[i]);
	e = poll_items(items, n, deadline, &ready);
	if (!e)
		e = put_revents(user, fds, items, n);
	items_put(items, n);
	return e ? e : (long)ready;
}

long poll_user(uinout_pollfd user, u32 n, u64 deadline)
{
	if (n > fd_limit())
		return -EINVAL;
	struct l64_pollfd *fds = kmalloc(n * sizeof *fds + 1);
	if (!fds)
		return -ENOMEM;
	long result = poll_fds(user, fds, n, deadline);
	kfree(fds);
	return result;
}

long sys_poll(uinout_pollfd fds, u32 nfds, int timeout_ms)
{
	u64 deadline = timeout_ms < 0 ? WAIT_FOREVER : deadline_in(timeout_ms * 1000000ll);
	return poll_user(fds, nfds, deadline);
}

long sys_ppoll(uinout_pollfd fds, u32 nfds, uinout_timespec timeout, uin_sigset mask, u64 masksize)
{
	u64 deadline;
	struct mask_swap m;
	err_t e = deadline_get(timeout.a, timespec_read, &deadline);
	if (!e)
		e = mask_enter(&m, mask, masksize);
	if (e)
		return e;
	long result = poll_user(fds, nfds, deadline);
	mask_leave(&m, (err_t)result);
	deadline_put(timeout, deadline);
	return result;
}

/* ---- select ---- */

/* What the three sets of select mean in poll's words. */
static const u32 set_events[3] = {
	LINUX_POLLIN | LINUX_POLLRDNORM | LINUX_POLLRDBAND | LINUX_POLLHUP | LINUX_POLLERR,
	LINUX_POLLOUT | LINUX_POLLWRNORM | LINUX_POLLWRBAND | LINUX_POLLERR,
	LINUX_POLLPRI,
};

struct sets {
	u64 *bits[3]; /* each nwords long; NULL: not given */
	u64 *memory;
	u32 nfds, nwords, nbytes; /* nbytes: of each set in user memory */
	uaddr_t user[3];
};

static bool bit_test(const u64 *bits, u32 n)
{
	return bits && bits[n / 64] >> n % 64 & 1;
}

static err_t sets_get(struct sets *s)
{
	s->memory = kzalloc(3 * s->nwords * sizeof(u64) + 1);
	if (!s->memory)
		return -ENOMEM;
	for (u32 k = 0; k < 3; k++) {
		if (!s->user[k])
			continue;
		s->bits[k] = s->memory + k * s->nwords;
		err_t e = copyin(s->bits[k], s->user[k], s->nbytes);
		if (e)
			return e;
	}
	return 0;
}

/* One item per descriptor up to nfds, so that item n is descriptor n. */
static err_t items_from_sets(struct poll_item *items, const struct sets *s)
{
	for (u32 n = 0; n < s->nfds; n++) {
		for (u32 k = 0; k < 3; k++) {
			if (bit_test(s->bits[k], n))
				items[n].events |= set_events[k];
		}
		err_t e = items[n].events ? file_get((int)n, &items[n].file) : 0;
		if (e)
			return e;
	}
	return 0;
}

/* Replaces the sets by the answers; the result counts the bits. */
static long sets_from_items(struct sets *s, const struct poll_item *items)
{
	long count = 0;
	for (u32 n = 0; n < s->nfds; n++) {
		for (u32 k = 0; k < 3; k++) {
			if (!bit_test(s->bits[k], n))
				continue;
			if (items[n].revents & set_events[k])
				count++;
			else
				s->bits[k][n / 64] &= ~(1ull << n % 64);
		}
	}
	return count;
}

static err_t sets_put(const struct sets *s)
{
	err_t e = 0;
	for (u32 k = 0; k < 3 && !e; k++) {
		if (s->bits[k])
			e = copyout(s->user[k], s->bits[k], s->nbytes);
	}
	return e;
}

static long select_sets(struct sets *s, u64 deadline)
{
	struct poll_item *items = kzalloc(s->nfds * sizeof *items + 1);
	long count = 0;
	u32 ready;
	if (!items)
		return -ENOMEM;
	err_t e = items_from_sets(items, s);
	if (!e)
		e = poll_items(items, s->nfds, deadline, &ready);
	if (!e)
		count = sets_from_items(s, items);
	items_put(items, s->nfds);
	if (!e)
		e = sets_put(s);
	return e ? e : count;
}

/* Bit n of a set is the same bit of memory whatever the size of its words. */
long select_user(int nfds, const struct user_sets *user, u64 deadline)
{
	struct sets s = { .user = { user->set[0], user->set[1], user->set[2] } };
	if (nfds < 0)
		return -EINVAL;
	/* Numbers the table does not have yet cannot be open: as Linux, they are not looked at. */
	u32 slots = __atomic_load_n(&current_proc()->fds->nslots, __ATOMIC_RELAXED);
	s.nfds = (u32)min_u64((u32)nfds, max_u64(slots, 64));
	s.nwords = (s.nfds + 63) / 64;
	s.nbytes = align_up(s.nfds, user->word_bytes * 8) / 8;
	err_t e = sets_get(&s);
	long result = e ? e : select_sets(&s, deadline);
	kfree(s.memory);
	return result;
}

long sys_pselect6(int nfds, uinout_fdset readfds, uinout_fdset writefds, uinout_fdset exceptfds,
		  uinout_timespec timeout, uin_sigset_arg mask)
{
	u64 deadline;
	struct mask_swap m;
	struct l64_sigset_arg sa = { 0 };
	err_t e = mask.a ? get_user(&sa, mask) : 0;
	if (!e)
		e = deadline_get(timeout.a, timespec_read, &deadline);
	if (!e)
		e = mask_enter(&m, (uin_sigset){ .a = sa.ss }, sa.ss_len);
	if (e)
		return e;
	struct user_sets sets = { { readfds.a, writefds.a, exceptfds.a }, sizeof(u64) };
	long result = select_user(nfds, &sets, deadline);
	mask_leave(&m, (err_t)result);
	deadline_put(timeout, deadline);
	return result;
}

/* Unlike everywhere else, usec may be a million and more. */
err_t deadline_usec(const struct l64_timeval *tv, u64 *deadline)
{
	if (tv->tv_sec < 0 || tv->tv_usec < 0)
		return -EINVAL;
	s64 sec = (s64)min_u64((u64)tv->tv_sec + (u64)tv->tv_usec / 1000000, INT64_MAX);
	*deadline = deadline_in(ns_of(sec, tv->tv_usec % 1000000 * 1000));
	return 0;
}

long sys_select(int nfds, uinout_fdset readfds, uinout_fdset writefds, uinout_fdset exceptfds,
		uinout_timeval timeout)
{
	struct user_sets sets = { { readfds.a, writefds.a, exceptfds.a }, sizeof(u64) };
	u64 deadline = WAIT_FOREVER;
	struct l64_timeval tv;
	err_t e = timeout.a ? get_user(&tv, timeout) : 0;
	if (!e && timeout.a)
		e = deadline_usec(&tv, &deadline);
	if (e)
		return e;
	long result = select_user(nfds, &sets, deadline);
	if (timeout.a) {
		struct l64_timespec left = time_left(deadline);
		tv = (struct l64_timeval){ left.tv_sec, left.tv_nsec / 1000 };
		e = put_user(timeout, &tv);
		(void)e; /* as in deadline_put */
	}
	return result;
}
