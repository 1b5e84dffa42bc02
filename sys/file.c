/* SPDX-License-Identifier: MIT */
/*
 * Calls on descriptors and what they carry: read and write in all their forms, open and
 * close, dup, fcntl, ioctl, sizes, copies. Each decodes, calls one service of kernel/fs
 * or the descriptor table, and encodes; the order of errors is Linux's.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/fs/file_io.h"
#include "kernel/fs/ramfile.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/uio.h"
#include "kernel/proc/proc.h"
#include "sys/args.h"
#include "sys/file_impl.h"

/* ---- read and write ---- */

/* What a transfer returns: the bytes that went, or why none did. */
static long transferred(err_t e, u64 moved)
{
	return moved ? (long)moved : e;
}

static err_t file_get_for(int fd, enum uio_dir dir, struct file **f)
{
	err_t e = file_get(fd, f);
	if (e)
		return e;
	return (dir == UIO_TO_USER ? file_can_read(*f) : file_can_write(*f)) ? 0 : -EBADF;
}

static long run(struct file *f, struct uio *u, u64 *pos)
{
	u64 moved = 0;
	err_t e = u->dir == UIO_TO_USER ? file_read(f, u, pos, &moved)
					: file_write(f, u, pos, &moved);
	return transferred(e, moved);
}

static long transfer(int fd, enum uio_dir dir, uaddr_t buf, u64 count, u64 *pos)
{
	FILE_HELD f = NULL;
	struct uio u;
	err_t e = file_get_for(fd, dir, &f);
	if (!e)
		e = uio_init(&u, dir, buf, count);
	return e ? e : run(f, &u, pos);
}

long sys_read(int fd, uout_char buf, u64 count)
{
	return transfer(fd, UIO_TO_USER, buf.a, count, NULL);
}

long sys_write(int fd, uin_char buf, u64 count)
{
	return transfer(fd, UIO_FROM_USER, buf.a, count, NULL);
}

long transfer_at(int fd, enum uio_dir dir, uaddr_t buf, u64 count, s64 pos)
{
	u64 at = (u64)pos;
	return pos < 0 ? -EINVAL : transfer(fd, dir, buf, count, &at);
}

long sys_pread64(int fd, uout_char buf, u64 count, s64 pos)
{
	return transfer_at(fd, UIO_TO_USER, buf.a, count, pos);
}

long sys_pwrite64(int fd, uin_char buf, u64 count, s64 pos)
{
	return transfer_at(fd, UIO_FROM_USER, buf.a, count, pos);
}

_Static_assert(sizeof(struct uio_range) == sizeof(struct l64_iovec) &&
		       offsetof(struct uio_range, len) == offsetof(struct l64_iovec, iov_len),
	       "iovecs are copied in as they are");

/* i386 vectors: copied to the end of the array and widened from there. */
static err_t ranges_get32(struct uio_range *ranges, const struct user_iov *iov)
{
	const struct l32_iovec *narrow = (const void *)((u8 *)ranges + iov->n * sizeof *narrow);
	err_t e =
		copyin((u8 *)ranges + iov->n * sizeof *narrow, iov->addr, iov->n * sizeof *narrow);
	for (u64 i = 0; !e && i < iov->n; i++) {
		struct l32_iovec one = narrow[i];
		ranges[i] = (struct uio_range){ one.iov_base, one.iov_len };
		if ((s32)one.iov_len < 0)
			e = -EINVAL;
	}
	return e;
}
_Static_assert(sizeof(struct uio_range) == 2 * sizeof(struct l32_iovec), "two halves");

