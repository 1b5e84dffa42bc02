/* SPDX-License-Identifier: MIT */
/* Thread-local variables of the main thread: initial image, zeroed part, alignment, addresses. */
#include "check.h"

#include <stdint.h>

static __thread int initialised = 1234;
static __thread int zeroed[1000];
static __thread _Alignas(64) char aligned[64] = "aligned";
__thread double shared = 2.75;

static int *volatile_address(void)
{
	return &initialised;
}

int main(void)
{
	int sum = 0;

	for (int i = 0; i < 1000; i++)
		sum |= zeroed[i];
	CHECK(initialised == 1234 && sum == 0 && shared == 2.75);
	CHECK((uintptr_t)aligned % 64 == 0 && !strcmp(aligned, "aligned"));
	*volatile_address() = 5;
	CHECK(initialised == 5);
	errno = EDOM;
	CHECK(errno == EDOM);
	return check_failures != 0;
}
