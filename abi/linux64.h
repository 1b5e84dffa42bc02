/* SPDX-License-Identifier: MIT */
/*
 * Structs of the Linux x86-64 system-call ABI, as bytes in user memory.
 *
 * They are the kernel's layouts, not libc's: struct l64_sigaction has a restorer, struct
 * l64_termios has 19 control characters. Only fixed-width members, padding spelled out, so that
 * a struct filled from an initialiser hands no stray kernel bytes to user code. Every size and
 * every offset that is not evident is asserted.
 *
 * Used by the handlers in sys/, by kernel/trace and by the strace decoder on the host.
 * Source: the uapi headers of Linux and the x86-64 psABI.
 */
#ifndef ABI_LINUX64_H
#define ABI_LINUX64_H

#include "base/types.h"

#define L64_SIZE(T, n) _Static_assert(sizeof(struct T) == (n), #T " has the wrong size")
#define L64_AT(T, member, n) \
	_Static_assert(offsetof(struct T, member) == (n), #T "." #member " is in the wrong place")

/* ---- time ---- */

struct l64_timespec {
	s64 tv_sec;
	s64 tv_nsec;
};
L64_SIZE(l64_timespec, 16);

struct l64_timeval {
	s64 tv_sec;
	s64 tv_usec;
};
L64_SIZE(l64_timeval, 16);

struct l64_timezone {
	s32 tz_minuteswest;
	s32 tz_dsttime;
};
L64_SIZE(l64_timezone, 8);

struct l64_itimerval {
	struct l64_timeval it_interval;
	struct l64_timeval it_value;
};
L64_SIZE(l64_itimerval, 32);

struct l64_itimerspec {
	struct l64_timespec it_interval;
	struct l64_timespec it_value;
};
L64_SIZE(l64_itimerspec, 32);

struct l64_utimbuf {
	s64 actime;
	s64 modtime;
};
L64_SIZE(l64_utimbuf, 16);

struct l64_tms {
	s64 tms_utime; /* all four in units of 1/100 s */
	s64 tms_stime;
	s64 tms_cutime;
	s64 tms_cstime;
};
L64_SIZE(l64_tms, 32);

/* ---- files ---- */

struct l64_stat {
	u64 st_dev;
	u64 st_ino;
	u64 st_nlink;
	u32 st_mode;
	u32 st_uid;
	u32 st_gid;
	u32 pad0;
	u64 st_rdev;
	s64 st_size;
	s64 st_blksize;
	s64 st_blocks; /* of 512 bytes */
	struct l64_timespec st_atim;
	struct l64_timespec st_mtim;
	struct l64_timespec st_ctim;
	s64 reserved[3];
};
L64_SIZE(l64_stat, 144);
L64_AT(l64_stat, st_mode, 24);
L64_AT(l64_stat, st_rdev, 40);
L64_AT(l64_stat, st_size, 48);
L64_AT(l64_stat, st_atim, 72);

struct l64_statx_timestamp {
	s64 tv_sec;
	u32 tv_nsec;
	s32 reserved;
};
L64_SIZE(l64_statx_timestamp, 16);

struct l64_statx {
	u32 stx_mask;
	u32 stx_blksize;
	u64 stx_attributes;
	u32 stx_nlink;
	u32 stx_uid;
	u32 stx_gid;
	u16 stx_mode;
	u16 pad0;
	u64 stx_ino;
	u64 stx_size;
	u64 stx_blocks;
	u64 stx_attributes_mask;
	struct l64_statx_timestamp stx_atime;
	struct l64_statx_timestamp stx_btime;
	struct l64_statx_timestamp stx_ctime;
	struct l64_statx_timestamp stx_mtime;
	u32 stx_rdev_major;
	u32 stx_rdev_minor;
	u32 stx_dev_major;
	u32 stx_dev_minor;
	u64 stx_mnt_id;
	u32 stx_dio_mem_align;
	u32 stx_dio_offset_align;
	u64 reserved[12];
};
L64_SIZE(l64_statx, 256);
L64_AT(l64_statx, stx_ino, 32);
L64_AT(l64_statx, stx_atime, 64);
L64_AT(l64_statx, stx_rdev_major, 128);
L64_AT(l64_statx, stx_mnt_id, 144);

struct l64_statfs {
	s64 f_type;
	s64 f_bsize;
	u64 f_blocks;
	u64 f_bfree;
	u64 f_bavail;
	u64 f_files;
	u64 f_ffree;
	s32 f_fsid[2];
	s64 f_namelen;
	s64 f_frsize;
	s64 f_flags;
	s64 f_spare[4];
};
L64_SIZE(l64_statfs, 120);
L64_AT(l64_statfs, f_fsid, 56);
L64_AT(l64_statfs, f_flags, 80);

/* Records of getdents64: the name follows, NUL-terminated, and d_reclen is a multiple of 8. */
struct l64_dirent64 {
	u64 d_ino;
	s64 d_off;
	u16 d_reclen;
	u8 d_type;
	char d_name[];
};
L64_AT(l64_dirent64, d_reclen, 16);
L64_AT(l64_dirent64, d_type, 18);
L64_AT(l64_dirent64, d_name, 19);

/* Records of getdents: the type stands in the last byte of the record, behind the name. */
struct l64_dirent {
	u64 d_ino;
	u64 d_off;
	u16 d_reclen;
	char d_name[];
};
L64_AT(l64_dirent, d_name, 18);

struct l64_iovec {
	u64 iov_base;
	u64 iov_len;
};
L64_SIZE(l64_iovec, 16);

struct l64_flock {
	s16 l_type;
	s16 l_whence;
	u32 pad0;
	s64 l_start;
	s64 l_len;
	s32 l_pid;
	u32 pad1;
};
L64_SIZE(l64_flock, 32);
L64_AT(l64_flock, l_start, 8);

struct l64_pollfd {
	s32 fd;
	s16 events;
	s16 revents;
};
L64_SIZE(l64_pollfd, 8);

/* Last argument of pselect6: two things where one register was left. */
struct l64_sigset_arg {
	u64 ss;
	u64 ss_len;
};
L64_SIZE(l64_sigset_arg, 16);

/* ---- terminals ---- */

#define L64_NCCS 19

struct l64_termios {
	u32 c_iflag;
	u32 c_oflag;
	u32 c_cflag;
	u32 c_lflag;
	u8 c_line;
	u8 c_cc[L64_NCCS];
};
L64_SIZE(l64_termios, 36);
L64_AT(l64_termios, c_cc, 17);

struct l64_winsize {
	u16 ws_row;
	u16 ws_col;
	u16 ws_xpixel;
	u16 ws_ypixel;
};
L64_SIZE(l64_winsize, 8);

/* ---- processes ---- */

struct l64_rlimit {
	u64 rlim_cur;
	u64 rlim_max;
};
L64_SIZE(l64_rlimit, 16);

#define L64_RLIM_INFINITY (~0ull)

struct l64_rusage {
	struct l64_timeval ru_utime;
	struct l64_timeval ru_stime;
	s64 ru_maxrss; /* KiB */
	s64 ru_ixrss;
	s64 ru_idrss;
	s64 ru_isrss;
	s64 ru_minflt;
	s64 ru_majflt;
	s64 ru_nswap;
	s64 ru_inblock;
	s64 ru_oublock;
	s64 ru_msgsnd;
	s64 ru_msgrcv;
	s64 ru_nsignals;
	s64 ru_nvcsw;
	s64 ru_nivcsw;
};
L64_SIZE(l64_rusage, 144);

struct l64_sched_param {
	s32 sched_priority;
};
L64_SIZE(l64_sched_param, 4);

/* A user list of held robust futexes; the kernel stores only its address. */
struct l64_robust_list_head {
	u64 list;
	s64 futex_offset;
	u64 list_op_pending;
};
L64_SIZE(l64_robust_list_head, 24);

struct l64_rseq {
	u32 cpu_id_start;
	u32 cpu_id;
	u64 rseq_cs;
	u32 flags;
	u32 node_id;
	u32 mm_cid;
	u32 pad0;
};
L64_SIZE(l64_rseq, 32);
L64_AT(l64_rseq, rseq_cs, 8);

struct l64_cap_header {
	u32 version;
	s32 pid;
};
L64_SIZE(l64_cap_header, 8);

struct l64_cap_data {
	u32 effective;
	u32 permitted;
	u32 inheritable;
};
L64_SIZE(l64_cap_data, 12);

/* A thread's name (PR_SET_NAME), NUL-terminated. */
struct l64_taskname {
	char name[16];
};
L64_SIZE(l64_taskname, 16);

/* ---- signals ---- */

struct l64_sigaction {
	u64 sa_handler;
	u64 sa_flags;
	u64 sa_restorer;
	u64 sa_mask;
};
L64_SIZE(l64_sigaction, 32);

struct l64_stack {
	u64 ss_sp;
	s32 ss_flags;
	u32 pad0;
	u64 ss_size;
};
L64_SIZE(l64_stack, 24);
L64_AT(l64_stack, ss_size, 16);

struct l64_siginfo {
	s32 si_signo;
	s32 si_errno;
	s32 si_code;
	u32 pad0;
	union {
		struct {
			s32 si_pid;
			u32 si_uid;
			union {
				s32 si_status; /* SIGCHLD */
				u64 si_value;  /* sent with a value */
			};
			s64 si_utime;
			s64 si_stime;
		};
		struct { /* faults */
			u64 si_addr;
			s16 si_addr_lsb;
		};
		u8 pad1[112];
	};
};
L64_SIZE(l64_siginfo, 128);
L64_AT(l64_siginfo, si_pid, 16);
L64_AT(l64_siginfo, si_status, 24);
L64_AT(l64_siginfo, si_utime, 32);
L64_AT(l64_siginfo, si_addr, 16);

/* ---- the system ---- */

#define L64_UTS_LEN 65

struct l64_utsname {
	char sysname[L64_UTS_LEN];
	char nodename[L64_UTS_LEN];
	char release[L64_UTS_LEN];
	char version[L64_UTS_LEN];
	char machine[L64_UTS_LEN];
	char domainname[L64_UTS_LEN];
};
L64_SIZE(l64_utsname, 390);

struct l64_sysinfo {
	s64 uptime;
	u64 loads[3]; /* fixed point, 16 fraction bits */
	u64 totalram; /* in units of mem_unit bytes, as all that follow */
	u64 freeram;
	u64 sharedram;
	u64 bufferram;
	u64 totalswap;
	u64 freeswap;
	u16 procs;
	u16 pad0;
	u32 pad1;
	u64 totalhigh;
	u64 freehigh;
	u32 mem_unit;
	u32 pad2;
};
L64_SIZE(l64_sysinfo, 112);
L64_AT(l64_sysinfo, procs, 80);
L64_AT(l64_sysinfo, mem_unit, 104);

#endif
