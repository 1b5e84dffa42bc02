/* SPDX-License-Identifier: MIT */
/*
 * Calls of group @info: what system this is, and randomness. Manual: uname(2), sysinfo(2),
 * getrandom(2). uname answers as the Linux whose calls are offered: programs decide by the
 * release what they may use.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/mm/page.h"
#include "kernel/proc/proc.h"
#include "machine/clock.h"
#include "machine/random.h"

#define GETRANDOM_MAX 0x7fffffffull /* as Linux: more is cut */

/* An i386 program is told the machine's name as well, not the program's: as on Linux. */
static const struct l64_utsname uts = {
	.sysname = "Linux",
	.nodename = "lstar",
	.release = "6.1.0-lstar",
	.version = "#1 Lstar",
	.machine = "x86_64",
	.domainname = "(none)",
};

long sys_uname(uout_utsname name)
{
	return put_user(name, &uts);
}

_Static_assert(sizeof(struct l32_old_utsname) == offsetof(struct l64_utsname, domainname),
	       "the old struct is the new one's beginning");

long sys_olduname(uout_old_utsname name)
{
	return copyout(name.a, &uts, sizeof(struct l32_old_utsname));
}

long sys_sysinfo(uout_sysinfo info)
{
	struct page_stats ps;
	struct l64_sysinfo si;

	page_stats(&ps);
	si = (struct l64_sysinfo){
		.uptime = (s64)(clock_monotonic_ns() / NSEC_PER_SEC),
		.totalram = ps.total * PAGE_SIZE,
		.freeram = ps.free * PAGE_SIZE,
		.procs = 1,
		.mem_unit = 1,
	};
	return put_user(info, &si);
}

/* Memory in bytes, or in the smallest larger unit in which 32 bits can count it. */
long sys_sysinfo32(uout_sysinfo32 info)
{
	struct page_stats ps;
	struct l32_sysinfo si;
	u32 shift = 0;

	page_stats(&ps);
	while (ps.total * PAGE_SIZE >> shift > UINT32_MAX && 1ull << shift < PAGE_SIZE)
		shift++;
	si = (struct l32_sysinfo){
		.uptime = (s32)(clock_monotonic_ns() / NSEC_PER_SEC),
		.totalram = (u32)(ps.total * PAGE_SIZE >> shift),
		.freeram = (u32)(ps.free * PAGE_SIZE >> shift),
		.procs = 1,
		.mem_unit = 1u << shift,
	};
	return put_user(info, &si);
}

/* The generator is seeded before the first program runs: no flag makes a difference. */
long sys_getrandom(uout_char buf, u64 length, u32 flags)
{
	u8 chunk[256];
	u64 total = min_u64(length, GETRANDOM_MAX), at = 0;

	if (flags & ~(u32)(LINUX_GRND_NONBLOCK | LINUX_GRND_RANDOM | LINUX_GRND_INSECURE))
		return -EINVAL;
	if ((flags & LINUX_GRND_RANDOM) && (flags & LINUX_GRND_INSECURE))
		return -EINVAL;
	if (!user_range_ok(buf.a, total))
		return -EFAULT;
	while (at < total) {
		u64 n = min_u64(total - at, sizeof chunk), done;
		random_bytes(chunk, n);
		err_t e = copyout_some(buf.a + at, chunk, n, &done);
		at += done;
		if (e)
			return at ? (long)at : e;
	}
	return (long)at;
}
