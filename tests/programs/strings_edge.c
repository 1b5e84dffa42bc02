/* SPDX-License-Identifier: MIT */
/*
 * String functions at the very end of a mapping, with an unmapped page behind it: whatever
 * vector variant the C library picks for this CPU may not read or write across.
 */
#define _GNU_SOURCE
#include "check.h"

#include <sys/mman.h>

int main(void)
{
	char *base =
		mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned long hash = 1;

	NEED(base != MAP_FAILED);
	NEED(munmap(base + 8192, 4096) == 0);
	for (int length = 1; length < 300; length++) {
		char *s = base + 8192 - length, copy[512];
		for (int i = 0; i < length - 1; i++)
			s[i] = 'a' + (i * 7 + length) % 26;
		s[length - 1] = 0;
		size_t n = strlen(s);
		memcpy(copy, s, length);
		memmove(copy + 3, copy, length);
		hash = check_hash(hash, copy, length);
		hash += n + strnlen(s, 1000) + (strcmp(s, copy + 3) == 0) +
			(strchr(s, 122) ? strchr(s, 122) - s : 0) +
			(strrchr(s, 113) ? strrchr(s, 113) - s : 0);
		hash += memcmp(s, copy + 3, length) + (size_t)(memchr(s, 0, length) == s + n) +
			(strstr(s, "xyz") != NULL);
		hash += strspn(s, "abcdefghijklmnopqrstuvwxyz") + strcspn(s, "k");
		stpcpy(copy, s);
		memset(s, length, length);
	}
	printf("%lx\n", hash);
	char text[] = "split,these;words", *save, *token = strtok_r(text, ",;", &save);
	for (; token; token = strtok_r(NULL, ",;", &save))
		puts(token);
	printf("%s %s\n", strerror(ENOENT), strsignal(11));
	printf("%d %d\n", strcasecmp("HeLLo", "hello"), strncasecmp("ABx", "aby", 2));
	return 0;
}
