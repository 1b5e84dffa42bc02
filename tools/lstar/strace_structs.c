/* SPDX-License-Identifier: MIT */
/*
 * One element of each struct kind, as strace abbreviates it. The bytes are those the
 * program had; their layout is that of abi/linux64.h.
 */
#include <string.h>

#include "gen/flags.h"
#include "tools/lstar/strace_impl.h"

#define LL(x) ((long long)(x))
#define ULL(x) ((unsigned long long)(x))

void print_timespec(struct buf *out, const void *element)
{
	const struct l64_timespec *t = element;

	buf_printf(out, "{tv_sec=%lld, tv_nsec=%llu}", LL(t->tv_sec), ULL(t->tv_nsec));
}

void print_timeval(struct buf *out, const void *element)
{
	const struct l64_timeval *t = element;

	buf_printf(out, "{tv_sec=%lld, tv_usec=%llu}", LL(t->tv_sec), ULL(t->tv_usec));
}

/* A time for a file: two special values of tv_nsec mean "now" and "leave it". */
static void print_filetime(struct buf *out, const void *element)
{
	const struct l64_timespec *t = element;
	const char *special = name_of(SET_utimensnsec, (u64)t->tv_nsec);

	if (special) {
		buf_printf(out, "%s", special);
		return;
	}
	print_timespec(out, t);
	if ((u64)t->tv_nsec < 1000000000)
		print_date(out, t->tv_sec, (u64)t->tv_nsec, 9);
}

static void print_filetimeval(struct buf *out, const void *element)
{
	const struct l64_timeval *t = element;

	print_timeval(out, t);
	if ((u64)t->tv_usec < 1000000)
		print_date(out, t->tv_sec, (u64)t->tv_usec, 6);
}

static void print_utimbuf(struct buf *out, const void *element)
{
	const struct l64_utimbuf *t = element;

	buf_printf(out, "{actime=%lld", LL(t->actime));
	print_date(out, t->actime, 0, 0);
	buf_printf(out, ", modtime=%lld", LL(t->modtime));
	print_date(out, t->modtime, 0, 0);
	buf_printf(out, "}");
}

static void print_time(struct buf *out, const void *element)
{
	s64 sec = *(const s64 *)element;

	buf_printf(out, "%lld", LL(sec));
	print_date(out, sec, 0, 0);
}

static void print_timezone(struct buf *out, const void *element)
{
	const struct l64_timezone *t = element;

	buf_printf(out, "{tz_minuteswest=%d, tz_dsttime=%d}", t->tz_minuteswest, t->tz_dsttime);
}

static void print_itimerval(struct buf *out, const void *element)
{
	const struct l64_itimerval *t = element;

	buf_printf(out, "{it_interval=");
	print_timeval(out, &t->it_interval);
	buf_printf(out, ", it_value=");
	print_timeval(out, &t->it_value);
	buf_printf(out, "}");
}

static void print_ticks(struct buf *out, const char *name, s64 ticks)
{
	buf_printf(out, "%s=%llu", name, ULL(ticks));
	if (ticks)
		buf_printf(out, " /* %.2f s */", (double)ticks / 100);
}

static void print_tms(struct buf *out, const void *element)
{
	const struct l64_tms *t = element;

	print_ticks(out, "{tms_utime", t->tms_utime);
	print_ticks(out, ", tms_stime", t->tms_stime);
	print_ticks(out, ", tms_cutime", t->tms_cutime);
	print_ticks(out, ", tms_cstime", t->tms_cstime);
	buf_printf(out, "}");
}

static void print_limit(struct buf *out, u64 limit)
{
	if (limit == L64_RLIM_INFINITY)
		buf_printf(out, "RLIM64_INFINITY");
	else if (limit > 1024 && limit % 1024 == 0)
		buf_printf(out, "%llu*1024", ULL(limit / 1024));
	else
		buf_printf(out, "%llu", ULL(limit));
}

