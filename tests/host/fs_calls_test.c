/* SPDX-License-Identifier: MIT */
/*
 * What the differential test cannot compare with the host: descriptors and their limits,
 * user memory that faults, devices, /proc/self, other users than root, mappings.
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "gen/signals.h"
#include "kernel/fs/inode.h"
#include "kernel/mm/page.h"

static char buf[20000];

static int boot(void **state)
{
	(void)state;
	fake_boot(NULL, 0, NULL);
	return 0;
}

static void test_descriptors(void **state)
{
	(void)state;
	assert_int_equal(sys_dup(1), 3);
	assert_int_equal(sys_dup2(1, 10), 10);
	assert_int_equal(sys_dup(1), 4);
	assert_int_equal(sys_close(3), 0);
	assert_int_equal(sys_dup(1), 3);
	assert_int_equal(sys_close(3), 0);
	assert_int_equal(sys_close(3), -EBADF);
	assert_int_equal(sys_close(-1), -EBADF);
	assert_int_equal(sys_dup2(1, 1), 1);
	assert_int_equal(sys_dup2(99, 99), -EBADF);
	assert_int_equal(sys_dup3(1, 1, 0), -EINVAL);
	assert_int_equal(sys_dup3(1, 5, 1), -EINVAL);
	assert_int_equal(sys_dup3(1, 5, LINUX_O_CLOEXEC), 5);
	assert_int_equal(sys_fcntl(5, LINUX_F_GETFD, 0), LINUX_FD_CLOEXEC);
	assert_int_equal(sys_dup2(1, 1024), -EBADF);
	assert_int_equal(sys_dup2(1, 1023), 1023);
	assert_int_equal(sys_fcntl(1, LINUX_F_DUPFD, 1024), -EINVAL);
	assert_int_equal(sys_fcntl(1, LINUX_F_DUPFD, 1023), -EMFILE);
	assert_int_equal(sys_fcntl(1, LINUX_F_DUPFD_CLOEXEC, 10), 11);
	assert_int_equal(sys_fcntl(11, LINUX_F_GETFD, 0), LINUX_FD_CLOEXEC);
	fdtable_exec(current_proc()->fds);
	assert_int_equal(sys_fcntl(11, LINUX_F_GETFD, 0), -EBADF);
	assert_int_equal(sys_fcntl(10, LINUX_F_GETFD, 0), 0);
	assert_int_equal(sys_close_range(9, 5, 0), -EINVAL);
	assert_int_equal(sys_close_range(4, ~0u, LINUX_CLOSE_RANGE_CLOEXEC), 0);
	assert_int_equal(sys_fcntl(10, LINUX_F_GETFD, 0), LINUX_FD_CLOEXEC);
	assert_int_equal(sys_close_range(3, ~0u, 0), 0);
	assert_int_equal(sys_fcntl(10, LINUX_F_GETFD, 0), -EBADF);
	assert_int_equal(sys_dup(1), 3);
	for (int fd = 4; fd < 1024; fd++)
		assert_int_equal(sys_dup(1), fd);
	assert_int_equal(sys_dup(1), -EMFILE);
	assert_int_equal(sys_close(500), 0);
	assert_int_equal(sys_dup(1), 500);
	assert_int_equal(sys_close_range(3, ~0u, 0), 0);
}

static void test_faults(void **state)
{
	struct l64_iovec v[3] = { { (uaddr_t)buf, 10 },
				  { FAKE_BAD_ADDR, 10 },
				  { (uaddr_t)buf, 5 } };
	int fd = open_("/tmp/f", LINUX_O_CREAT | LINUX_O_RDWR);
	(void)state;
	memset(buf, 'b', sizeof buf);
	fake_fault_start = (uaddr_t)buf + 6000;
	fake_fault_end = (uaddr_t)buf + 7000;
	assert_int_equal(sys_write(fd, in(buf), 10000), 6000);
	assert_int_equal(sys_write(fd, in(buf + 6000), 10), -EFAULT);
	assert_int_equal(sys_lseek(fd, 0, LINUX_SEEK_CUR), 6000);
	assert_int_equal(sys_pread64(fd, out(buf + 5999), 10, 0), 1);
	assert_int_equal(sys_pread64(fd, out(buf + 6000), 10, 0), -EFAULT);
	assert_int_equal(sys_pread64(fd, out(buf), 1, -1), -EINVAL);
	assert_int_equal(sys_pread64(99, out(buf), 1, -1), -EINVAL);
	fake_fault_start = fake_fault_end = 0;
	assert_int_equal(sys_lseek(fd, 0, LINUX_SEEK_SET), 0);
	assert_int_equal(sys_readv(fd, (uin_iovec){ .a = (uaddr_t)v }, 3), 10);
	assert_int_equal(sys_lseek(fd, 0, LINUX_SEEK_CUR), 10);
	assert_int_equal(sys_readv(fd, (uin_iovec){ .a = (uaddr_t)v }, 1025), -EINVAL);
	assert_int_equal(sys_readv(fd, (uin_iovec){ .a = FAKE_BAD_ADDR }, 1), -EFAULT);
	assert_int_equal(sys_readv(fd, (uin_iovec){ .a = FAKE_BAD_ADDR }, 0), 0);
	v[0].iov_len = 1ull << 63;
	assert_int_equal(sys_readv(fd, (uin_iovec){ .a = (uaddr_t)v }, 1), -EINVAL);
	assert_int_equal(sys_open(str((char *)FAKE_BAD_ADDR), 0, 0), -EFAULT);
	assert_int_equal(sys_open(str(NULL), 0, 0), -EFAULT);
	assert_int_equal(sys_stat(str("/tmp/f"), (uout_stat){ .a = FAKE_BAD_ADDR }), -EFAULT);
	assert_int_equal(sys_getcwd(out((void *)FAKE_BAD_ADDR), 10), -EFAULT);
	/* a listing that faults is not lost */
	int dir = open_("/", LINUX_O_RDONLY);
	long n = sys_getdents64(dir, (uout_dirents64){ .a = (uaddr_t)buf }, 48);
	assert_true(n > 0);
	assert_int_equal(sys_getdents64(dir, (uout_dirents64){ .a = FAKE_BAD_ADDR }, 4000),
			 -EFAULT);
	assert_true(sys_getdents64(dir, (uout_dirents64){ .a = (uaddr_t)buf }, 4000) > 0);
	assert_int_equal(sys_getdents64(dir, (uout_dirents64){ .a = (uaddr_t)buf }, 4000), 0);
	assert_int_equal(sys_close(dir), 0);
	assert_int_equal(sys_close(fd), 0);
}