/* One copy of the user's array; from then on only the copy counts. */
static err_t uio_get_vec(struct uio *u, enum uio_dir dir, const struct user_iov *iov)
{
	if (iov->n > UIO_MAX_IOV)
		return -EINVAL;
	if (iov->n == 0)
		return uio_init(u, dir, 0, 0);
	struct uio_range *ranges = kmalloc(iov->n * sizeof *ranges);
	if (!ranges)
		return -ENOMEM;
	err_t e = iov->is32 ? ranges_get32(ranges, iov)
			    : copyin(ranges, iov->addr, iov->n * sizeof *ranges);
	if (e) {
		kfree(ranges);
		return e;
	}
	e = uio_init_vec(u, dir, ranges, iov->n);
	if (e)
		uio_end(u);
	return e;
}

long transfer_vec(int fd, enum uio_dir dir, struct user_iov iov, u64 *pos)
{
	FILE_HELD f = NULL;
	struct uio u;
	err_t e = file_get_for(fd, dir, &f);
	if (!e)
		e = uio_get_vec(&u, dir, &iov);
	if (e)
		return e;
	long result = run(f, &u, pos);
	uio_end(&u);
	return result;
}

long transfer_vec_at(int fd, enum uio_dir dir, struct user_iov iov, s64 pos)
{
	u64 at = (u64)pos;
	return pos < 0 ? -EINVAL : transfer_vec(fd, dir, iov, &at);
}

static struct user_iov user_iov64(uin_iovec iov, u64 n)
{
	return (struct user_iov){ .addr = iov.a, .n = (u32)n };
}

long sys_readv(int fd, uin_iovec iov, u64 iovcnt)
{
	return transfer_vec(fd, UIO_TO_USER, user_iov64(iov, iovcnt), NULL);
}

long sys_writev(int fd, uin_iovec iov, u64 iovcnt)
{
	return transfer_vec(fd, UIO_FROM_USER, user_iov64(iov, iovcnt), NULL);
}

/* pos_high is there for 32-bit callers; in 64 bits pos is all of it. */
long sys_preadv(int fd, uin_iovec iov, u64 iovcnt, s64 pos, u64 pos_high)
{
	(void)pos_high;
	return transfer_vec_at(fd, UIO_TO_USER, user_iov64(iov, iovcnt), pos);
}

long sys_pwritev(int fd, uin_iovec iov, u64 iovcnt, s64 pos, u64 pos_high)
{
	(void)pos_high;
	return transfer_vec_at(fd, UIO_FROM_USER, user_iov64(iov, iovcnt), pos);
}

long sys_lseek(int fd, s64 offset, u32 whence)
{
	FILE_HELD f = NULL;
	u64 result;
	err_t e = file_get(fd, &f);
	if (!e)
		e = file_seek(f, offset, (int)whence, &result);
	return e ? e : (long)result;
}

/* ---- open and close ---- */

/* Gives a file a descriptor; the reference goes into the table or is dropped. */
static long fd_give(struct file *f, u32 min, bool cloexec)
{
	int fd;
	err_t e = fd_install(current_proc()->fds, f, min, fd_limit(), cloexec, &fd);
	if (e)
		file_unref(f);
	return e ? e : fd;
}

long open_at(int dirfd, ustr_t path, u32 flags, u32 mode)
{
	PLACE_HELD p;
	struct file *f;
	err_t e = place_get(&p, dirfd, path);
	if (!e)
		e = vfs_open(current_fs(), p.at, flags, mode & 07777, &f);
	return e ? e : fd_give(f, 0, flags & LINUX_O_CLOEXEC);
}

long sys_openat(int dirfd, ustr_t path, u32 flags, u32 mode)
{
	return open_at(dirfd, path, flags | LINUX_O_LARGEFILE, mode);
}

long sys_open(ustr_t path, u32 flags, u32 mode)
{
	return sys_openat(LINUX_AT_FDCWD, path, flags, mode);
}

long sys_creat(ustr_t path, u32 mode)
{
	return sys_openat(LINUX_AT_FDCWD, path, LINUX_O_CREAT | LINUX_O_WRONLY | LINUX_O_TRUNC,
			  mode);
}

long sys_close(int fd)
{
	return fd_close(current_proc()->fds, fd);
}

