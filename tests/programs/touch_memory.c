/* SPDX-License-Identifier: MIT */
/* Maps argv[1] MiB, writes a word of its own to every page, and finds them all again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
	size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 1) << 20;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return 1;
	for (size_t at = 0; at < size; at += 4096)
		*(uint64_t *)(p + at) = at * 0x9e3779b97f4a7c15;
	for (size_t at = 0; at < size; at += 4096)
		if (*(uint64_t *)(p + at) != at * 0x9e3779b97f4a7c15)
			return 2;
	printf("%zu MiB touched\n", size >> 20);
	return 0;
}
