/* SPDX-License-Identifier: MIT */
/* Affinity masks: what is there, what is refused, and that a pinned thread stays. */
#define _GNU_SOURCE
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

int main(void)
{
	unsigned long mask = 0;
	long size = syscall(SYS_sched_getaffinity, 0, sizeof mask, &mask);
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	CHECK(size > 0 && mask == (1ul << cpus) - 1);
	CHECK_ERRNO(syscall(SYS_sched_getaffinity, 0, 7, &mask), EINVAL);
	CHECK_ERRNO(syscall(SYS_sched_getaffinity, 0, sizeof mask, bad_pointer), EFAULT);
	mask = 1ul << cpus; /* none that exists */
	CHECK_ERRNO(syscall(SYS_sched_setaffinity, 0, sizeof mask, &mask), EINVAL);
	mask = 0;
	CHECK_ERRNO(syscall(SYS_sched_setaffinity, 0, sizeof mask, &mask), EINVAL);
	for (long cpu = cpus - 1; cpu >= 0; cpu--) {
		mask = ~0ul & 1ul << cpu;
		CHECK(syscall(SYS_sched_setaffinity, 0, sizeof mask, &mask) == 0);
		for (int i = 0; i < 1000; i++) {
			sched_yield();
			if (sched_getcpu() != cpu)
				CHECK(!"stays where it is pinned");
		}
		unsigned long now = 0;
		syscall(SYS_sched_getaffinity, 0, sizeof now, &now);
		CHECK(now == mask);
	}
	return check_failures != 0;
}
