/* SPDX-License-Identifier: MIT */
/*
 * Structs of i386 programs as those of x86-64 ones: each kind of abi/linux32.h is widened
 * field by field, so that there is one printer for both.
 */
#include <string.h>

#include "tools/lstar/strace_impl.h"

#define WIDEN(name, narrow_type, wide_type)                                      \
	static void widen_##name(const void *from, void *to)                     \
	{                                                                        \
		struct narrow_type n;                                            \
		struct wide_type w;                                              \
		memcpy(&n, from, sizeof n);                                      \
		w = (struct wide_type)WIDEN_##name;                              \
		memcpy(to, &w, sizeof w);                                        \
	}

#define WIDEN_timespec { .tv_sec = n.tv_sec, .tv_nsec = n.tv_nsec }
WIDEN(timespec, l32_timespec, l64_timespec)
#define WIDEN_timespec64 { .tv_sec = n.tv_sec, .tv_nsec = n.tv_nsec }
WIDEN(timespec64, l32_timespec64, l64_timespec)
#define WIDEN_timeval { .tv_sec = n.tv_sec, .tv_usec = n.tv_usec }
WIDEN(timeval, l32_timeval, l64_timeval)
#define WIDEN_utimbuf { .actime = n.actime, .modtime = n.modtime }
WIDEN(utimbuf, l32_utimbuf, l64_utimbuf)
#define WIDEN_tms { n.tms_utime, n.tms_stime, n.tms_cutime, n.tms_cstime }
WIDEN(tms, l32_tms, l64_tms)
#define WIDEN_stat { .st_mode = n.st_mode, .st_rdev = n.st_rdev, .st_size = n.st_size }
WIDEN(stat, l32_stat, l64_stat)
#define WIDEN_stat64 { .st_mode = n.st_mode, .st_rdev = n.st_rdev, .st_size = n.st_size }
WIDEN(stat64, l32_stat64, l64_stat)
#define WIDEN_statfs                                                                         \
	{                                                                                    \
		.f_type = n.f_type, .f_bsize = n.f_bsize, .f_blocks = n.f_blocks,            \
		.f_bfree = n.f_bfree, .f_bavail = n.f_bavail, .f_files = n.f_files,          \
		.f_ffree = n.f_ffree, .f_fsid = { n.f_fsid[0], n.f_fsid[1] },                \
		.f_namelen = n.f_namelen, .f_frsize = n.f_frsize, .f_flags = n.f_flags       \
	}
WIDEN(statfs, l32_statfs, l64_statfs)
#define WIDEN_statfs64 WIDEN_statfs
WIDEN(statfs64, l32_statfs64, l64_statfs)
#define WIDEN_iovec { .iov_base = n.iov_base, .iov_len = n.iov_len }
WIDEN(iovec, l32_iovec, l64_iovec)
#define WIDEN_flock                                                                          \
	{                                                                                    \
		.l_type = n.l_type, .l_whence = n.l_whence, .l_start = n.l_start,            \
		.l_len = n.l_len, .l_pid = n.l_pid                                           \
	}
WIDEN(flock, l32_flock, l64_flock)
#define WIDEN_flock64 WIDEN_flock
WIDEN(flock64, l32_flock64, l64_flock)
#define WIDEN_sigset_arg { .ss = n.ss, .ss_len = n.ss_len }
WIDEN(sigset_arg, l32_sigset_arg, l64_sigset_arg)
/* All ones mean "no limit" in either width. */
#define WIDEN_LIMIT(x) ((x) == L32_RLIM_INFINITY ? L64_RLIM_INFINITY : (x))
#define WIDEN_rlimit { WIDEN_LIMIT(n.rlim_cur), WIDEN_LIMIT(n.rlim_max) }
WIDEN(rlimit, l32_rlimit, l64_rlimit)
#define WIDEN_rusage                                                                         \
	{                                                                                    \
		.ru_utime = { n.ru_utime.tv_sec, n.ru_utime.tv_usec },                       \
		.ru_stime = { n.ru_stime.tv_sec, n.ru_stime.tv_usec }                        \
	}
