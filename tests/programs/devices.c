/* SPDX-License-Identifier: MIT */
/* /dev/null, zero and full: what read, write and seek do on each. */
#include "check.h"

#include <fcntl.h>
#include <unistd.h>

int main(void)
{
	static char page[8192];
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR),
	    full = open("/dev/full", O_RDWR);

	NEED(null >= 0 && zero >= 0 && full >= 0);
	CHECK(read(null, page, 10) == 0 && write(null, page, sizeof page) == sizeof page);
	CHECK(lseek(null, 12345, SEEK_SET) >= 0);
	memset(page, 1, sizeof page);
	CHECK(read(zero, page, 5000) == 5000 && page[0] == 0 && page[4999] == 0 && page[5000] == 1);
	CHECK(write(zero, page, 100) == 100);
	CHECK_ERRNO(write(full, page, 1), ENOSPC);
	memset(page, 1, sizeof page);
	CHECK(read(full, page, 100) == 100 && page[99] == 0 && page[100] == 1);
	CHECK_ERRNO(read(zero, bad_pointer, 10), EFAULT);
	CHECK_ERRNO(ftruncate(null, 0), EINVAL);
	FILE *f = fopen("/dev/full", "w");
	CHECK(f && fputs("lost", f) >= 0 && fclose(f) == EOF && errno == ENOSPC);
	return check_failures != 0;
}
