/* SPDX-License-Identifier: MIT */
/* What stat says: types, modes, sizes, identity of files, device numbers, times, umask. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

static void devices(void)
{
	static const char *names[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random",
				       "/dev/urandom" };
	struct stat st;

	for (int i = 0; i < 5; i++) {
		NEED(stat(names[i], &st) == 0);
		printf("%s %o %u:%u size %ld\n", names[i], st.st_mode, major(st.st_rdev),
		       minor(st.st_rdev), (long)st.st_size);
	}
}

int main(void)
{
	char top[] = "/tmp/lstar-stat-XXXXXX";
	struct stat a, b;
	struct timespec now, times[2] = { { 1000000000, 5 }, { 1100000000, 7 } };

	NEED(mkdtemp(top) && chdir(top) == 0);
	devices();
	umask(027);
	int fd = open("f", O_CREAT | O_RDWR, 0666);
	CHECK(umask(022) == 027);
	CHECK(fstat(fd, &a) == 0 && a.st_mode == (S_IFREG | 0640) && a.st_nlink == 1 &&
	      a.st_size == 0);
	CHECK(stat("f", &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	CHECK(a.st_uid == geteuid() && a.st_gid == getegid() && a.st_blksize >= 512);
	clock_gettime(CLOCK_REALTIME, &now);
	CHECK(a.st_mtime >= now.tv_sec - 100 && a.st_mtime <= now.tv_sec + 100);
	CHECK(write(fd, top, 10) == 10 && fstat(fd, &a) == 0 && a.st_size == 10);
	CHECK(fchmod(fd, 0400) == 0 && chmod("f", 0751) == 0 && fstat(fd, &a) == 0 &&
	      a.st_mode == (S_IFREG | 0751));
	CHECK(utimensat(AT_FDCWD, "f", times, 0) == 0 && stat("f", &a) == 0);
	CHECK(a.st_atim.tv_sec == 1000000000 && a.st_mtim.tv_sec == 1100000000 &&
	      a.st_mtim.tv_nsec == 7);
	CHECK(mkdir("d", 0700) == 0 && stat("d", &a) == 0 && a.st_mode == (S_IFDIR | 0700) &&
	      a.st_nlink >= 1);
	CHECK(fstatat(AT_FDCWD, "d", &b, AT_SYMLINK_NOFOLLOW) == 0 && a.st_ino == b.st_ino);
	CHECK(fstatat(fd, "", &b, AT_EMPTY_PATH) == 0 && b.st_size == 10);
	CHECK_ERRNO(fstat(99, &a), EBADF);
	CHECK_ERRNO(stat("none", &a), ENOENT);
	CHECK_ERRNO(stat("f/x", &a), ENOTDIR);
	CHECK_ERRNO(fstatat(AT_FDCWD, "f", &a, 0x40000000), EINVAL);
	CHECK(stat("/", &a) == 0 && S_ISDIR(a.st_mode) && stat("/..", &b) == 0 &&
	      a.st_ino == b.st_ino);
	struct statfs fs;
	CHECK(statfs("/tmp", &fs) == 0 && fs.f_bsize >= 512 && fs.f_namelen == 255);
	CHECK(close(fd) == 0 && unlink("f") == 0 && rmdir("d") == 0 && chdir("/") == 0 &&
	      rmdir(top) == 0);
	return check_failures != 0;
}
