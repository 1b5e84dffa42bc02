/* SPDX-License-Identifier: MIT */
/* Twelve mebibytes through a file in /tmp in odd pieces, read back in other odd pieces. */
#include "check.h"

#include <fcntl.h>
#include <unistd.h>

#define TOTAL (12 << 20)

int main(void)
{
	static unsigned char chunk[1 << 20];
	char path[] = "/tmp/lstar-big-XXXXXX";
	unsigned long written = 1, back = 1;
	unsigned seed = 5;
	int fd = mkstemp(path);

	NEED(fd >= 0);
	for (size_t done = 0; done < TOTAL;) {
		size_t n = 1 + check_random(&seed) % sizeof chunk;
		n = n > TOTAL - done ? TOTAL - done : n;
		for (size_t i = 0; i < n; i++)
			chunk[i] = (done + i) * 2654435761u >> 13;
		written = check_hash(written, chunk, n);
		if (write(fd, chunk, n) != (ssize_t)n)
			NEED(!"a whole chunk written");
		done += n;
	}
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	for (;;) {
		ssize_t n = read(fd, chunk, 1 + check_random(&seed) % 70000);
		if (n <= 0)
			break;
		back = check_hash(back, chunk, n);
	}
	CHECK(written == back);
	printf("%lx\n", written);
	CHECK(ftruncate(fd, 0) == 0 && close(fd) == 0 && unlink(path) == 0);
	return check_failures != 0;
}
