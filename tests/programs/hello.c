/* SPDX-License-Identifier: MIT */
/* The smallest complete program: one line on stdout. Also timed by bench/hello.sh. */
#include <stdio.h>

int main(void)
{
	puts("hello, world");
	return 0;
}
