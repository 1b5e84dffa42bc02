/* SPDX-License-Identifier: MIT */
/*
 * Calls on what a file is and not on its bytes: stat in all its forms, access, links'
 * texts, modes, owners, times. Handlers find the inode (sys/args.h), call one service of
 * kernel/fs/vfs.h and convert.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/fs/file_io.h"
#include "kernel/mm/kmalloc.h"
#include "machine/clock.h"
#include "sys/args.h"
#include "sys/stat_impl.h"

/* ---- stat ---- */

static struct l64_stat encode_stat(const struct kstat *st)
{
	return (struct l64_stat){
		.st_dev = st->dev,
		.st_ino = st->ino,
		.st_nlink = st->nlink,
		.st_mode = st->mode,
		.st_uid = st->uid,
		.st_gid = st->gid,
		.st_rdev = st->rdev,
		.st_size = (s64)st->size,
		.st_blksize = st->blksize,
		.st_blocks = (s64)st->blocks512,
		.st_atim = timespec_of(st->atime_ns),
		.st_mtim = timespec_of(st->mtime_ns),
		.st_ctim = timespec_of(st->ctime_ns),
	};
}

static err_t put_stat(uout_stat out, const struct kstat *st)
{
	struct l64_stat l64 = encode_stat(st);
	return put_user(out, &l64);
}

err_t stat_fd(int fd, struct kstat *st)
{
	FILE_HELD f = NULL;
	err_t e = file_get_any(fd, &f);
	return e ? e : file_stat(f, st);
}

err_t stat_path(int dirfd, ustr_t path, enum walk_mode mode, bool empty_ok, struct kstat *st)
{
	INODE_HELD i = NULL;
	err_t e = inode_get(dirfd, path, mode, empty_ok, &i);
	if (!e)
		vfs_stat(i, st);
	return e;
}

long sys_stat(ustr_t path, uout_stat st)
{
	struct kstat k;
	err_t e = stat_path(LINUX_AT_FDCWD, path, WALK_FOLLOW, false, &k);
	return e ? e : put_stat(st, &k);
}

long sys_lstat(ustr_t path, uout_stat st)
{
	struct kstat k;
	err_t e = stat_path(LINUX_AT_FDCWD, path, WALK_NOFOLLOW, false, &k);
	return e ? e : put_stat(st, &k);
}

long sys_fstat(int fd, uout_stat st)
{
	struct kstat k;
	err_t e = stat_fd(fd, &k);
	return e ? e : put_stat(st, &k);
}

static enum walk_mode mode_of(u32 at_flags)
{
	return at_flags & LINUX_AT_SYMLINK_NOFOLLOW ? WALK_NOFOLLOW : WALK_FOLLOW;
}

#define STAT_FLAGS (LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_NO_AUTOMOUNT | LINUX_AT_EMPTY_PATH)

err_t stat_at(int dirfd, ustr_t path, u32 flags, struct kstat *st)
{
	if (flags & ~(u32)STAT_FLAGS)
		return -EINVAL;
	return stat_path(dirfd, path, mode_of(flags), flags & LINUX_AT_EMPTY_PATH, st);
}

long sys_newfstatat(int dirfd, ustr_t path, uout_stat st, u32 flags)
{
	struct kstat k;
	err_t e = stat_at(dirfd, path, flags, &k);
	return e ? e : put_stat(st, &k);
}

static struct l64_statx_timestamp statx_time(s64 ns)
{
	struct l64_timespec ts = timespec_of(ns);
	return (struct l64_statx_timestamp){ .tv_sec = ts.tv_sec, .tv_nsec = (u32)ts.tv_nsec };
}

/* The two halves of a device number: kernel/fs/devices.h. */
static u32 dev_major(u64 dev)
{
	return (u32)(dev >> 8) & 0xfff;
}
static u32 dev_minor(u64 dev)
{
	return (u32)(dev & 0xff) | ((u32)(dev >> 12) & ~0xffu);
}

