/* SPDX-License-Identifier: MIT */
/* getrandom and the random devices: lengths, flags, that two draws differ. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

static int distinct(const unsigned char *p, int n)
{
	unsigned char seen[256] = { 0 };
	int count = 0;

	while (n--)
		count += !seen[*p++]++;
	return count;
}

int main(void)
{
	static unsigned char a[4096], b[4096];

	CHECK(getrandom(a, sizeof a, 0) == sizeof a && distinct(a, sizeof a) > 200);
	CHECK(getrandom(b, sizeof b, GRND_NONBLOCK) == sizeof b && memcmp(a, b, sizeof a));
	CHECK(getrandom(a, 0, 0) == 0 && getrandom(a, 1, 0) == 1);
	CHECK(getrandom(a, 16, GRND_RANDOM) == 16);
	CHECK_ERRNO(getrandom(a, 16, 0x1000), EINVAL);
	CHECK_ERRNO(getrandom(bad_pointer, 16, 0), EFAULT);
	static const char *names[] = { "/dev/urandom", "/dev/random" };
	for (int i = 0; i < 2; i++) {
		int fd = open(names[i], O_RDWR);
		NEED(fd >= 0);
		memset(a, 0, sizeof a);
		CHECK(read(fd, a, 1000) == 1000 && distinct(a, 1000) > 200 && a[1000] == 0);
		CHECK(write(fd, "seed", 4) == 4);
		close(fd);
	}
	return check_failures != 0;
}
