/* SPDX-License-Identifier: MIT */
/* Directories: make, list, remove, rename; readdir sees each name once however long the list is. */
#define _GNU_SOURCE
#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void list(const char *path, int show)
{
	static char names[2000][32];
	int count = 0;
	DIR *dir = opendir(path);
	struct dirent *entry;

	NEED(dir != NULL);
	while ((entry = readdir(dir)) && count < 2000)
		snprintf(names[count++], 32, "%.24s %c", entry->d_name,
			 entry->d_type == DT_DIR   ? 'd'
			 : entry->d_type == DT_LNK ? 'l'
						   : 'f');
	qsort(names, count, 32, compare);
	printf("%d entries, hash %lx\n", count, check_hash(1, names, count * 32));
	for (int i = 0; show && i < count; i++)
		puts(names[i]);
	rewinddir(dir);
	int again = 0;
	while (readdir(dir))
		again++;
	CHECK(again == count);
	closedir(dir);
	memset(names, 0, sizeof names);
}

static void many(void)
{
	char name[32];

	CHECK(mkdir("many", 0755) == 0);
	for (int i = 0; i < 700; i++) {
		snprintf(name, sizeof name, "many/entry-%d", i);
		int fd = open(name, O_CREAT | O_WRONLY, 0600);
		if (fd < 0 || close(fd))
			NEED(!"created");
	}
	list("many", 0);
	CHECK_ERRNO(rmdir("many"), ENOTEMPTY);
	for (int i = 0; i < 700; i++) {
		snprintf(name, sizeof name, "many/entry-%d", i);
		if (unlink(name))
			NEED(!"removed");
	}
	list("many", 1);
	CHECK(rmdir("many") == 0);
}

int main(void)
{
	char top[] = "/tmp/lstar-dirs-XXXXXX";
	struct stat st;

	NEED(mkdtemp(top) && chdir(top) == 0);
	CHECK(mkdir("a", 0755) == 0 && mkdir("a/b", 0700) == 0 &&
	      mkdirat(AT_FDCWD, "a/b/c", 0755) == 0);
	CHECK(symlink("b", "a/link") == 0);
	list("a", 1);
	list(".", 1);
	CHECK_ERRNO(mkdir("a", 0755), EEXIST);
	CHECK_ERRNO(mkdir("x/y", 0755), ENOENT);
	CHECK_ERRNO(rmdir("a"), ENOTEMPTY);
	CHECK_ERRNO(rmdir("x"), ENOENT);
	CHECK(stat("a/b/../link/./c", &st) == 0 && S_ISDIR(st.st_mode));
	CHECK(rename("a/b/c", "moved") == 0 && stat("moved/..", &st) == 0);
	CHECK_ERRNO(rename("a", "a/b/inside"), EINVAL);
	CHECK(mkdir("full", 0755) == 0 && mkdir("full/x", 0755) == 0);
	CHECK_ERRNO(rename("moved", "full"), ENOTEMPTY);
	CHECK(rename("moved", "full/x") == 0);
	CHECK(rmdir("full/x") == 0 && rmdir("full") == 0);
	CHECK(unlink("a/link") == 0 && rmdir("a/b") == 0 && rmdir("a") == 0);
	many();
	CHECK(opendir("absent") == NULL && errno == ENOENT);
	CHECK(opendir("/dev/null") == NULL && errno == ENOTDIR);
	CHECK(chdir("/") == 0 && rmdir(top) == 0);
	CHECK_ERRNO(chdir(top), ENOENT);
	return check_failures != 0;
}