static struct l64_statx encode_statx(const struct kstat *st)
{
	return (struct l64_statx){
		.stx_mask = LINUX_STATX_BASIC_STATS | LINUX_STATX_BTIME | LINUX_STATX_MNT_ID,
		.stx_blksize = st->blksize,
		.stx_nlink = st->nlink,
		.stx_uid = st->uid,
		.stx_gid = st->gid,
		.stx_mode = (u16)st->mode,
		.stx_ino = st->ino,
		.stx_size = st->size,
		.stx_blocks = st->blocks512,
		.stx_atime = statx_time(st->atime_ns),
		.stx_btime = statx_time(st->btime_ns),
		.stx_ctime = statx_time(st->ctime_ns),
		.stx_mtime = statx_time(st->mtime_ns),
		.stx_rdev_major = dev_major(st->rdev),
		.stx_rdev_minor = dev_minor(st->rdev),
		.stx_dev_major = dev_major(st->dev),
		.stx_dev_minor = dev_minor(st->dev),
		.stx_mnt_id = st->dev, /* each superblock is mounted once */
	};
}

#define STATX_MASK_RESERVED 0x80000000u

long sys_statx(int dirfd, ustr_t path, u32 flags, u32 mask, uout_statx st)
{
	struct kstat k;
	if (mask & STATX_MASK_RESERVED || flags & ~(u32)(STAT_FLAGS | LINUX_AT_STATX_SYNC_TYPE) ||
	    (flags & LINUX_AT_STATX_SYNC_TYPE) == LINUX_AT_STATX_SYNC_TYPE)
		return -EINVAL;
	err_t e = stat_path(dirfd, path, mode_of(flags), flags & LINUX_AT_EMPTY_PATH, &k);
	if (e)
		return e;
	struct l64_statx l64 = encode_statx(&k);
	return put_user(st, &l64);
}

/* ---- access ---- */

_Static_assert(LINUX_R_OK == MAY_READ && LINUX_W_OK == MAY_WRITE && LINUX_X_OK == MAY_EXEC,
	       "access modes are passed on as they are");

#define ACCESS_FLAGS (LINUX_AT_EACCESS | LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_EMPTY_PATH)

long sys_faccessat2(int dirfd, ustr_t path, u32 mode, u32 flags)
{
	INODE_HELD i = NULL;
	if (mode & ~(u32)(MAY_READ | MAY_WRITE | MAY_EXEC) || flags & ~(u32)ACCESS_FLAGS)
		return -EINVAL;
	err_t e = inode_get(dirfd, path, mode_of(flags), flags & LINUX_AT_EMPTY_PATH, &i);
	if (e)
		return e;
	return vfs_access(i, mode, flags & LINUX_AT_EACCESS ? fs_cred_effective() : fs_cred_real());
}

long sys_faccessat(int dirfd, ustr_t path, u32 mode)
{
	return sys_faccessat2(dirfd, path, mode, 0);
}

long sys_access(ustr_t path, u32 mode)
{
	return sys_faccessat2(LINUX_AT_FDCWD, path, mode, 0);
}

/* ---- symbolic links ---- */

/* An empty path names the link that dirfd was opened on; with AT_FDCWD it names nothing. */
static err_t link_get(int dirfd, ustr_t path, struct inode **out)
{
	return inode_get(dirfd, path, WALK_NOFOLLOW, dirfd != LINUX_AT_FDCWD, out);
}

long sys_readlinkat(int dirfd, ustr_t path, uout_char buf, u64 size)
{
	INODE_HELD i = NULL;
	u64 len = 0;
	if ((s32)size <= 0) /* an int in Linux */
		return -EINVAL;
	err_t e = link_get(dirfd, path, &i);
	if (e)
		return e;
	char *text = kmalloc(PATH_MAX);
	if (!text)
		return -ENOMEM;
	e = vfs_readlink(i, text, min_u64((u32)size, PATH_MAX), &len);
	if (!e)
		e = copyout(buf.a, text, len);
	kfree(text);
	return e ? e : (long)len;
}

long sys_readlink(ustr_t path, uout_char buf, u64 size)
{
	return sys_readlinkat(LINUX_AT_FDCWD, path, buf, size);
}

/* ---- file systems ---- */

static struct l64_statfs encode_statfs(struct inode *i)
{
	struct fs_stats st;
	vfs_statfs(i, &st);
	return (struct l64_statfs){
		.f_type = (s64)st.magic,
		.f_bsize = (s64)st.block_size,
		.f_blocks = st.blocks,
		.f_bfree = st.blocks_free,
		.f_bavail = st.blocks_free,
		.f_files = st.files,
		.f_ffree = st.files_free,
		.f_fsid = { (s32)st.dev, 0 },
		.f_namelen = NAME_MAX,
		.f_frsize = (s64)st.block_size,
		.f_flags = LINUX_ST_VALID | LINUX_ST_RELATIME | (st.readonly ? LINUX_ST_RDONLY : 0),
	};
}