static void print_rlimit(struct buf *out, const void *element)
{
	const struct l64_rlimit *l = element;

	buf_printf(out, "{rlim_cur=");
	print_limit(out, l->rlim_cur);
	buf_printf(out, ", rlim_max=");
	print_limit(out, l->rlim_max);
	buf_printf(out, "}");
}

static void print_rusage(struct buf *out, const void *element)
{
	const struct l64_rusage *r = element;

	buf_printf(out, "{ru_utime=");
	print_timeval(out, &r->ru_utime);
	buf_printf(out, ", ru_stime=");
	print_timeval(out, &r->ru_stime);
	buf_printf(out, ", ...}");
}

static void print_cap_header(struct buf *out, const void *element)
{
	const struct l64_cap_header *h = element;

	buf_printf(out, "{version=");
	print_set(out, SET_capversion, h->version);
	buf_printf(out, ", pid=%d}", h->pid);
}

static void print_sigaction(struct buf *out, const void *element)
{
	const struct l64_sigaction *a = element;
	const char *name = name_of(SET_sighandler, a->sa_handler);

	if (name)
		buf_printf(out, "{sa_handler=%s, sa_mask=", name);
	else
		buf_printf(out, "{sa_handler=%#llx, sa_mask=", ULL(a->sa_handler));
	print_sigset(out, a->sa_mask);
	buf_printf(out, ", sa_flags=");
	print_set(out, SET_sigactionflags, a->sa_flags);
	if (a->sa_flags & LINUX_SA_RESTORER)
		buf_printf(out, ", sa_restorer=%#llx", ULL(a->sa_restorer));
	buf_printf(out, "}");
}

static void print_sigset_element(struct buf *out, const void *element)
{
	print_sigset(out, *(const u64 *)element);
}

static void print_stack(struct buf *out, const void *element)
{
	const struct l64_stack *s = element;

	buf_printf(out, "{ss_sp=");
	print_addr(out, s->ss_sp);
	buf_printf(out, ", ss_flags=");
	print_set(out, SET_sigstackflags, (u32)s->ss_flags);
	buf_printf(out, ", ss_size=%llu}", ULL(s->ss_size));
}

static void print_utsname(struct buf *out, const void *element)
{
	const struct l64_utsname *u = element;

	buf_printf(out, "{sysname=");
	print_cstring(out, u->sysname, sizeof u->sysname);
	buf_printf(out, ", nodename=");
	print_cstring(out, u->nodename, sizeof u->nodename);
	buf_printf(out, ", ...}");
}

static void print_sysinfo(struct buf *out, const void *element)
{
	const struct l64_sysinfo *s = element;

	buf_printf(out, "{uptime=%lld, loads=[%llu, %llu, %llu]", LL(s->uptime), ULL(s->loads[0]),
		   ULL(s->loads[1]), ULL(s->loads[2]));
	buf_printf(out, ", totalram=%llu, freeram=%llu, sharedram=%llu, bufferram=%llu",
		   ULL(s->totalram), ULL(s->freeram), ULL(s->sharedram), ULL(s->bufferram));
	buf_printf(out, ", totalswap=%llu, freeswap=%llu, procs=%u", ULL(s->totalswap),
		   ULL(s->freeswap), s->procs);
	buf_printf(out, ", totalhigh=%llu, freehigh=%llu, mem_unit=%u}", ULL(s->totalhigh),
		   ULL(s->freehigh), s->mem_unit);
}

static void print_int(struct buf *out, const void *element)
{
	buf_printf(out, "%d", *(const s32 *)element);
}

static void print_uint(struct buf *out, const void *element)
{
	buf_printf(out, "%u", *(const u32 *)element);
}

static void print_uid(struct buf *out, const void *element)
{
	print_id(out, *(const u32 *)element);
}

static void print_word(struct buf *out, const void *element)
{
	print_addr(out, *(const u64 *)element);
}

static void print_ulong(struct buf *out, const void *element)
{
	buf_printf(out, "%llu", ULL(*(const u64 *)element));
}

static void print_off(struct buf *out, const void *element)
{
	buf_printf(out, "%lld", LL(*(const s64 *)element));
}

