/* SPDX-License-Identifier: MIT */
/* File descriptors: lowest free number, dup family, shared offsets, flags, limits. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static void limit(void)
{
	struct rlimit was, now;
	int last = -1, fd;

	CHECK(getrlimit(RLIMIT_NOFILE, &was) == 0 && was.rlim_cur <= was.rlim_max);
	now = was;
	now.rlim_cur = 20;
	CHECK(setrlimit(RLIMIT_NOFILE, &now) == 0);
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		last = fd;
	CHECK(errno == EMFILE && last == 19);
	CHECK_ERRNO(dup2(0, 20), EBADF);
	CHECK_ERRNO(fcntl(0, F_DUPFD, 20), EINVAL);
	for (fd = 3; fd < 20; fd++)
		close(fd);
	setrlimit(RLIMIT_NOFILE, &was);
}

int main(void)
{
	char path[] = "/tmp/lstar-fd-XXXXXX", c;
	int fd;

	for (fd = 3; fd < 20; fd++)
		close(fd); /* whatever the parent left open */
	fd = mkstemp(path);
	CHECK(fd == 3 && write(fd, "abcdef", 6) == 6 && lseek(fd, 0, SEEK_SET) == 0);
	CHECK(dup(fd) == 4 && dup2(fd, 9) == 9 && dup2(fd, fd) == fd &&
	      dup3(fd, 7, O_CLOEXEC) == 7);
	CHECK(read(4, &c, 1) == 1 && c == 'a' && read(9, &c, 1) == 1 && c == 'b' &&
	      read(fd, &c, 1) == 1 && c == 'c');
	CHECK(fcntl(7, F_GETFD) == FD_CLOEXEC && fcntl(9, F_GETFD) == 0);
	CHECK(fcntl(9, F_SETFD, FD_CLOEXEC) == 0 && fcntl(9, F_GETFD) == FD_CLOEXEC &&
	      fcntl(fd, F_GETFD) == 0);
	CHECK(fcntl(fd, F_DUPFD, 8) == 8 && fcntl(fd, F_DUPFD, 8) == 10 &&
	      fcntl(fd, F_DUPFD_CLOEXEC, 0) == 5);
	CHECK((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
	CHECK(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK) == 0 &&
	      (fcntl(4, F_GETFL) & (O_APPEND | O_NONBLOCK)) == (O_APPEND | O_NONBLOCK));
	CHECK(write(4, "Z", 1) == 1 && lseek(fd, 0, SEEK_CUR) == 7);
	CHECK_ERRNO(dup(99), EBADF);
	CHECK_ERRNO(dup2(99, 3), EBADF);
	CHECK_ERRNO(dup3(fd, fd, 0), EINVAL);
	CHECK_ERRNO(dup2(fd, -1), EBADF);
	CHECK_ERRNO(fcntl(99, F_GETFD), EBADF);
	CHECK_ERRNO(fcntl(fd, 9999), EINVAL);
	CHECK(close(4) == 0 && open("/dev/null", O_RDONLY | O_CLOEXEC) == 4 &&
	      fcntl(4, F_GETFD) == FD_CLOEXEC);
	CHECK(open("/dev/null", O_WRONLY) == 6);
	CHECK_ERRNO(read(6, &c, 1), EBADF);
	CHECK_ERRNO(write(4, &c, 1), EBADF);
	CHECK_ERRNO(close(-1), EBADF);
	CHECK(syscall(SYS_close_range, 3, 100, 0) == 0);
	CHECK_ERRNO(fcntl(3, F_GETFD), EBADF);
	unlink(path);
	limit();
	return check_failures != 0;
}