long sys_close_range(u32 first, u32 last, u32 flags)
{
	/* UNSHARE: the table belongs to one process already. */
	if (first > last || flags & ~(LINUX_CLOSE_RANGE_UNSHARE | LINUX_CLOSE_RANGE_CLOEXEC))
		return -EINVAL;
	fd_close_range(current_proc()->fds, first, last, flags & LINUX_CLOSE_RANGE_CLOEXEC);
	return 0;
}

static long dup_above(int fd, u32 min, bool cloexec)
{
	struct file *f;
	err_t e = file_get_any(fd, &f);
	return e ? e : fd_give(f, min, cloexec);
}

long sys_dup(int fd)
{
	return dup_above(fd, 0, false);
}

static long dup_to(int fd, int newfd, bool cloexec)
{
	struct file *f;
	if ((u32)newfd >= fd_limit())
		return -EBADF;
	err_t e = file_get_any(fd, &f);
	if (e)
		return e;
	e = fd_replace(current_proc()->fds, f, newfd, fd_limit(), cloexec);
	if (e)
		file_unref(f);
	return e ? e : newfd;
}

long sys_dup2(int fd, int newfd)
{
	FILE_HELD f = NULL;
	if (fd != newfd)
		return dup_to(fd, newfd, false);
	err_t e = file_get_any(fd, &f);
	return e ? e : newfd;
}

long sys_dup3(int fd, int newfd, u32 flags)
{
	if (flags & ~(u32)LINUX_O_CLOEXEC || fd == newfd)
		return -EINVAL;
	return dup_to(fd, newfd, flags & LINUX_O_CLOEXEC);
}

/* ---- fcntl ---- */

#define SETFL_MASK \
	(LINUX_O_APPEND | LINUX_O_NONBLOCK | LINUX_O_DIRECT | LINUX_O_NOATIME | LINUX_FASYNC)

static err_t set_status_flags(struct file *f, u32 wanted)
{
	u32 old = __atomic_load_n(&f->flags, __ATOMIC_RELAXED);
	__atomic_store_n(&f->flags, (old & ~(u32)SETFL_MASK) | (wanted & SETFL_MASK),
			 __ATOMIC_RELAXED);
	return 0;
}

static bool lock_range_ok(const struct l64_flock *lk)
{
	return (u32)lk->l_whence <= LINUX_SEEK_END &&
	       (lk->l_whence != LINUX_SEEK_SET ||
		(lk->l_start >= 0 && lk->l_start + (lk->l_len < 0 ? lk->l_len : 0) >= 0));
}

/*
 * Record locks keep processes apart, and a process never conflicts with itself: as long as
 * one process has the files, every well-formed lock is granted and none is ever seen.
 */
static err_t set_lock(struct file *f, const struct flock_io *io, uaddr_t arg, bool per_file)
{
	struct l64_flock lk;
	err_t e = io->get(arg, &lk);
	if (e)
		return e;
	if (lk.l_type < LINUX_F_RDLCK || lk.l_type > LINUX_F_UNLCK || !lock_range_ok(&lk) ||
	    (per_file && lk.l_pid))
		return -EINVAL;
	if ((lk.l_type == LINUX_F_RDLCK && !file_can_read(f)) ||
	    (lk.l_type == LINUX_F_WRLCK && !file_can_write(f)))
		return -EBADF;
	return 0;
}

static err_t get_lock(const struct flock_io *io, uaddr_t arg, bool per_file)
{
	struct l64_flock lk;
	err_t e = io->get(arg, &lk);
	if (e)
		return e;
	if ((lk.l_type != LINUX_F_RDLCK && lk.l_type != LINUX_F_WRLCK) || !lock_range_ok(&lk) ||
	    (per_file && lk.l_pid))
		return -EINVAL;
	lk.l_type = LINUX_F_UNLCK;
	return io->put(arg, &lk);
}

