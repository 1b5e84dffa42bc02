/* SPDX-License-Identifier: MIT */
/* The program break: grows by bytes, keeps contents, shrinks, comes back zeroed, refuses nonsense.
 */
#define _GNU_SOURCE
#include "check.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

static uintptr_t set_break(uintptr_t to)
{
	return syscall(SYS_brk, to);
}

int main(void)
{
	uintptr_t start = set_break(0);

	CHECK(start != 0);
	CHECK(set_break(start + 10) == start + 10);
	((char *)start)[9] = 'x';
	CHECK(set_break(start + 300000) == start + 300000);
	CHECK(((char *)start)[9] == 'x' && ((char *)start)[299999] == 0);
	memset((char *)start + 10, 1, 299990);
	CHECK(set_break(start + 8192) == start + 8192);
	CHECK(set_break(start + 300000) == start + 300000);
	/* the pages above were given back: they must come back zeroed */
	int dirty = 0;
	for (uintptr_t a = (start + 8192 + 4095) & ~4095ul; a < start + 300000; a++)
		dirty |= *(char *)a;
	CHECK(dirty == 0);
	CHECK(set_break(1) == start + 300000);
	CHECK(set_break((uintptr_t)0x7ffffffff000) == start + 300000);
	CHECK(set_break(-1ul) == start + 300000);
	CHECK(set_break(start) == start);
	return check_failures != 0;
}