static void print_id16(struct buf *out, const void *element)
{
	u16 id = *(const u16 *)element;

	print_id(out, id == UINT16_MAX ? UINT32_MAX : id);
}

static void print_sigset32(struct buf *out, const void *element)
{
	print_sigset(out, *(const u32 *)element);
}

static void print_uptr32(struct buf *out, const void *element)
{
	print_addr(out, *(const u32 *)element);
}

static void print_user_desc(struct buf *out, const void *element)
{
	const struct l32_user_desc *d = element;

	buf_printf(out, "{entry_number=%d, base_addr=%#x, limit=%#x", (s32)d->entry_number,
		   d->base_addr, d->limit);
	buf_printf(out, ", seg_32bit=%u, contents=%u, read_exec_only=%u, limit_in_pages=%u",
		   !!(d->flags & L32_DESC_SEG_32BIT), L32_DESC_CONTENTS(d->flags),
		   !!(d->flags & L32_DESC_READ_EXEC_ONLY), !!(d->flags & L32_DESC_LIMIT_IN_PAGES));
	buf_printf(out, ", seg_not_present=%u, useable=%u}", !!(d->flags & L32_DESC_NOT_PRESENT),
		   !!(d->flags & L32_DESC_USEABLE));
}

static void print_select_args(struct buf *out, const void *element)
{
	const struct l32_select_args *a = element;

	buf_printf(out, "{n=%d, inp=%#x, outp=%#x, exp=%#x, tvp=%#x}", a->nfds, a->readfds,
		   a->writefds, a->exceptfds, a->timeout);
}

static void print_mmap_args(struct buf *out, const void *element)
{
	const struct l32_mmap_args *a = element;

	buf_printf(out, "{addr=%#x, len=%u, prot=", a->addr, a->len);
	print_set(out, SET_prot, a->prot);
	buf_printf(out, ", flags=%#x, fd=%d, offset=%#x}", a->flags, (s32)a->fd, a->offset);
}

static void print_pagevec(struct buf *out, const void *element)
{
	buf_printf(out, "%d", *(const u8 *)element & 1);
}

element_printer *element_printer_of(u16 show)
{
	static element_printer *const printers[] = {
		[SHOW_timespec] = print_timespec,
		[SHOW_timeval] = print_timeval,
		[SHOW_remaining] = print_timespec,
		[SHOW_filetime] = print_filetime,
		[SHOW_utimbuf] = print_utimbuf,
		[SHOW_filetimeval] = print_filetimeval,
		[SHOW_time] = print_time,
		[SHOW_timezone] = print_timezone,
		[SHOW_itimerval] = print_itimerval,
		[SHOW_tms] = print_tms,
		[SHOW_rlimit] = print_rlimit,
		[SHOW_rusage] = print_rusage,
		[SHOW_stack] = print_stack,
		[SHOW_cap_header] = print_cap_header,
		[SHOW_utsname] = print_utsname,
		[SHOW_sigaction] = print_sigaction,
		[SHOW_sysinfo] = print_sysinfo,
		[SHOW_sigset] = print_sigset_element,
		[SHOW_int] = print_int,
		[SHOW_uint] = print_uint,
		[SHOW_sched_param] = print_int,
		[SHOW_uid] = print_uid,
		[SHOW_pagevec] = print_pagevec,
		[SHOW_id16] = print_id16,
		[SHOW_sigset32] = print_sigset32,
		[SHOW_uptr32] = print_uptr32,
		[SHOW_user_desc] = print_user_desc,
		[SHOW_select_args] = print_select_args,
		[SHOW_mmap_args] = print_mmap_args,
		[SHOW_old_utsname] = print_utsname,
		[SHOW_word] = print_word,
		[SHOW_ulong] = print_ulong,
		[SHOW_off] = print_off,
		[SHOW_stat] = print_stat,
		[SHOW_statx] = print_statx,
		[SHOW_statfs] = print_statfs,
		[SHOW_termios] = print_termios,
		[SHOW_winsize] = print_winsize,
	};

	return show < sizeof printers / sizeof *printers ? printers[show] : NULL;
}
