/* SPDX-License-Identifier: MIT */
/* readv, writev, pread, pwrite, preadv, pwritev: lengths of zero, bad vectors, partial effects. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void)
{
	char path[] = "/tmp/lstar-vec-XXXXXX", a[8], b[8], c[64];
	int fd = mkstemp(path);
	struct iovec out[4] = { { "one", 3 }, { NULL, 0 }, { "two-", 4 }, { "three", 5 } };
	struct iovec in[3] = { { a, 2 }, { b, 8 }, { c, sizeof c } };

	NEED(fd >= 0);
	CHECK(writev(fd, out, 4) == 12 && lseek(fd, 0, SEEK_CUR) == 12);
	CHECK(writev(fd, out, 0) == 0);
	volatile int negative = -1, too_many = IOV_MAX + 1; /* not for the compiler to judge */
	CHECK_ERRNO(writev(fd, out, negative), EINVAL);
	CHECK_ERRNO(writev(fd, out, too_many), EINVAL);
	struct iovec wrong[2] = { { "x", 1 }, { "y", (size_t)SSIZE_MAX + 1 } };
	CHECK_ERRNO(writev(fd, wrong, 2), EINVAL);
	CHECK_ERRNO(writev(fd, bad_pointer, 1), EFAULT);
	struct iovec bad = { bad_pointer, 4 };
	CHECK_ERRNO(writev(fd, &bad, 1), EFAULT);
	CHECK(lseek(fd, 0, SEEK_END) == 12);
	CHECK(lseek(fd, 0, SEEK_SET) == 0 && readv(fd, in, 3) == 12);
	CHECK(!memcmp(a, "on", 2) && !memcmp(b, "etwo-thr", 8) && !memcmp(c, "ee", 2));
	CHECK(readv(fd, in, 3) == 0);
	CHECK(pwrite(fd, "PW", 2, 20) == 2 && lseek(fd, 0, SEEK_CUR) == 12);
	CHECK(pread(fd, c, 64, 10) == 12 && !memcmp(c, "ee\0\0\0\0\0\0\0\0PW", 12));
	CHECK(pread(fd, c, 64, 1000) == 0);
	CHECK_ERRNO(pread(fd, c, 64, -1), EINVAL);
	CHECK_ERRNO(pwrite(fd, c, 64, -1), EINVAL);
	CHECK(pwritev(fd, out, 4, 2) == 12 && preadv(fd, in, 3, 0) == 22);
	CHECK(!memcmp(a, "on", 2) && !memcmp(b, "onetwo-t", 8));
	CHECK_ERRNO(readv(99, in, 1), EBADF);
	CHECK_ERRNO(write(fd, bad_pointer, 1), EFAULT);
	CHECK(write(fd, NULL, 0) == 0 && read(fd, NULL, 0) == 0);
	close(fd);
	unlink(path);
	return check_failures != 0;
}
