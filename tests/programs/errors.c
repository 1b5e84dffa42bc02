/* SPDX-License-Identifier: MIT */
/* Errors of raw calls with bad numbers, descriptors, pointers and flags, by number. */
#define _GNU_SOURCE
#include "check.h"

#include <sys/syscall.h>
#include <unistd.h>

static void call(const char *what, long nr, long a, long b, long c, long d)
{
	errno = 0;
	long r = syscall(nr, a, b, c, d);

	printf("%s: %ld errno %d\n", what, r, r == -1 ? errno : 0);
}

int main(void)
{
	static const long kernel = 0xffffffff81000000ul, hole = 0x800000000000ul,
			  end = 0x7ffffffff000ul;
	static long space[64];

	call("read bad fd", SYS_read, 99, (long)space, 8, 0);
	call("read negative fd", SYS_read, -1, (long)space, 8, 0);
	call("read fd with high bits", SYS_read, 0x100000063, (long)space, 8, 0);
	call("write kernel address", SYS_write, 1, kernel, 8, 0);
	call("write non-canonical", SYS_write, 1, hole, 8, 0);
	call("write last page", SYS_write, 1, end, 8, 0);
	call("write wrapping", SYS_write, 1, -8, 16, 0);
	call("write nothing from nowhere", SYS_write, 1, 8, 0, 0);
	call("open kernel path", SYS_openat, -100, kernel, 0, 0);
	call("open null path", SYS_openat, -100, 0, 0, 0);
	call("open bad dirfd", SYS_openat, 99, (long)"x", 0, 0);
	call("uname null", SYS_uname, 0, 0, 0, 0);
	call("uname kernel", SYS_uname, kernel, 0, 0, 0);
	call("nanosleep kernel", SYS_nanosleep, kernel, 0, 0, 0);
	call("arch_prctl bad code", SYS_arch_prctl, 1, 0, 0, 0);
	call("arch_prctl gs kernel", SYS_arch_prctl, 0x1001, kernel, 0, 0);
	call("arch_prctl fs non-canonical", SYS_arch_prctl, 0x1002, hole, 0, 0);
	call("arch_prctl get to kernel", SYS_arch_prctl, 0x1004, kernel, 0, 0);
	call("set_robust_list wrong size", SYS_set_robust_list, (long)space, 5, 0, 0);
	call("prlimit bad resource", SYS_prlimit64, 0, 99, 0, (long)space);
	call("prlimit kernel", SYS_prlimit64, 0, 7, 0, kernel);
	call("getcwd too small", SYS_getcwd, (long)space, 1, 0, 0);
	call("fcntl bad command", SYS_fcntl, 1, 9999, 0, 0);
	call("ioctl unknown", SYS_ioctl, 0, 0x12345678, 0, 0);
	call("ioctl bad fd", SYS_ioctl, 99, 0x5401, (long)space, 0);
	call("newfstatat kernel buffer", SYS_newfstatat, -100, (long)"/", kernel, 0);
	call("readlinkat size 0", SYS_readlinkat, -100, (long)"/", (long)space, 0);
	call("getdents on a device", SYS_getdents64, 1, (long)space, 64, 0);
	call("lseek on a pipe", SYS_lseek, 0, 0, 0, 0);
	call("pread on a pipe", SYS_pread64, 0, (long)space, 8, 0);
	call("clock_gettime kernel", SYS_clock_gettime, 0, kernel, 0, 0);
	call("number 500", 500, 1, 2, 3, 4);
	call("number 9999", 9999, 1, 2, 3, 4);
	call("number -1", -1, 1, 2, 3, 4);
	/* the number is the lower half of rax, as in Linux since 5.15 */
	CHECK(syscall(0x100000000 + SYS_getpid) == getpid());
	call("x32 number", 0x40000000 + 39, 1, 2, 3, 4);
	return check_failures != 0;
}
