/* SPDX-License-Identifier: MIT */
/* Symbolic and hard links: following, not following, loops, dangling names, link counts. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void)
{
	char top[] = "/tmp/lstar-links-XXXXXX", buf[64];
	struct stat st;

	NEED(mkdtemp(top) && chdir(top) == 0);
	int fd = open("file", O_CREAT | O_WRONLY, 0644);
	CHECK(write(fd, "data", 4) == 4 && close(fd) == 0);
	CHECK(symlink("file", "soft") == 0 && symlink("absent", "dangling") == 0);
	CHECK(symlink("loop2", "loop1") == 0 && symlink("loop1", "loop2") == 0);
	memset(buf, '#', sizeof buf);
	CHECK(readlink("soft", buf, sizeof buf) == 4 && !memcmp(buf, "file#", 5));
	CHECK(readlink("soft", buf, 2) == 2);
	CHECK_ERRNO(readlink("file", buf, sizeof buf), EINVAL);
	CHECK_ERRNO(readlink("none", buf, sizeof buf), ENOENT);
	CHECK(stat("soft", &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 4);
	CHECK(lstat("soft", &st) == 0 && S_ISLNK(st.st_mode) && st.st_size == 4);
	CHECK_ERRNO(stat("dangling", &st), ENOENT);
	CHECK_ERRNO(open("loop1", O_RDONLY), ELOOP);
	CHECK_ERRNO(open("soft", O_RDONLY | O_NOFOLLOW), ELOOP);
	fd = open("dangling", O_CREAT | O_WRONLY, 0600);
	CHECK(fd >= 0 && close(fd) == 0 && stat("absent", &st) == 0);
	CHECK_ERRNO(open("soft", O_CREAT | O_EXCL | O_WRONLY, 0600), EEXIST);
	CHECK(link("file", "hard") == 0 && stat("hard", &st) == 0 && st.st_nlink == 2);
	CHECK_ERRNO(link("file", "hard"), EEXIST);
	CHECK(unlink("file") == 0 && stat("hard", &st) == 0 && st.st_nlink == 1 && st.st_size == 4);
	CHECK_ERRNO(open("soft", O_RDONLY), ENOENT);
	CHECK(access("hard", R_OK) == 0 && access("hard", F_OK) == 0);
	CHECK_ERRNO(access("file", F_OK), ENOENT);
	CHECK(rename("soft", "renamed") == 0 && lstat("renamed", &st) == 0 && S_ISLNK(st.st_mode));
	CHECK(symlink("/tmp", "abs") == 0 && stat("abs/.", &st) == 0 && S_ISDIR(st.st_mode));
	static const char *left[] = { "renamed", "dangling", "loop1", "loop2",
				      "hard",	 "absent",   "abs" };
	for (unsigned i = 0; i < 7; i++)
		CHECK(unlink(left[i]) == 0);
	CHECK(chdir("/") == 0 && rmdir(top) == 0);
	return check_failures != 0;
}