static void test_long_paths(void **state)
{
	static char path[5000];
	(void)state;
	memset(path, '/', sizeof path);
	path[4095] = 0;
	assert_int_equal(sys_access(str(path), 0), 0);
	path[4095] = '/';
	path[4096] = 0;
	assert_int_equal(sys_access(str(path), 0), -ENAMETOOLONG);
	memset(path + 1, 'x', 255);
	path[256] = 0;
	assert_int_equal(sys_access(str(path), 0), -ENOENT);
	path[256] = 'x';
	path[257] = 0;
	assert_int_equal(sys_access(str(path), 0), -ENAMETOOLONG);
}

/* 40 links in a row are followed, 41 are not. */
static void test_link_chain(void **state)
{
	char from[30], to[30];
	(void)state;
	assert_int_equal(sys_symlink(str("/tmp"), str("/tmp/l1")), 0);
	for (int i = 2; i <= 41; i++) {
		snprintf(from, sizeof from, "/tmp/l%d", i);
		snprintf(to, sizeof to, "l%d", i - 1);
		assert_int_equal(sys_symlink(str(to), str(from)), 0);
	}
	assert_int_equal(sys_access(str("/tmp/l40"), 0), 0);
	assert_int_equal(sys_access(str("/tmp/l41"), 0), -ELOOP);
	assert_int_equal(sys_access(str("/tmp/l20/l20"), 0), 0);
	assert_int_equal(sys_access(str("/tmp/l20/l21"), 0), -ELOOP);
}

