/* SPDX-License-Identifier: MIT */
/* The working directory: relative names, fchdir, getcwd's buffer rules, dot-dot at the root. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(void)
{
	char top[] = "/tmp/lstar-cwd-XXXXXX", buf[4096], want[100];

	CHECK(getcwd(buf, sizeof buf) == buf && buf[0] == '/');
	NEED(mkdtemp(top) && chdir(top) == 0);
	CHECK(getcwd(buf, sizeof buf) && !strcmp(buf, top));
	CHECK(mkdir("one", 0755) == 0 && mkdir("one/two", 0755) == 0 && chdir("one/two") == 0);
	snprintf(want, sizeof want, "%s/one/two", top);
	CHECK(getcwd(buf, sizeof buf) && !strcmp(buf, want));
	CHECK(syscall(SYS_getcwd, buf, sizeof buf) == (long)strlen(want) + 1);
	CHECK(getcwd(buf, 5) == NULL && errno == ERANGE);
	CHECK_ERRNO(syscall(SYS_getcwd, 8, 4096), EFAULT);
	CHECK(chdir("../..") == 0 && getcwd(buf, sizeof buf) && !strcmp(buf, top));
	int dir = open("one", O_RDONLY | O_DIRECTORY);
	CHECK(dir >= 0 && fchdir(dir) == 0 && access("two", F_OK) == 0);
	CHECK(chdir("/") == 0 && chdir("../../..") == 0 && getcwd(buf, sizeof buf) &&
	      !strcmp(buf, "/"));
	CHECK(fchdir(dir) == 0 && rmdir("two") == 0 && chdir("..") == 0);
	CHECK_ERRNO(chdir("absent"), ENOENT);
	CHECK_ERRNO(chdir("/dev/null"), ENOTDIR);
	CHECK_ERRNO(chdir(""), ENOENT);
	CHECK_ERRNO(fchdir(77), EBADF);
	CHECK(rmdir("one") == 0 && close(dir) == 0);
	char *fresh = getcwd(NULL, 0);
	CHECK(fresh && !strcmp(fresh, top));
	free(fresh);
	CHECK(chdir("/") == 0 && rmdir(top) == 0);
	return check_failures != 0;
}