WIDEN(rusage, l32_rusage, l64_rusage)
#define WIDEN_sigaction { n.sa_handler, n.sa_flags, n.sa_restorer, n.sa_mask }
WIDEN(sigaction, l32_sigaction, l64_sigaction)
#define WIDEN_old_sigaction WIDEN_sigaction
WIDEN(old_sigaction, l32_old_sigaction, l64_sigaction)
#define WIDEN_stack { .ss_sp = n.ss_sp, .ss_flags = n.ss_flags, .ss_size = n.ss_size }
WIDEN(stack, l32_stack, l64_stack)
#define WIDEN_sysinfo                                                                        \
	{                                                                                    \
		.uptime = n.uptime, .loads = { n.loads[0], n.loads[1], n.loads[2] },         \
		.totalram = n.totalram, .freeram = n.freeram, .sharedram = n.sharedram,      \
		.bufferram = n.bufferram, .totalswap = n.totalswap,                          \
		.freeswap = n.freeswap, .procs = n.procs, .totalhigh = n.totalhigh,          \
		.freehigh = n.freehigh, .mem_unit = n.mem_unit                               \
	}
WIDEN(sysinfo, l32_sysinfo, l64_sysinfo)

static void widen_time(const void *from, void *to)
{
	s32 narrow;
	s64 wide;

	memcpy(&narrow, from, sizeof narrow);
	wide = narrow;
	memcpy(to, &wide, sizeof wide);
}

static const struct widening {
	u16 from, to; /* SHOW_... */
	u16 size, wide_size;
	void (*widen)(const void *from, void *to);
} widenings[] = {
#define ROW(narrow, narrow_type, wide, wide_type, name) \
	{ SHOW_##narrow, SHOW_##wide, sizeof(struct narrow_type), sizeof(struct wide_type), widen_##name }
	ROW(timespec32, l32_timespec, timespec, l64_timespec, timespec),
	ROW(remaining32, l32_timespec, remaining, l64_timespec, timespec),
	ROW(filetime32, l32_timespec, filetime, l64_timespec, timespec),
	ROW(timespec64, l32_timespec64, timespec, l64_timespec, timespec64),
	ROW(remaining64, l32_timespec64, remaining, l64_timespec, timespec64),
	ROW(filetime64, l32_timespec64, filetime, l64_timespec, timespec64),
	ROW(timeval32, l32_timeval, timeval, l64_timeval, timeval),
	ROW(filetimeval32, l32_timeval, filetimeval, l64_timeval, timeval),
	ROW(utimbuf32, l32_utimbuf, utimbuf, l64_utimbuf, utimbuf),
	ROW(tms32, l32_tms, tms, l64_tms, tms),
	ROW(stat32, l32_stat, stat, l64_stat, stat),
	ROW(stat64, l32_stat64, stat, l64_stat, stat64),
	ROW(statfs32, l32_statfs, statfs, l64_statfs, statfs),
	ROW(statfs64, l32_statfs64, statfs, l64_statfs, statfs64),
	ROW(iovec32, l32_iovec, iovec, l64_iovec, iovec),
	ROW(iovec32_fill, l32_iovec, iovec_fill, l64_iovec, iovec),
	ROW(flock32, l32_flock, flock, l64_flock, flock),
	ROW(flock64, l32_flock64, flock, l64_flock, flock64),
	ROW(sigset_arg32, l32_sigset_arg, sigset_arg, l64_sigset_arg, sigset_arg),
	ROW(rlimit32, l32_rlimit, rlimit, l64_rlimit, rlimit),
	ROW(rusage32, l32_rusage, rusage, l64_rusage, rusage),
	ROW(sigaction32, l32_sigaction, sigaction, l64_sigaction, sigaction),
	ROW(old_sigaction, l32_old_sigaction, sigaction, l64_sigaction, old_sigaction),
	ROW(stack32, l32_stack, stack, l64_stack, stack),
	ROW(sysinfo32, l32_sysinfo, sysinfo, l64_sysinfo, sysinfo),
	{ SHOW_time32, SHOW_time, sizeof(s32), sizeof(s64), widen_time },
};

static const struct widening *widening_of(u16 show)
{
	for (size_t i = 0; i < ARRAY_SIZE(widenings); i++) {
		if (widenings[i].from == show)
			return &widenings[i];
	}
	return NULL;
}

u16 show_widened(u16 show)
{
	const struct widening *w = widening_of(show);

	return w ? w->to : show;
}

bool data_widen(const struct arg_desc *desc, const struct user_data *data, struct arg_desc *wide_desc,
		struct user_data *wide)
{
	const struct widening *w = widening_of(desc->show);
	u8 element[512]; /* of any struct */

	if (!w)
		return false;
	*wide_desc = *desc;
	wide_desc->show = w->to;
	wide_desc->size = w->wide_size;
	*wide = *data;
	wide->bytes = (struct buf){ 0 };
	for (size_t at = 0; at + w->size <= data->bytes.len; at += w->size) {
		w->widen(data->bytes.data + at, element);
		buf_add(&wide->bytes, element, w->wide_size);
	}
	return true;
}
