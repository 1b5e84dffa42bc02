/* SPDX-License-Identifier: MIT */
/*
 * Structs of the Linux i386 system-call ABI, as bytes in user memory: those that differ from
 * abi/linux64.h. Same rules as there. An i386 compiler aligns 64-bit members to four bytes,
 * hence L32_PACKED on structs that have any.
 *
 * Source: the uapi headers of Linux for x86 and the i386 psABI.
 */
#ifndef ABI_LINUX32_H
#define ABI_LINUX32_H

#include "base/types.h"

#define L32_SIZE(T, n) _Static_assert(sizeof(struct T) == (n), #T " has the wrong size")
#define L32_AT(T, member, n) \
	_Static_assert(offsetof(struct T, member) == (n), #T "." #member " is in the wrong place")
#define L32_PACKED __attribute__((packed, aligned(4)))

/* ---- time ---- */

struct l32_timespec {
	s32 tv_sec;
	s32 tv_nsec;
};
L32_SIZE(l32_timespec, 8);

/* Of the calls named ..._time64, where they read it: C libraries leave the padding unset. */
struct l32_timespec64 {
	s64 tv_sec;
	s32 tv_nsec;
	u32 pad0;
} L32_PACKED;
L32_SIZE(l32_timespec64, 16);

struct l32_timeval {
	s32 tv_sec;
	s32 tv_usec;
};
L32_SIZE(l32_timeval, 8);

struct l32_utimbuf {
	s32 actime;
	s32 modtime;
};
L32_SIZE(l32_utimbuf, 8);

struct l32_tms {
	s32 tms_utime;
	s32 tms_stime;
	s32 tms_cutime;
	s32 tms_cstime;
};
L32_SIZE(l32_tms, 16);

/* ---- files ---- */

/* stat, lstat, fstat. */
struct l32_stat {
	u32 st_dev;
	u32 st_ino;
	u16 st_mode;
	u16 st_nlink;
	u16 st_uid;
	u16 st_gid;
	u32 st_rdev;
	u32 st_size;
	u32 st_blksize;
	u32 st_blocks;
	u32 st_atime_sec;
	u32 st_atime_nsec;
	u32 st_mtime_sec;
	u32 st_mtime_nsec;
	u32 st_ctime_sec;
	u32 st_ctime_nsec;
	u32 reserved[2];
};
L32_SIZE(l32_stat, 64);
L32_AT(l32_stat, st_size, 20);

/* stat64, lstat64, fstat64, fstatat64. */
struct l32_stat64 {
	u64 st_dev;
	u32 pad0;
	u32 st_ino_low;
	u32 st_mode;
	u32 st_nlink;
	u32 st_uid;
	u32 st_gid;
	u64 st_rdev;
	u32 pad1;
	s64 st_size;
	u32 st_blksize;
	s64 st_blocks;
	u32 st_atime_sec;
	u32 st_atime_nsec;
	u32 st_mtime_sec;
	u32 st_mtime_nsec;
	u32 st_ctime_sec;
	u32 st_ctime_nsec;
	u64 st_ino;
} L32_PACKED;
L32_SIZE(l32_stat64, 96);
L32_AT(l32_stat64, st_size, 44);
L32_AT(l32_stat64, st_ino, 88);

struct l32_statfs {
	u32 f_type;
	u32 f_bsize;
	u32 f_blocks;
	u32 f_bfree;
	u32 f_bavail;
	u32 f_files;
	u32 f_ffree;
	s32 f_fsid[2];
	u32 f_namelen;
	u32 f_frsize;
	u32 f_flags;
	u32 f_spare[4];
};
L32_SIZE(l32_statfs, 64);

struct l32_statfs64 {
	u32 f_type;
	u32 f_bsize;
	u64 f_blocks;
	u64 f_bfree;
	u64 f_bavail;
	u64 f_files;
	u64 f_ffree;
	s32 f_fsid[2];
	u32 f_namelen;
	u32 f_frsize;
	u32 f_flags;
	u32 f_spare[4];
} L32_PACKED;
L32_SIZE(l32_statfs64, 84);

/* Records of getdents: the type stands in the last byte of the record, behind the name. */
struct l32_dirent {
	u32 d_ino;
	u32 d_off;
	u16 d_reclen;
	char d_name[];
};
L32_AT(l32_dirent, d_name, 10);

struct l32_iovec {
	u32 iov_base;
	u32 iov_len;
};
L32_SIZE(l32_iovec, 8);

struct l32_flock {
	s16 l_type;
	s16 l_whence;
	s32 l_start;
	s32 l_len;
	s32 l_pid;
};
L32_SIZE(l32_flock, 16);

/* Of F_GETLK64 and its like. */
struct l32_flock64 {
	s16 l_type;
	s16 l_whence;
	s64 l_start;
	s64 l_len;
	s32 l_pid;
} L32_PACKED;
L32_SIZE(l32_flock64, 24);
L32_AT(l32_flock64, l_start, 4);

/* Last argument of pselect6. */
struct l32_sigset_arg {
	u32 ss;
	u32 ss_len;
};
L32_SIZE(l32_sigset_arg, 8);

/* The one argument of select as it was before there were five registers for it. */
struct l32_select_args {
	s32 nfds;
	u32 readfds;
	u32 writefds;
	u32 exceptfds;
	u32 timeout;
};
L32_SIZE(l32_select_args, 20);

/* The one argument of the old mmap; offset counts bytes. */
struct l32_mmap_args {
	u32 addr;
	u32 len;
	u32 prot;
	u32 flags;
	u32 fd;
	u32 offset;
};
L32_SIZE(l32_mmap_args, 24);

/* ---- processes ---- */

struct l32_rlimit {
	u32 rlim_cur;
	u32 rlim_max;
};
L32_SIZE(l32_rlimit, 8);

#define L32_RLIM_INFINITY (~0u)

struct l32_rusage {
	struct l32_timeval ru_utime;
	struct l32_timeval ru_stime;
	s32 ru_maxrss; /* KiB */
	s32 ru_rest[13];
};
L32_SIZE(l32_rusage, 72);

struct l32_robust_list_head {
	u32 list;
	s32 futex_offset;
	u32 list_op_pending;
};
L32_SIZE(l32_robust_list_head, 12);

/* A segment as set_thread_area describes it. */
struct l32_user_desc {
	u32 entry_number;
	u32 base_addr;
	u32 limit;
	u32 flags; /* L32_DESC_... */
};
L32_SIZE(l32_user_desc, 16);

#define L32_DESC_SEG_32BIT (1u << 0)
#define L32_DESC_CONTENTS(flags) ((flags) >> 1 & 3)
#define L32_DESC_READ_EXEC_ONLY (1u << 3)
#define L32_DESC_LIMIT_IN_PAGES (1u << 4)
#define L32_DESC_NOT_PRESENT (1u << 5)
#define L32_DESC_USEABLE (1u << 6)
#define L32_DESC_FLAGS 0x7fu

/* ---- signals ---- */

/* A set of 64 signals in two words: aligned to four bytes. */
struct l32_sigaction {
	u32 sa_handler;
	u32 sa_flags;
	u32 sa_restorer;
	u64 sa_mask;
} L32_PACKED;
L32_SIZE(l32_sigaction, 20);

/* Of sigaction, the call with a set of 32 signals. */
struct l32_old_sigaction {
	u32 sa_handler;
	u32 sa_mask;
	u32 sa_flags;
	u32 sa_restorer;
};
L32_SIZE(l32_old_sigaction, 16);

struct l32_stack {
	u32 ss_sp;
	s32 ss_flags;
	u32 ss_size;
};
L32_SIZE(l32_stack, 12);

/* ---- the system ---- */

#define L32_OLD_UTS_LEN 65

/* Of olduname: no domainname. */
struct l32_old_utsname {
	char sysname[L32_OLD_UTS_LEN];
	char nodename[L32_OLD_UTS_LEN];
	char release[L32_OLD_UTS_LEN];
	char version[L32_OLD_UTS_LEN];
	char machine[L32_OLD_UTS_LEN];
};
L32_SIZE(l32_old_utsname, 325);

struct l32_sysinfo {
	s32 uptime;
	u32 loads[3];
	u32 totalram; /* in units of mem_unit bytes, as all that follow */
	u32 freeram;
	u32 sharedram;
	u32 bufferram;
	u32 totalswap;
	u32 freeswap;
	u16 procs;
	u16 pad0;
	u32 totalhigh;
	u32 freehigh;
	u32 mem_unit;
	u8 pad1[8];
};
L32_SIZE(l32_sysinfo, 64);

#endif