static err_t flock_get(uaddr_t from, struct l64_flock *lk)
{
	return copyin(lk, from, sizeof *lk);
}

static err_t flock_put(uaddr_t to, const struct l64_flock *lk)
{
	return copyout(to, lk, sizeof *lk);
}

static const struct flock_io flock_io64 = { flock_get, flock_put };

/* Commands that work on O_PATH descriptors as well; the rest need a real file. */
static bool fcntl_any_file(u32 cmd)
{
	return cmd == LINUX_F_DUPFD || cmd == LINUX_F_DUPFD_CLOEXEC || cmd == LINUX_F_GETFD ||
	       cmd == LINUX_F_SETFD || cmd == LINUX_F_GETFL;
}

static long get_fd_flags(int fd)
{
	bool cloexec;
	err_t e = fd_get_cloexec(current_proc()->fds, fd, &cloexec);
	return e ? e : cloexec ? LINUX_FD_CLOEXEC : 0;
}

static long fcntl_dup(int fd, u64 min, bool cloexec)
{
	return min >= fd_limit() ? -EINVAL : dup_above(fd, (u32)min, cloexec);
}

long fcntl_with(const struct flock_io *io, int fd, u32 cmd, u64 arg)
{
	FILE_HELD f = NULL;
	err_t e = fcntl_any_file(cmd) ? file_get_any(fd, &f) : file_get(fd, &f);
	if (e)
		return e;
	switch (cmd) {
	case LINUX_F_DUPFD:
	case LINUX_F_DUPFD_CLOEXEC:
		return fcntl_dup(fd, arg, cmd == LINUX_F_DUPFD_CLOEXEC);
	case LINUX_F_GETFD:
		return get_fd_flags(fd);
	case LINUX_F_SETFD:
		return fd_set_cloexec(current_proc()->fds, fd, arg & LINUX_FD_CLOEXEC);
	case LINUX_F_GETFL:
		return f->flags;
	case LINUX_F_SETFL:
		return set_status_flags(f, (u32)arg);
	case LINUX_F_GETLK:
	case LINUX_F_OFD_GETLK:
		return get_lock(io, arg, cmd == LINUX_F_OFD_GETLK);
	case LINUX_F_SETLK:
	case LINUX_F_SETLKW:
		return set_lock(f, io, arg, false);
	case LINUX_F_OFD_SETLK:
	case LINUX_F_OFD_SETLKW:
		return set_lock(f, io, arg, true);
	case LINUX_F_GETOWN: /* nobody is told by signals (O_ASYNC) */
	case LINUX_F_GETSIG:
	case LINUX_F_SETOWN:
		return 0;
	case LINUX_F_GETLEASE:
		return LINUX_F_UNLCK;
	default:
		return -EINVAL;
	}
}

long sys_fcntl(int fd, u32 cmd, u64 arg)
{
	return fcntl_with(&flock_io64, fd, cmd, arg);
}

long sys_flock(int fd, u32 op)
{
	FILE_HELD f = NULL;
	u32 what = op & ~(u32)LINUX_LOCK_NB;
	if (what != LINUX_LOCK_SH && what != LINUX_LOCK_EX && what != LINUX_LOCK_UN)
		return -EINVAL;
	return file_get(fd, &f); /* granted: see set_lock */
}

/* ---- ioctl ---- */

static err_t set_nonblock(struct file *f, uin_int arg)
{
	int on;
	err_t e = get_user(&on, arg);
	if (e)
		return e;
	u32 flags = f->flags & ~(u32)LINUX_O_NONBLOCK;
	return set_status_flags(f, on ? flags | LINUX_O_NONBLOCK : flags);
}

static err_t bytes_ahead(struct file *f, uout_int arg)
{
	u64 size = ramfile_size(&f->inode->obj);
	int n = (int)(f->pos < size ? min_u64(size - f->pos, INT32_MAX) : 0);
	return put_user(arg, &n);
}

