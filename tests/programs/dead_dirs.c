/* SPDX-License-Identifier: MIT */
/*
 * Directories removed below the working directory, a long chain of them, then let go all at
 * once: what holds them must not be released by recursion on a kernel stack.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#define DEPTH 1000

int main(void)
{
	static char path[3 * DEPTH + 8];

	CHECK(mkdir("/tmp/chain", 0700) == 0 && chdir("/tmp/chain") == 0);
	for (int i = 0; i < DEPTH; i++)
		if (mkdir("d", 0700) || chdir("d"))
			CHECK(!"deeper");
	for (int i = 0; i < DEPTH; i++) {
		memcpy(path + 3 * i, "../", 3);
		strcpy(path + 3 * i + 3, "d");
		if (rmdir(path))
			CHECK(!"removed from below");
	}
	CHECK(chdir("/") == 0);
	CHECK(rmdir("/tmp/chain") == 0);
	return check_failures != 0;
}
