/* SPDX-License-Identifier: MIT */
/* A deep stack: six of the eight mebibytes by recursion, large frames, alloca. */
#include "check.h"

#include <alloca.h>

static unsigned long descend(int depth, unsigned long hash)
{
	volatile char frame[1000];

	frame[depth % 1000] = depth;
	hash = hash * 31 + frame[depth % 1000];
	return depth ? descend(depth - 1, hash) + frame[depth % 1000] : hash;
}

static int big_frame(void)
{
	volatile char frame[1 << 20];

	frame[0] = 1;
	frame[(1 << 20) - 1] = 2;
	return frame[0] + frame[(1 << 20) - 1];
}

int main(void)
{
	printf("%lx\n", descend(5500, 1));
	printf("%d\n", big_frame());
	char *p = alloca(2 << 20);
	memset(p, 3, 2 << 20);
	printf("%d\n", p[12345]);
	return 0;
}
