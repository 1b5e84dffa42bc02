/* SPDX-License-Identifier: MIT */
/* Files in /tmp: create, append, truncate, rename, unlink while open, holes, and each refusal. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static off_t size_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? -1 : st.st_size;
}

static void content(void)
{
	char buf[64];
	int fd = open("file", O_RDWR | O_CREAT | O_EXCL, 0640);

	NEED(fd >= 0);
	CHECK_ERRNO(open("file", O_RDWR | O_CREAT | O_EXCL, 0640), EEXIST);
	CHECK(write(fd, "hello world", 11) == 11 && lseek(fd, 0, SEEK_CUR) == 11);
	CHECK(lseek(fd, -5, SEEK_END) == 6 && read(fd, buf, 64) == 5 && !memcmp(buf, "world", 5));
	CHECK(read(fd, buf, 64) == 0);
	CHECK_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERRNO(lseek(fd, 0, 99), EINVAL);
	CHECK(lseek(fd, 100000, SEEK_SET) == 100000 && write(fd, "end", 3) == 3 &&
	      size_of(fd) == 100003);
	CHECK(pread(fd, buf, 10, 50000) == 10 && !memcmp(buf, "\0\0\0\0\0\0\0\0\0\0", 10));
	CHECK(ftruncate(fd, 5) == 0 && size_of(fd) == 5);
	CHECK(ftruncate(fd, 20) == 0 && pread(fd, buf, 64, 0) == 20 &&
	      !memcmp(buf, "hello\0\0\0", 8));
	CHECK_ERRNO(ftruncate(fd, -1), EINVAL);
	int app = open("file", O_WRONLY | O_APPEND);
	CHECK(lseek(app, 0, SEEK_SET) == 0 && write(app, "++", 2) == 2 && size_of(fd) == 22);
	CHECK_ERRNO(read(app, buf, 1), EBADF);
	CHECK(close(app) == 0);
	CHECK_ERRNO(close(app), EBADF);
	int trunc = open("file", O_WRONLY | O_TRUNC);
	CHECK(size_of(fd) == 0 && close(trunc) == 0 && close(fd) == 0);
	CHECK(truncate("file", 4096) == 0);
	CHECK_ERRNO(truncate("none", 1), ENOENT);
}

static void names(void)
{
	char buf[8] = "";
	int fd = open("file", O_RDWR), other = open("second", O_CREAT | O_RDWR, 0600);

	NEED(fd >= 0 && other >= 0);
	CHECK(pwrite(fd, "first", 5, 0) == 5 && write(other, "other", 5) == 5);
	CHECK(rename("file", "second") == 0);
	CHECK_ERRNO(open("file", O_RDONLY), ENOENT);
	CHECK(pread(other, buf, 5, 0) == 5 && !strcmp(buf, "other"));
	CHECK(unlink("second") == 0 && pread(fd, buf, 5, 0) == 5 && !strcmp(buf, "first"));
	CHECK(write(fd, "x", 1) == 1 && size_of(fd) == 4096);
	CHECK_ERRNO(unlink("second"), ENOENT);
	CHECK_ERRNO(rename("none", "other"), ENOENT);
	CHECK(close(fd) == 0 && close(other) == 0);
}

static void refusals(void)
{
	char longname[300], longpath[5000];

	memset(longname, 'n', sizeof longname);
	longname[299] = 0;
	memset(longpath, '/', sizeof longpath);
	longpath[4999] = 0;
	CHECK_ERRNO(open(longname, O_RDONLY), ENAMETOOLONG);
	CHECK_ERRNO(open(longpath, O_RDONLY), ENAMETOOLONG);
	CHECK_ERRNO(open("", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("none/file", O_CREAT | O_WRONLY, 0600), ENOENT);
	CHECK_ERRNO(open("/dev/null/x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open(".", O_WRONLY), EISDIR);
	int here = open(".", O_RDONLY | O_DIRECTORY);
	NEED(here >= 0);
	CHECK_ERRNO(read(here, longname, 1), EISDIR);
	CHECK_ERRNO(write(here, longname, 1), EBADF);
	int fd = open("plain", O_CREAT | O_RDWR, 0600);
	CHECK_ERRNO(open("plain", O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERRNO(open("plain/", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(openat(fd, "x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(openat(here, "absent", O_RDONLY), ENOENT);
	int again = openat(here, "plain", O_RDONLY);
	CHECK(again >= 0 && close(again) == 0);
	CHECK_ERRNO(unlink("."), EISDIR);
	CHECK(close(fd) == 0 && close(here) == 0 && unlink("plain") == 0);
}

int main(void)
{
	char dir[] = "/tmp/lstar-files-XXXXXX";

	NEED(mkdtemp(dir) && chdir(dir) == 0);
	content();
	names();
	refusals();
	CHECK(chdir("/") == 0 && rmdir(dir) == 0);
	return check_failures != 0;
}