err_t statfs_path(ustr_t path, struct l64_statfs *st)
{
	INODE_HELD i = NULL;
	err_t e = inode_get(LINUX_AT_FDCWD, path, WALK_FOLLOW, false, &i);
	if (!e)
		*st = encode_statfs(i);
	return e;
}

err_t statfs_fd(int fd, struct l64_statfs *st)
{
	INODE_HELD i = NULL;
	err_t e = inode_get_fd(fd, &i);
	if (!e)
		*st = encode_statfs(i);
	return e;
}

long sys_statfs(ustr_t path, uout_statfs buf)
{
	struct l64_statfs st;
	err_t e = statfs_path(path, &st);
	return e ? e : put_user(buf, &st);
}

long sys_fstatfs(int fd, uout_statfs buf)
{
	struct l64_statfs st;
	err_t e = statfs_fd(fd, &st);
	return e ? e : put_user(buf, &st);
}

/* ---- modes and owners ---- */

long sys_umask(u32 mask)
{
	return fs_umask_swap(current_fs(), mask);
}

/* The inode of a descriptor that was really opened. */
static err_t inode_get_open(int fd, struct inode **out)
{
	FILE_HELD f = NULL;
	err_t e = file_get(fd, &f);
	return e ? e : inode_get_fd(fd, out);
}

long sys_fchmodat(int dirfd, ustr_t path, u32 mode)
{
	INODE_HELD i = NULL;
	err_t e = inode_get(dirfd, path, WALK_FOLLOW, false, &i);
	return e ? e : vfs_chmod(i, mode);
}

long sys_chmod(ustr_t path, u32 mode)
{
	return sys_fchmodat(LINUX_AT_FDCWD, path, mode);
}

long sys_fchmod(int fd, u32 mode)
{
	INODE_HELD i = NULL;
	err_t e = inode_get_open(fd, &i);
	return e ? e : vfs_chmod(i, mode);
}

long sys_fchownat(int dirfd, ustr_t path, u32 owner, u32 group, u32 flags)
{
	INODE_HELD i = NULL;
	if (flags & ~(u32)(LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_EMPTY_PATH))
		return -EINVAL;
	err_t e = inode_get(dirfd, path, mode_of(flags), flags & LINUX_AT_EMPTY_PATH, &i);
	return e ? e : vfs_chown(i, owner, group);
}

long sys_chown(ustr_t path, u32 owner, u32 group)
{
	return sys_fchownat(LINUX_AT_FDCWD, path, owner, group, 0);
}

long sys_lchown(ustr_t path, u32 owner, u32 group)
{
	return sys_fchownat(LINUX_AT_FDCWD, path, owner, group, LINUX_AT_SYMLINK_NOFOLLOW);
}

long sys_fchown(int fd, u32 owner, u32 group)
{
	INODE_HELD i = NULL;
	err_t e = inode_get_open(fd, &i);
	return e ? e : vfs_chown(i, owner, group);
}

/* ---- times ---- */

struct new_times times_now(void)
{
	s64 now = (s64)clock_realtime_ns();
	return (struct new_times){ now, now, true };
}

static err_t decode_time(const struct l64_timespec *ts, s64 now, s64 *out)
{
	if (ts->tv_nsec == LINUX_UTIME_NOW)
		*out = now;
	else if (ts->tv_nsec == LINUX_UTIME_OMIT)
		*out = TIME_KEEP;
	else if (ts->tv_nsec < 0 || ts->tv_nsec >= (s64)NSEC_PER_SEC)
		return -EINVAL;
	else
		*out = ns_of(ts->tv_sec, ts->tv_nsec);
	return 0;
}

static err_t times_decode(const struct l64_timespec ts[2], struct new_times *out)
{
	err_t e;
	out->both_now = ts[0].tv_nsec == LINUX_UTIME_NOW && ts[1].tv_nsec == LINUX_UTIME_NOW;
	e = decode_time(&ts[0], out->atime_ns, &out->atime_ns);
	return e ? e : decode_time(&ts[1], out->mtime_ns, &out->mtime_ns);
}

err_t times_decode_usec(const struct l64_timeval tv[2], struct new_times *out)
{
	for (int n = 0; n < 2; n++) {
		if (tv[n].tv_usec < 0 || tv[n].tv_usec >= 1000000)
			return -EINVAL;
	}
	*out = (struct new_times){ ns_of(tv[0].tv_sec, tv[0].tv_usec * 1000),
				   ns_of(tv[1].tv_sec, tv[1].tv_usec * 1000), false };
	return 0;
}