static void test_devices(void **state)
{
	(void)state;
	int null = open_("/dev/null", LINUX_O_RDWR), zero = open_("/dev/zero", LINUX_O_RDWR);
	int full = open_("/dev/full", LINUX_O_RDWR), rnd = open_("/dev/urandom", LINUX_O_RDONLY);
	assert_int_equal(sys_read(null, out(buf), 10), 0);
	assert_int_equal(sys_write(null, in((void *)0x20000), 1 << 30),
			 1 << 30); /* not looked at */
	assert_int_equal(sys_lseek(null, 77, LINUX_SEEK_SET), 0);
	memset(buf, 1, sizeof buf);
	assert_int_equal(sys_read(zero, out(buf), 9000), 9000);
	assert_true(buf[0] == 0 && buf[8999] == 0 && buf[9000] == 1);
	assert_int_equal(sys_write(full, in(buf), 1), -ENOSPC);
	assert_int_equal(sys_write(full, in(buf), 0), 0);
	assert_int_equal(sys_read(rnd, out(buf), 1000), 1000);
	assert_int_equal(sys_ftruncate(null, 0), -EINVAL);
	assert_int_equal(sys_ioctl(null, LINUX_TCGETS, (uaddr_t)buf), -ENOTTY);
	assert_int_equal(sys_mknod(str("/tmp/z"), LINUX_S_IFCHR | 0666, 0x105), 0);
	assert_int_equal(open_("/tmp/z", LINUX_O_RDONLY | LINUX_O_EXCL), rnd + 1);
	assert_int_equal(sys_mknod(str("/tmp/none"), LINUX_S_IFCHR | 0666, 0x777), 0);
	assert_int_equal(open_("/tmp/none", LINUX_O_RDONLY), -ENXIO);
	/* mapped zeros: a new page each, gone with the mapping */
	struct file *f;
	struct vmobj *obj;
	struct page *pg;
	u64 pages = fake_pages_used;
	assert_int_equal(fd_get(current_proc()->fds, zero, &f), 0);
	assert_int_equal(f->ops->mmap(f, &obj), 0);
	assert_int_equal(obj->ops->page_get(obj, 1ull << 40, true, &pg), 0);
	assert_int_equal(((char *)page_kva(pg))[100], 0);
	page_unref(pg);
	vmobj_unref(obj);
	assert_int_equal(fake_pages_used, pages);
	file_unref(f);
	assert_int_equal(sys_close_range(3, ~0u, 0), 0);
}

static void test_proc_self(void **state)
{
	char exe[] = "/bin/prog";
	(void)state;
	current_proc()->exe_path = exe;
	assert_int_equal(sys_readlink(str("/proc/self/exe"), out(buf), 100), 9);
	assert_memory_equal(buf, exe, 9);
	assert_int_equal(open_("/proc/self/exe", 0), -ENOENT); /* there is no such file here */
	int fd = open_("/tmp/f2", LINUX_O_CREAT | LINUX_O_RDWR);
	assert_int_equal(sys_write(fd, in("abc"), 3), 3);
	snprintf(buf, 100, "/proc/self/fd/%d", fd);
	assert_int_equal(sys_readlink(str(buf), out(buf + 200), 100), 7);
	assert_memory_equal(buf + 200, "/tmp/f2", 7);
	int again = open_(buf, LINUX_O_RDONLY);
	assert_int_equal(sys_read(again, out(buf + 200), 100), 3);
	assert_int_equal(sys_unlink(str("/tmp/f2")), 0);
	assert_int_equal(sys_close(again), 0);
	again = open_(buf, LINUX_O_RDONLY); /* even without a name */
	assert_int_equal(sys_read(again, out(buf + 200), 100), 3);
	assert_int_equal(sys_close(again), 0);
	assert_int_equal(open_("/proc/self/fd/99", 0), -ENOENT);
	assert_int_equal(open_("/proc/self/fd/00", 0), -ENOENT);
	assert_int_equal(sys_close(fd), 0);
	assert_int_equal(sys_chdir(str("/tmp")), 0);
	assert_int_equal(sys_readlink(str("/proc/self/cwd"), out(buf), 100), 4);
	assert_int_equal(sys_access(str("/proc/self/cwd/../proc/self/root/tmp"), 0), 0);
	assert_int_equal(sys_chdir(str("/")), 0);
	assert_int_equal(sys_mkdir(str("/proc/x"), 0), -EROFS);
}

