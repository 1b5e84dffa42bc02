/* SPDX-License-Identifier: MIT */
/*
 * The i386 forms of calls on what a file is: two layouts of struct stat, two of struct
 * statfs, 32-bit times, 16-bit owners. What they do is sys/stat.c's.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "sys/args.h"
#include "sys/ids16.h"
#include "sys/stat_impl.h"

/* ---- stat ---- */

/* Nanoseconds since 1970 as two 32-bit numbers; later than 2106 wraps, as on Linux. */
static u32 seconds(s64 ns)
{
	return (u32)timespec_of(ns).tv_sec;
}

static u32 fraction(s64 ns)
{
	return (u32)timespec_of(ns).tv_nsec;
}

static err_t put_stat64(uout_stat64 out, const struct kstat *st)
{
	struct l32_stat64 s = {
		.st_dev = st->dev,
		.st_ino_low = (u32)st->ino,
		.st_mode = st->mode,
		.st_nlink = (u32)st->nlink,
		.st_uid = st->uid,
		.st_gid = st->gid,
		.st_rdev = st->rdev,
		.st_size = (s64)st->size,
		.st_blksize = (u32)st->blksize,
		.st_blocks = (s64)st->blocks512,
		.st_atime_sec = seconds(st->atime_ns),
		.st_atime_nsec = fraction(st->atime_ns),
		.st_mtime_sec = seconds(st->mtime_ns),
		.st_mtime_nsec = fraction(st->mtime_ns),
		.st_ctime_sec = seconds(st->ctime_ns),
		.st_ctime_nsec = fraction(st->ctime_ns),
		.st_ino = st->ino,
	};
	return put_user(out, &s);
}

/* A device number in 16 bits. */
static bool old_device_ok(u64 dev)
{
	return dev <= UINT16_MAX;
}

/* Of what does not fit, Linux refuses sizes and numbers by which files are told apart. */
static err_t put_stat32(uout_stat32 out, const struct kstat *st)
{
	struct l32_stat s = {
		.st_dev = (u32)st->dev,
		.st_ino = (u32)st->ino,
		.st_mode = (u16)st->mode,
		.st_nlink = (u16)st->nlink,
		.st_uid = id_narrow(st->uid),
		.st_gid = id_narrow(st->gid),
		.st_rdev = (u32)st->rdev,
		.st_size = (u32)st->size,
		.st_blksize = (u32)st->blksize,
		.st_blocks = (u32)st->blocks512,
		.st_atime_sec = seconds(st->atime_ns),
		.st_atime_nsec = fraction(st->atime_ns),
		.st_mtime_sec = seconds(st->mtime_ns),
		.st_mtime_nsec = fraction(st->mtime_ns),
		.st_ctime_sec = seconds(st->ctime_ns),
		.st_ctime_nsec = fraction(st->ctime_ns),
	};
	if (st->size > INT32_MAX || st->ino > UINT32_MAX || s.st_nlink != st->nlink ||
	    !old_device_ok(st->dev) || !old_device_ok(st->rdev))
		return -EOVERFLOW;
	return put_user(out, &s);
}

long sys_stat64(ustr_t path, uout_stat64 st)
{
	struct kstat k;
	err_t e = stat_path(LINUX_AT_FDCWD, path, WALK_FOLLOW, false, &k);
	return e ? e : put_stat64(st, &k);
}

long sys_lstat64(ustr_t path, uout_stat64 st)
{
	struct kstat k;
	err_t e = stat_path(LINUX_AT_FDCWD, path, WALK_NOFOLLOW, false, &k);
	return e ? e : put_stat64(st, &k);
}

long sys_fstat64(int fd, uout_stat64 st)
{
	struct kstat k;
	err_t e = stat_fd(fd, &k);
	return e ? e : put_stat64(st, &k);
}

long sys_fstatat64(int dirfd, ustr_t path, uout_stat64 st, u32 flags)
{
	struct kstat k;
	err_t e = stat_at(dirfd, path, flags, &k);
	return e ? e : put_stat64(st, &k);
}

long sys_stat32(ustr_t path, uout_stat32 st)
{
	struct kstat k;
	err_t e = stat_path(LINUX_AT_FDCWD, path, WALK_FOLLOW, false, &k);
	return e ? e : put_stat32(st, &k);
}

long sys_lstat32(ustr_t path, uout_stat32 st)
{
	struct kstat k;
	err_t e = stat_path(LINUX_AT_FDCWD, path, WALK_NOFOLLOW, false, &k);
	return e ? e : put_stat32(st, &k);
}

long sys_fstat32(int fd, uout_stat32 st)
{
	struct kstat k;
	err_t e = stat_fd(fd, &k);
	return e ? e : put_stat32(st, &k);
}

/* ---- file systems ---- */