static long ioctl_of_file(struct file *f, u32 request, u64 arg)
{
	long result = 0;
	if (!f->ops->ioctl)
		return -ENOTTY;
	err_t e = f->ops->ioctl(f, request, arg, &result);
	return e ? e : result;
}

long sys_ioctl(int fd, u32 request, u64 arg)
{
	FILE_HELD f = NULL;
	err_t e = file_get(fd, &f);
	if (e)
		return e;
	switch (request) {
	case LINUX_FIOCLEX:
	case LINUX_FIONCLEX:
		return fd_set_cloexec(current_proc()->fds, fd, request == LINUX_FIOCLEX);
	case LINUX_FIONBIO:
		return set_nonblock(f, (uin_int){ .a = arg });
	case LINUX_FIONREAD:
		if (f->inode && inode_is_reg(f->inode))
			return bytes_ahead(f, (uout_int){ .a = arg });
		break;
	}
	return ioctl_of_file(f, request, arg);
}

/* ---- sizes and storage ---- */

static long sync_file(int fd)
{
	FILE_HELD f = NULL;
	err_t e = file_get(fd, &f);
	return e ? e : file_sync(f);
}

long sys_fsync(int fd)
{
	return sync_file(fd);
}

long sys_fdatasync(int fd)
{
	return sync_file(fd);
}

long sys_sync(void)
{
	return 0; /* everything is in memory */
}

long sys_syncfs(int fd)
{
	FILE_HELD f = NULL;
	return file_get(fd, &f);
}

long sys_ftruncate(int fd, s64 length)
{
	FILE_HELD f = NULL;
	if (length < 0)
		return -EINVAL;
	err_t e = file_get(fd, &f);
	return e ? e : file_truncate(f, (u64)length);
}

long sys_truncate(ustr_t path, s64 length)
{
	INODE_HELD i = NULL;
	if (length < 0)
		return -EINVAL;
	err_t e = inode_get(LINUX_AT_FDCWD, path, WALK_FOLLOW, false, &i);
	return e ? e : vfs_truncate(i, (u64)length);
}

static err_t fallocate_check(struct file *f, int mode, s64 offset, s64 length)
{
	s64 end;
	if (offset < 0 || length <= 0)
		return -EINVAL;
	if (mode & ~(LINUX_FALLOC_FL_KEEP_SIZE | LINUX_FALLOC_FL_PUNCH_HOLE) ||
	    mode == LINUX_FALLOC_FL_PUNCH_HOLE)
		return -EOPNOTSUPP;
	if (!file_can_write(f))
		return -EBADF;
	if (!f->inode || inode_type(f->inode) == LINUX_S_IFIFO)
		return -ESPIPE;
	if (!inode_is_reg(f->inode))
		return -ENODEV;
	return __builtin_add_overflow(offset, length, &end) ? -EFBIG : 0;
}

long sys_fallocate(int fd, int mode, s64 offset, s64 length)
{
	FILE_HELD f = NULL;
	err_t e = file_get(fd, &f);
	if (!e)
		e = fallocate_check(f, mode, offset, length);
	if (e)
		return e;
	if (mode & LINUX_FALLOC_FL_PUNCH_HOLE)
		return ramfile_punch(f->inode, (u64)offset, (u64)length);
	return ramfile_allocate(f->inode, (u64)offset, (u64)length,
				mode & LINUX_FALLOC_FL_KEEP_SIZE);
}

long sys_fadvise64(int fd, s64 offset, s64 length, int advice)
{
	FILE_HELD f = NULL;
	(void)offset;
	err_t e = file_get(fd, &f);
	if (e)
		return e;
	if (f->inode && inode_type(f->inode) == LINUX_S_IFIFO)
		return -ESPIPE;
	if (length < 0 || advice < LINUX_POSIX_FADV_NORMAL || advice > LINUX_POSIX_FADV_NOREUSE)
		return -EINVAL;
	return 0; /* advice about a disk */
}

/* ---- copies inside the kernel ---- */