static void as_user(u32 uid)
{
	current_proc()->cred.euid = current_proc()->cred.uid = uid;
}

static void test_users(void **state)
{
	(void)state;
	assert_int_equal(sys_mkdir(str("/tmp/priv"), 0700), 0);
	assert_int_equal(sys_mkdir(str("/tmp/open"), 0777), 0);
	assert_int_equal(sys_chmod(str("/tmp/open"), 01777), 0);
	assert_int_equal(sys_close(open_("/tmp/open/roots", LINUX_O_CREAT)), 0);
	as_user(1000);
	assert_int_equal(open_("/tmp/priv/x", LINUX_O_CREAT), -EACCES);
	assert_int_equal(sys_access(str("/tmp/priv/x"), 0), -EACCES);
	assert_int_equal(open_("/tmp/open/roots", LINUX_O_WRONLY), -EACCES);
	assert_int_equal(sys_unlink(str("/tmp/open/roots")), -EPERM); /* sticky */
	assert_int_equal(sys_chmod(str("/tmp/open/roots"), 0777), -EPERM);
	int fd = open_("/tmp/open/mine", LINUX_O_CREAT | LINUX_O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(sys_fchown(fd, 0, ~0u), -EPERM);
	assert_int_equal(sys_fchmod(fd, 04711), 0);
	assert_int_equal(sys_unlink(str("/tmp/open/mine")), 0);
	assert_int_equal(sys_close(fd), 0);
	assert_int_equal(sys_mknod(str("/tmp/open/dev"), LINUX_S_IFCHR, 0x103), -EPERM);
	as_user(0);
	assert_int_equal(sys_access(str("/tmp/open/roots"), LINUX_X_OK), -EACCES);
	assert_int_equal(sys_access(str("/tmp/priv"), LINUX_X_OK), 0);
}

static void test_limits(void **state)
{
	(void)state;
	int fd = open_("/tmp/limited", LINUX_O_CREAT | LINUX_O_RDWR);
	current_proc()->limits[LINUX_RLIMIT_FSIZE].cur = 5000;
	fake_last_signal = 0;
	assert_int_equal(sys_write(fd, in(buf), 10000), 5000);
	assert_int_equal(fake_last_signal, 0);
	assert_int_equal(sys_write(fd, in(buf), 1), -EFBIG);
	assert_int_equal(fake_last_signal, SIGXFSZ);
	assert_int_equal(sys_ftruncate(fd, 5001), -EFBIG);
	assert_int_equal(sys_truncate(str("/tmp/limited"), 5001), -EFBIG);
	assert_int_equal(sys_ftruncate(fd, 5000), 0);
	current_proc()->limits[LINUX_RLIMIT_FSIZE].cur = RLIM_INFINITY;
	assert_int_equal(sys_close(fd), 0);
}

static void test_times(void **state)
{
	const struct l64_timespec set[2] = { { 5, 6 }, { -7, 8 } };
	const struct l64_timespec omit[2] = { { 0, LINUX_UTIME_OMIT }, { 0, LINUX_UTIME_OMIT } };
	const struct l64_timespec bad[2] = { { 5, 1000000000 }, { 0, 0 } };
	(void)state;
	int fd = open_("/tmp/t", LINUX_O_CREAT | LINUX_O_RDWR);
	uin_timespec arg = { .a = (uaddr_t)set };
	assert_int_equal(sys_utimensat(LINUX_AT_FDCWD, str("/tmp/t"), arg, 0), 0);
	struct l64_stat st = stat_("/tmp/t");
	assert_true(st.st_atim.tv_sec == 5 && st.st_atim.tv_nsec == 6);
	assert_true(st.st_mtim.tv_sec == -7 && st.st_mtim.tv_nsec == 8);
	arg.a = (uaddr_t)omit;
	assert_int_equal(sys_utimensat(LINUX_AT_FDCWD, str((char *)FAKE_BAD_ADDR), arg, 0), 0);
	arg.a = (uaddr_t)bad;
	assert_int_equal(sys_utimensat(LINUX_AT_FDCWD, str("/tmp/t"), arg, 0), -EINVAL);
	arg.a = 0;
	assert_int_equal(sys_utimensat(fd, str(NULL), arg, 0), 0);
	assert_int_equal(sys_utimensat(LINUX_AT_FDCWD, str(NULL), arg, 0), -EFAULT);
	assert_int_equal(stat_("/tmp/t").st_mtim.tv_sec, fake_now_ns / 1000000000);
	/* reading moves the access time once */
	s64 before = stat_("/tmp/t").st_atim.tv_nsec;
	assert_int_equal(sys_write(fd, in("x"), 1), 1);
	assert_int_equal(sys_pread64(fd, out(buf), 1, 0), 1);
	s64 first = stat_("/tmp/t").st_atim.tv_nsec;
	assert_int_not_equal(first, before);
	assert_int_equal(sys_pread64(fd, out(buf), 1, 0), 1);
	assert_int_equal(stat_("/tmp/t").st_atim.tv_nsec, first);
	assert_int_equal(sys_close(fd), 0);
}

static void test_statx(void **state)
{
	struct l64_statx st;
	uout_statx o = { .a = (uaddr_t)&st };
	(void)state;
	assert_int_equal(sys_statx(LINUX_AT_FDCWD, str("/dev/null"), 0, 0xfff, o), 0);
	assert_true(st.stx_rdev_major == 1 && st.stx_rdev_minor == 3 && st.stx_mode == 020666);
	assert_int_equal(sys_statx(1, str(""), LINUX_AT_EMPTY_PATH, 0xfff, o), 0);
	assert_int_equal(st.stx_mode, 010600);
	assert_int_equal(sys_statx(1, str(""), 0, 0xfff, o), -ENOENT);
	assert_int_equal(sys_statx(1, str(""), 0, 1u << 31, o), -EINVAL);
	assert_int_equal(sys_statx(1, str("x"), 0, 0xfff, o), -ENOTDIR);
	assert_int_equal(sys_statx(99, str("x"), 0, 0xfff, o), -EBADF);
	assert_int_equal(sys_statx(99, str("/"), 0, 0xfff, o), 0);
	assert_int_equal(sys_newfstatat(1, str("/"), (uout_stat){ .a = 0 }, 0x4000), -EINVAL);
}

static void test_locks(void **state)
{
	struct l64_flock lk = { .l_type = LINUX_F_WRLCK };
	(void)state;
	int fd = open_("/tmp/lock", LINUX_O_CREAT | LINUX_O_RDONLY);
	assert_int_equal(sys_fcntl(fd, LINUX_F_SETLK, (uaddr_t)&lk), -EBADF);
	lk.l_type = LINUX_F_RDLCK;
	assert_int_equal(sys_fcntl(fd, LINUX_F_SETLK, (uaddr_t)&lk), 0);
	assert_int_equal(sys_fcntl(fd, LINUX_F_GETLK, (uaddr_t)&lk), 0);
	assert_int_equal(lk.l_type, LINUX_F_UNLCK);
	lk.l_whence = 7;
	assert_int_equal(sys_fcntl(fd, LINUX_F_SETLK, (uaddr_t)&lk), -EINVAL);
	assert_int_equal(sys_fcntl(fd, LINUX_F_SETLK, FAKE_BAD_ADDR), -EFAULT);
	assert_int_equal(sys_flock(fd, LINUX_LOCK_EX | LINUX_LOCK_NB), 0);
	assert_int_equal(sys_flock(fd, 3), -EINVAL);
	assert_int_equal(sys_close(fd), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_descriptors), cmocka_unit_test(test_faults),
		cmocka_unit_test(test_long_paths),  cmocka_unit_test(test_link_chain),
		cmocka_unit_test(test_devices),	    cmocka_unit_test(test_proc_self),
		cmocka_unit_test(test_users),	    cmocka_unit_test(test_limits),
		cmocka_unit_test(test_times),	    cmocka_unit_test(test_statx),
		cmocka_unit_test(test_locks),
	};
	return cmocka_run_group_tests(tests, boot, NULL);
}