err_t set_times(int dirfd, ustr_t path, u32 flags, const struct new_times *t)
{
	INODE_HELD i = NULL;
	err_t e;
	if (!path.a && dirfd != LINUX_AT_FDCWD)
		e = flags ? -EINVAL : inode_get_open(dirfd, &i);
	else
		e = inode_get(dirfd, path, mode_of(flags), flags & LINUX_AT_EMPTY_PATH, &i);
	return e ? e : vfs_set_times(i, t->atime_ns, t->mtime_ns, t->both_now);
}

long set_times_at(int dirfd, ustr_t path, const struct l64_timespec *times, u32 flags)
{
	struct new_times t = times_now();
	err_t e = times ? times_decode(times, &t) : 0;
	if (e)
		return e;
	if (t.atime_ns == TIME_KEEP && t.mtime_ns == TIME_KEEP)
		return 0; /* not even the path is looked at */
	if (flags & ~(u32)(LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_EMPTY_PATH))
		return -EINVAL;
	return set_times(dirfd, path, flags, &t);
}

long sys_utimensat(int dirfd, ustr_t path, uin_timespec times, u32 flags)
{
	struct l64_timespec ts[2];
	err_t e = times.a ? copyin(ts, times.a, sizeof ts) : 0;
	return e ? e : set_times_at(dirfd, path, times.a ? ts : NULL, flags);
}

long sys_futimesat(int dirfd, ustr_t path, uin_timeval times)
{
	struct new_times t = times_now();
	struct l64_timeval tv[2];
	err_t e = times.a ? copyin(tv, times.a, sizeof tv) : 0;
	if (!e && times.a)
		e = times_decode_usec(tv, &t);
	return e ? e : set_times(dirfd, path, 0, &t);
}

long sys_utimes(ustr_t path, uin_timeval times)
{
	return sys_futimesat(LINUX_AT_FDCWD, path, times);
}

long sys_utime(ustr_t path, uin_utimbuf times)
{
	struct new_times t = times_now();
	if (times.a) {
		struct l64_utimbuf ut;
		err_t e = get_user(&ut, times);
		if (e)
			return e;
		t = (struct new_times){ ns_of(ut.actime, 0), ns_of(ut.modtime, 0), false };
	}
	return set_times(LINUX_AT_FDCWD, path, 0, &t);
}

/* ---- extended attributes: no file system here has any ---- */

#define XATTR_NAME_SIZE 256 /* with the NUL */

static err_t no_xattr(ustr_t name)
{
	char text[XATTR_NAME_SIZE];
	u64 len;
	err_t e = copyinstr(text, name.a, sizeof text, &len);
	if (e == -ENAMETOOLONG || (!e && len == 0))
		return -ERANGE;
	return e ? e : -EOPNOTSUPP;
}

static long getxattr(ustr_t path, enum walk_mode mode, ustr_t name)
{
	INODE_HELD i = NULL;
	err_t e = inode_get(LINUX_AT_FDCWD, path, mode, false, &i);
	return e ? e : no_xattr(name);
}

long sys_getxattr(ustr_t path, ustr_t name, uout_char value, u64 size)
{
	(void)value, (void)size;
	return getxattr(path, WALK_FOLLOW, name);
}

long sys_lgetxattr(ustr_t path, ustr_t name, uout_char value, u64 size)
{
	(void)value, (void)size;
	return getxattr(path, WALK_NOFOLLOW, name);
}

long sys_fgetxattr(int fd, ustr_t name, uout_char value, u64 size)
{
	INODE_HELD i = NULL;
	(void)value, (void)size;
	err_t e = inode_get_open(fd, &i);
	return e ? e : no_xattr(name);
}

static long listxattr(ustr_t path, enum walk_mode mode)
{
	INODE_HELD i = NULL;
	return inode_get(LINUX_AT_FDCWD, path, mode, false, &i);
}

long sys_listxattr(ustr_t path, uout_char list, u64 size)
{
	(void)list, (void)size;
	return listxattr(path, WALK_FOLLOW);
}

long sys_llistxattr(ustr_t path, uout_char list, u64 size)
{
	(void)list, (void)size;
	return listxattr(path, WALK_NOFOLLOW);
}

long sys_flistxattr(int fd, uout_char list, u64 size)
{
	INODE_HELD i = NULL;
	(void)list, (void)size;
	return inode_get_open(fd, &i);
}
