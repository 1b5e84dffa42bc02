/* SPDX-License-Identifier: MIT */
/*
 * The i386 forms of ppoll, select and pselect6: 32-bit times, sets of 32-bit words, and the
 * old select whose arguments lie in memory. What they do is sys/poll.c's.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/sysproto.h"
#include "sys/args.h"
#include "sys/poll_impl.h"

/* ---- the time that is left ---- */

/* Where the limit came from; a failure there is not one, as in sys/poll.c. */
static void put_left32(uinout_timespec32 arg, u64 deadline)
{
	struct l64_timespec left = time_left(deadline);
	struct l32_timespec narrow = timespec_narrow(&left);
	err_t e = arg.a ? put_user(arg, &narrow) : 0;
	(void)e;
}

static void put_left_time64(uinout_timespec64 arg, u64 deadline)
{
	struct l64_timespec left = time_left(deadline);
	struct l32_timespec64 wide = { .tv_sec = left.tv_sec, .tv_nsec = (s32)left.tv_nsec };
	err_t e = arg.a ? put_user(arg, &wide) : 0;
	(void)e;
}

/* ---- poll ---- */

static long ppoll_until(uinout_pollfd fds, u32 nfds, u64 deadline, uin_sigset mask, u64 masksize)
{
	struct mask_swap m;
	err_t e = mask_enter(&m, mask, masksize);
	if (e)
		return e;
	long result = poll_user(fds, nfds, deadline);
	mask_leave(&m, (err_t)result);
	return result;
}

long sys_ppoll32(uinout_pollfd fds, u32 nfds, uinout_timespec32 timeout, uin_sigset mask,
		 u64 masksize)
{
	u64 deadline;
	err_t e = deadline_get(timeout.a, timespec_read32, &deadline);
	if (e)
		return e;
	long result = ppoll_until(fds, nfds, deadline, mask, masksize);
	put_left32(timeout, deadline);
	return result;
}

long sys_ppoll_time64(uinout_pollfd fds, u32 nfds, uinout_timespec64 timeout, uin_sigset mask,
		      u64 masksize)
{
	u64 deadline;
	err_t e = deadline_get(timeout.a, timespec_read_time64, &deadline);
	if (e)
		return e;
	long result = ppoll_until(fds, nfds, deadline, mask, masksize);
	put_left_time64(timeout, deadline);
	return result;
}

/* ---- select ---- */

static struct user_sets sets32(uinout_fdset32 r, uinout_fdset32 w, uinout_fdset32 x)
{
	return (struct user_sets){ { r.a, w.a, x.a }, sizeof(u32) };
}

static err_t sigset_arg_get(uin_sigset_arg32 mask, struct l32_sigset_arg *sa)
{
	*sa = (struct l32_sigset_arg){ 0 };
	return mask.a ? get_user(sa, mask) : 0;
}

static long pselect_until(int nfds, const struct user_sets *sets, u64 deadline,
			  const struct l32_sigset_arg *sa)
{
	struct mask_swap m;
	err_t e = mask_enter(&m, (uin_sigset){ .a = sa->ss }, sa->ss_len);
	if (e)
		return e;
	long result = select_user(nfds, sets, deadline);
	mask_leave(&m, (err_t)result);
	return result;
}

long sys_pselect6_32(int nfds, uinout_fdset32 readfds, uinout_fdset32 writefds,
		     uinout_fdset32 exceptfds, uinout_timespec32 timeout, uin_sigset_arg32 mask)
{
	struct user_sets sets = sets32(readfds, writefds, exceptfds);
	struct l32_sigset_arg sa;
	u64 deadline;
	err_t e = sigset_arg_get(mask, &sa);
	if (!e)
		e = deadline_get(timeout.a, timespec_read32, &deadline);
	if (e)
		return e;
	long result = pselect_until(nfds, &sets, deadline, &sa);
	put_left32(timeout, deadline);
	return result;
}

long sys_pselect6_time64(int nfds, uinout_fdset32 readfds, uinout_fdset32 writefds,
			 uinout_fdset32 exceptfds, uinout_timespec64 timeout, uin_sigset_arg32 mask)
{
	struct user_sets sets = sets32(readfds, writefds, exceptfds);
	struct l32_sigset_arg sa;
	u64 deadline;
	err_t e = sigset_arg_get(mask, &sa);
	if (!e)
		e = deadline_get(timeout.a, timespec_read_time64, &deadline);
	if (e)
		return e;
	long result = pselect_until(nfds, &sets, deadline, &sa);
	put_left_time64(timeout, deadline);
	return result;
}

long sys__newselect(int nfds, uinout_fdset32 readfds, uinout_fdset32 writefds,
		    uinout_fdset32 exceptfds, uinout_timeval32 timeout)
{
	struct user_sets sets = sets32(readfds, writefds, exceptfds);
	struct l32_timeval tv;
	u64 deadline = WAIT_FOREVER;
	err_t e = timeout.a ? get_user(&tv, timeout) : 0;
	if (!e && timeout.a)
		e = deadline_usec(&(struct l64_timeval){ tv.tv_sec, tv.tv_usec }, &deadline);
	if (e)
		return e;
	long result = select_user(nfds, &sets, deadline);
	if (timeout.a) {
		struct l64_timespec left = time_left(deadline);
		tv = (struct l32_timeval){ (s32)left.tv_sec, (s32)(left.tv_nsec / 1000) };
		e = put_user(timeout, &tv);
		(void)e; /* as in put_left32 */
	}
	return result;
}

long sys_select_old(uin_select_args args)
{
	struct l32_select_args a;
	err_t e = get_user(&a, args);
	if (e)
		return e;
	return sys__newselect(
		a.nfds, (uinout_fdset32){ .a = a.readfds }, (uinout_fdset32){ .a = a.writefds },
		(uinout_fdset32){ .a = a.exceptfds }, (uinout_timeval32){ .a = a.timeout });
}
