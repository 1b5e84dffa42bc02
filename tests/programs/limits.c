/* SPDX-License-Identifier: MIT */
/* sysconf, resource limits, uname, identity, priority: consistent with each other and with Linux.
 */
#define _GNU_SOURCE
#include "check.h"

#include <limits.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

int main(void)
{
	struct rlimit r;
	struct utsname u;
	struct termios t;
	struct sysinfo info;
	struct rusage usage;
	cpu_set_t cpus;

	CHECK(sysconf(_SC_PAGESIZE) == 4096 && getpagesize() == 4096);
	CHECK(sysconf(_SC_CLK_TCK) == 100);
	CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1 && sysconf(_SC_NPROCESSORS_CONF) >= 1);
	CHECK(sysconf(_SC_OPEN_MAX) >= 256 && sysconf(_SC_ARG_MAX) >= 131072);
	CHECK(sysconf(_SC_PHYS_PAGES) > 1000);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		if (getrlimit(i, &r) || r.rlim_cur > r.rlim_max)
			printf("FAIL limit %d\n", i);
	CHECK(getrlimit(RLIMIT_STACK, &r) == 0 && r.rlim_cur >= 8ul << 20);
	CHECK_ERRNO(getrlimit(99, &r), EINVAL);
	CHECK(uname(&u) == 0 && !strcmp(u.sysname, "Linux") && !strcmp(u.machine, "x86_64"));
	CHECK(atoi(u.release) >= 3 && strchr(u.release, '.') && *u.nodename && *u.version);
	CHECK(getpid() > 0 && getppid() >= 0 && gettid() == getpid());
	CHECK(getuid() == geteuid() && getgid() == getegid());
	CHECK(isatty(0) == 0 && errno == ENOTTY);
	CHECK_ERRNO(tcgetattr(0, &t), ENOTTY);
	CHECK_ERRNO(isatty(99) - 1, EBADF);
	CHECK(ttyname(0) == NULL);
	CHECK(sched_getaffinity(0, sizeof cpus, &cpus) == 0 && CPU_COUNT(&cpus) >= 1);
	CHECK(sched_yield() == 0);
	CHECK(sysinfo(&info) == 0 && info.totalram > 0 && info.freeram <= info.totalram &&
	      info.mem_unit > 0);
	CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_utime.tv_usec < 1000000);
	CHECK_ERRNO(getrusage(77, &usage), EINVAL);
	return check_failures != 0;
}