static err_t put_statfs64(uout_statfs64 out, const struct l64_statfs *st)
{
	struct l32_statfs64 s = {
		.f_type = (u32)st->f_type,
		.f_bsize = (u32)st->f_bsize,
		.f_blocks = st->f_blocks,
		.f_bfree = st->f_bfree,
		.f_bavail = st->f_bavail,
		.f_files = st->f_files,
		.f_ffree = st->f_ffree,
		.f_fsid = { st->f_fsid[0], st->f_fsid[1] },
		.f_namelen = (u32)st->f_namelen,
		.f_frsize = (u32)st->f_frsize,
		.f_flags = (u32)st->f_flags,
	};
	return put_user(out, &s);
}

/* Counts of inodes are often unknown (all ones): they may be cut off. */
static err_t put_statfs32(uout_statfs32 out, const struct l64_statfs *st)
{
	struct l32_statfs s = {
		.f_type = (u32)st->f_type,
		.f_bsize = (u32)st->f_bsize,
		.f_blocks = (u32)st->f_blocks,
		.f_bfree = (u32)st->f_bfree,
		.f_bavail = (u32)st->f_bavail,
		.f_files = (u32)st->f_files,
		.f_ffree = (u32)st->f_ffree,
		.f_fsid = { st->f_fsid[0], st->f_fsid[1] },
		.f_namelen = (u32)st->f_namelen,
		.f_frsize = (u32)st->f_frsize,
		.f_flags = (u32)st->f_flags,
	};
	if ((st->f_blocks | st->f_bfree | st->f_bavail) >> 32)
		return -EOVERFLOW;
	return put_user(out, &s);
}

long sys_statfs32(ustr_t path, uout_statfs32 buf)
{
	struct l64_statfs st;
	err_t e = statfs_path(path, &st);
	return e ? e : put_statfs32(buf, &st);
}

long sys_fstatfs32(int fd, uout_statfs32 buf)
{
	struct l64_statfs st;
	err_t e = statfs_fd(fd, &st);
	return e ? e : put_statfs32(buf, &st);
}

/* The size is there to tell layouts apart; there has only ever been one. */
long sys_statfs64(ustr_t path, u64 size, uout_statfs64 buf)
{
	struct l64_statfs st;
	err_t e = size == sizeof(struct l32_statfs64) ? statfs_path(path, &st) : -EINVAL;
	return e ? e : put_statfs64(buf, &st);
}

long sys_fstatfs64(int fd, u64 size, uout_statfs64 buf)
{
	struct l64_statfs st;
	err_t e = size == sizeof(struct l32_statfs64) ? statfs_fd(fd, &st) : -EINVAL;
	return e ? e : put_statfs64(buf, &st);
}

/* ---- owners ---- */

long sys_chown16(ustr_t path, u32 owner, u32 group)
{
	return sys_chown(path, id_widen(owner), id_widen(group));
}

long sys_lchown16(ustr_t path, u32 owner, u32 group)
{
	return sys_lchown(path, id_widen(owner), id_widen(group));
}

long sys_fchown16(int fd, u32 owner, u32 group)
{
	return sys_fchown(fd, id_widen(owner), id_widen(group));
}

/* ---- times ---- */

static long set_times_by(timespec_reader *read, u64 element_bytes, int dirfd, ustr_t path,
			 uaddr_t times, u32 flags)
{
	struct l64_timespec ts[2];
	err_t e = 0;

	for (u64 i = 0; times && !e && i < 2; i++)
		e = read(times + i * element_bytes, &ts[i]);
	return e ? e : set_times_at(dirfd, path, times ? ts : NULL, flags);
}

long sys_utimensat32(int dirfd, ustr_t path, uin_timespec32 times, u32 flags)
{
	return set_times_by(timespec_read32, sizeof times.in_[0], dirfd, path, times.a, flags);
}

long sys_utimensat_time64(int dirfd, ustr_t path, uin_timespec64 times, u32 flags)
{
	return set_times_by(timespec_read_time64, sizeof times.in_[0], dirfd, path, times.a, flags);
}

long sys_futimesat32(int dirfd, ustr_t path, uin_timeval32 times)
{
	struct new_times t = times_now();
	struct l32_timeval tv[2];
	err_t e = times.a ? copyin(tv, times.a, sizeof tv) : 0;

	if (!e && times.a)
		e = times_decode_usec((struct l64_timeval[]){ { tv[0].tv_sec, tv[0].tv_usec },
							      { tv[1].tv_sec, tv[1].tv_usec } },
				      &t);
	return e ? e : set_times(dirfd, path, 0, &t);
}

long sys_utimes32(ustr_t path, uin_timeval32 times)
{
	return sys_futimesat32(LINUX_AT_FDCWD, path, times);
}

long sys_utime32(ustr_t path, uin_utimbuf32 times)
{
	struct new_times t = times_now();
	struct l32_utimbuf ut;
	err_t e = times.a ? get_user(&ut, times) : 0;

	if (!e && times.a)
		t = (struct new_times){ ns_of(ut.actime, 0), ns_of(ut.modtime, 0), false };
	return e ? e : set_times(LINUX_AT_FDCWD, path, 0, &t);
}
