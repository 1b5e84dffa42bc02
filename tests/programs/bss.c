/* SPDX-License-Identifier: MIT */
/* A large bss is zero everywhere and costs memory only where it is touched. */
#include "check.h"

static unsigned char space[200 << 20];
static unsigned char after[3] = "in";

int main(void)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < sizeof space; i += 1 << 20)
		sum += space[i];
	CHECK(sum == 0);
	for (size_t i = 4096; i < sizeof space; i += 10 << 20)
		space[i] = 1;
	for (size_t i = 0; i < sizeof space; i += 4096)
		sum += i % (1 << 20) == 4096 || i == 0 ? space[i] : 0;
	printf("%lu\n", sum);
	CHECK(after[0] == 'i' && space[sizeof space - 1] == 0);
	return check_failures != 0;
}
