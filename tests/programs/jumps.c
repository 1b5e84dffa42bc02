/* SPDX-License-Identifier: MIT */
/* setjmp and longjmp through deep frames; callee-saved state and volatiles survive. */
#include "check.h"

#include <setjmp.h>

static jmp_buf target;

static int dive(int depth)
{
	volatile char frame[200];

	frame[0] = depth;
	if (depth == 0)
		longjmp(target, 5);
	return depth > 0 ? dive(depth - 1) + frame[0] : frame[0];
}

int main(void)
{
	volatile int passes = 0;
	volatile double kept = 2.5;
	int value = setjmp(target);

	printf("back with %d\n", value);
	if (passes++ < 20)
		dive(passes * 10);
	CHECK(passes == 21 && kept == 2.5);
	if (setjmp(target) == 0)
		longjmp(target, 0);
	else
		puts("longjmp of 0 gives 1");
	sigjmp_buf with_mask;
	volatile int again = 0;
	if (sigsetjmp(with_mask, 0) == 0 && !again++)
		siglongjmp(with_mask, 9);
	CHECK(again == 1);
	return check_failures != 0;
}