/* The offset behind an optional pointer; *pos NULL when there is none. */
static err_t offset_get(uinout_loff arg, s64 *value, u64 **pos)
{
	*pos = NULL;
	if (!arg.a)
		return 0;
	err_t e = get_user(value, arg);
	*pos = (u64 *)value;
	return e ? e : *value < 0 ? -EINVAL : 0;
}

static err_t offset_put(uinout_loff arg, const s64 *value)
{
	return arg.a ? put_user(arg, value) : 0;
}

long send_file(int out_fd, int in_fd, u64 *pos, u64 count)
{
	FILE_HELD in = NULL;
	FILE_HELD out = NULL;
	u64 moved = 0;
	err_t e = file_get_for(in_fd, UIO_TO_USER, &in);
	if (!e)
		e = file_get_for(out_fd, UIO_FROM_USER, &out);
	if (e)
		return e;
	if (!in->inode || !inode_is_reg(in->inode) || (out->flags & LINUX_O_APPEND))
		return -EINVAL;
	e = file_copy(in, pos, out, NULL, min_u64(count, UIO_MAX_BYTES), &moved);
	return transferred(e, moved);
}

long sys_sendfile(int out_fd, int in_fd, uinout_loff offset, u64 count)
{
	s64 value = 0;
	u64 *pos;
	err_t e = offset_get(offset, &value, &pos);
	if (e)
		return e;
	long sent = send_file(out_fd, in_fd, pos, count);
	e = offset_put(offset, &value);
	return e ? e : sent;
}

static err_t copy_range_check(const struct file *in, const struct file *out)
{
	if (!in->inode || !out->inode)
		return -EINVAL;
	if (inode_is_dir(in->inode) || inode_is_dir(out->inode))
		return -EISDIR;
	if (!inode_is_reg(in->inode) || !inode_is_reg(out->inode))
		return -EINVAL;
	if (!file_can_read(in) || !file_can_write(out) || (out->flags & LINUX_O_APPEND))
		return -EBADF;
	return in->inode->sb == out->inode->sb ? 0 : -EXDEV;
}

/* Bytes of `in` from its position to its end: a copy of a file into itself must not chase it. */
static u64 bytes_to_end(const struct file *in, const u64 *in_pos)
{
	u64 from = in_pos ? *in_pos : in->pos, size = ramfile_size(&in->inode->obj);
	return from < size ? size - from : 0;
}

static bool ranges_overlap(const struct file *in, const u64 *in_pos, const struct file *out,
			   const u64 *out_pos, u64 count)
{
	u64 from = in_pos ? *in_pos : in->pos, to = out_pos ? *out_pos : out->pos;
	return in->inode == out->inode && to + count > from && to < from + count;
}

long sys_copy_file_range(int in_fd, uinout_loff in_pos, int out_fd, uinout_loff out_pos, u64 count,
			 u32 flags)
{
	FILE_HELD in = NULL;
	FILE_HELD out = NULL;
	s64 in_value = 0, out_value = 0;
	u64 *in_at, *out_at, moved = 0;
	if (flags)
		return -EINVAL;
	err_t e = file_get(in_fd, &in);
	if (!e)
		e = file_get(out_fd, &out);
	if (!e)
		e = offset_get(in_pos, &in_value, &in_at);
	if (!e)
		e = offset_get(out_pos, &out_value, &out_at);
	if (!e)
		e = copy_range_check(in, out);
	if (e)
		return e;
	count = min_u64(min_u64(count, UIO_MAX_BYTES), bytes_to_end(in, in_at));
	if (ranges_overlap(in, in_at, out, out_at, count))
		return -EINVAL;
	e = file_copy(in, in_at, out, out_at, count, &moved);
	err_t e2 = offset_put(in_pos, &in_value);
	if (!e2)
		e2 = offset_put(out_pos, &out_value);
	return e2 ? e2 : transferred(e, moved);
}
