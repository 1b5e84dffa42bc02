/* SPDX-License-Identifier: MIT */
/*
 * The i386 forms of calls on descriptors: vectors of 32-bit ranges, file offsets in two
 * registers, three layouts of struct flock. What they do is sys/file.c's.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "sys/args.h"
#include "sys/file_impl.h"

/* ---- read and write ---- */

/* A 64-bit number that came in two registers. */
static s64 joined(u64 low, u64 high)
{
	return (s64)(low | high << 32);
}

long sys_pread64_split(int fd, uout_char buf, u64 count, u64 pos_low, u64 pos_high)
{
	return transfer_at(fd, UIO_TO_USER, buf.a, count, joined(pos_low, pos_high));
}

long sys_pwrite64_split(int fd, uin_char buf, u64 count, u64 pos_low, u64 pos_high)
{
	return transfer_at(fd, UIO_FROM_USER, buf.a, count, joined(pos_low, pos_high));
}

static struct user_iov user_iov32(uin_iovec32 iov, u64 n)
{
	return (struct user_iov){ .addr = iov.a, .n = (u32)n, .is32 = true };
}

long sys_readv32(int fd, uin_iovec32 iov, u64 iovcnt)
{
	return transfer_vec(fd, UIO_TO_USER, user_iov32(iov, iovcnt), NULL);
}

long sys_writev32(int fd, uin_iovec32 iov, u64 iovcnt)
{
	return transfer_vec(fd, UIO_FROM_USER, user_iov32(iov, iovcnt), NULL);
}

long sys_preadv32(int fd, uin_iovec32 iov, u64 iovcnt, u64 pos_low, u64 pos_high)
{
	return transfer_vec_at(fd, UIO_TO_USER, user_iov32(iov, iovcnt), joined(pos_low, pos_high));
}

long sys_pwritev32(int fd, uin_iovec32 iov, u64 iovcnt, u64 pos_low, u64 pos_high)
{
	return transfer_vec_at(fd, UIO_FROM_USER, user_iov32(iov, iovcnt),
			       joined(pos_low, pos_high));
}

long sys__llseek(int fd, u64 high, u64 low, uout_loff result, u32 whence)
{
	long at = sys_lseek(fd, joined(low, high), whence);
	s64 wide = at;
	err_t e;

	if (at < 0)
		return at;
	e = put_user(result, &wide);
	return e;
}

/* The offset is an off_t here, and sendfile64 has the other one. */
long sys_sendfile32(int out_fd, int in_fd, uinout_off32 offset, u64 count)
{
	s32 narrow = 0;
	u64 pos;
	err_t e = offset.a ? get_user(&narrow, offset) : 0;
	long sent;

	if (e)
		return e;
	if (narrow < 0)
		return -EINVAL;
	pos = (u64)narrow;
	sent = send_file(out_fd, in_fd, offset.a ? &pos : NULL, count);
	narrow = (s32)pos;
	e = offset.a ? put_user(offset, &narrow) : 0;
	return e ? e : sent;
}

/* ---- open ---- */

long sys_open32(ustr_t path, u32 flags, u32 mode)
{
	return open_at(LINUX_AT_FDCWD, path, flags, mode);
}

long sys_openat32(int dirfd, ustr_t path, u32 flags, u32 mode)
{
	return open_at(dirfd, path, flags, mode);
}

/* ---- fcntl ---- */

static err_t flock_get32(uaddr_t from, struct l64_flock *lk)
{
	struct l32_flock in;
	err_t e = copyin(&in, from, sizeof in);

	*lk = (struct l64_flock){ .l_type = in.l_type,
				  .l_whence = in.l_whence,
				  .l_start = in.l_start,
				  .l_len = in.l_len,
				  .l_pid = in.l_pid };
	return e;
}

static err_t flock_put32(uaddr_t to, const struct l64_flock *lk)
{
	struct l32_flock out = { lk->l_type, lk->l_whence, (s32)lk->l_start, (s32)lk->l_len,
				 lk->l_pid };

	return copyout(to, &out, sizeof out);
}

static err_t flock_get32_wide(uaddr_t from, struct l64_flock *lk)
{
	struct l32_flock64 in;
	err_t e = copyin(&in, from, sizeof in);

	*lk = (struct l64_flock){ .l_type = in.l_type,
				  .l_whence = in.l_whence,
				  .l_start = in.l_start,
				  .l_len = in.l_len,
				  .l_pid = in.l_pid };
	return e;
}

static err_t flock_put32_wide(uaddr_t to, const struct l64_flock *lk)
{
	struct l32_flock64 out = { .l_type = lk->l_type,
				   .l_whence = lk->l_whence,
				   .l_start = lk->l_start,
				   .l_len = lk->l_len,
				   .l_pid = lk->l_pid };

	return copyout(to, &out, sizeof out);
}

/* F_GETLK and its like have the short struct, all newer ones the long one. */
long sys_fcntl64(int fd, u32 cmd, u64 arg)
{
	static const struct flock_io narrow = { flock_get32, flock_put32 };
	static const struct flock_io wide = { flock_get32_wide, flock_put32_wide };

	switch (cmd) {
	case LINUX_F_GETLK64:
		return fcntl_with(&wide, fd, LINUX_F_GETLK, arg);
	case LINUX_F_SETLK64:
		return fcntl_with(&wide, fd, LINUX_F_SETLK, arg);
	case LINUX_F_SETLKW64:
		return fcntl_with(&wide, fd, LINUX_F_SETLKW, arg);
	case LINUX_F_OFD_GETLK:
	case LINUX_F_OFD_SETLK:
	case LINUX_F_OFD_SETLKW:
		return fcntl_with(&wide, fd, cmd, arg);
	default:
		return fcntl_with(&narrow, fd, cmd, arg);
	}
}

long sys_fcntl32(int fd, u32 cmd, u64 arg)
{
	switch (cmd) {
	case LINUX_F_GETLK64:
	case LINUX_F_SETLK64:
	case LINUX_F_SETLKW64:
	case LINUX_F_OFD_GETLK:
	case LINUX_F_OFD_SETLK:
	case LINUX_F_OFD_SETLKW:
		return -EINVAL;
	default:
		return sys_fcntl64(fd, cmd, arg);
	}
}

/* ---- sizes and storage ---- */

long sys_truncate64(ustr_t path, u64 low, u64 high)
{
	return sys_truncate(path, joined(low, high));
}

long sys_ftruncate64(int fd, u64 low, u64 high)
{
	return sys_ftruncate(fd, joined(low, high));
}

long sys_fallocate32(int fd, int mode, u64 offset_low, u64 offset_high, u64 length_low,
		     u64 length_high)
{
	return sys_fallocate(fd, mode, joined(offset_low, offset_high),
			     joined(length_low, length_high));
}

long sys_fadvise64_32(int fd, u64 offset_low, u64 offset_high, u64 length, int advice)
{
	return sys_fadvise64(fd, joined(offset_low, offset_high), (s64)length, advice);
}

long sys_fadvise64_64(int fd, u64 offset_low, u64 offset_high, u64 length_low, u64 length_high,
		      int advice)
{
	return sys_fadvise64(fd, joined(offset_low, offset_high), joined(length_low, length_high),
			     advice);
}
