/* SPDX-License-Identifier: MIT */
/*
 * Clocks and sleeping. Only what holds at any speed is checked: order, validity, and that a
 * sleep does not end early. Upper bounds would make the verdict depend on the machine's load.
 */
#define _GNU_SOURCE
#include "check.h"

#include <sys/time.h>
#include <time.h>

static long long now_ns(clockid_t clock)
{
	struct timespec t;

	if (clock_gettime(clock, &t) || t.tv_nsec < 0 || t.tv_nsec > 999999999)
		return -1;
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

int main(void)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME,	      CLOCK_MONOTONIC,
					    CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
					    CLOCK_MONOTONIC_RAW,      CLOCK_BOOTTIME,
					    CLOCK_REALTIME_COARSE,    CLOCK_MONOTONIC_COARSE };
	struct timespec t, rem, ms20 = { 0, 20000000 }, bad = { 0, 1000000000 },
				negative = { -1, 0 };

	for (int i = 0; i < 8; i++) {
		long long last = now_ns(clocks[i]), back = 0;
		for (int n = 0; n < 2000; n++) {
			long long now = now_ns(clocks[i]);
			back += now < last;
			last = now;
		}
		printf("clock %d %s, valid %d\n", (int)clocks[i],
		       back && clocks[i] ? "FAIL goes back" : "ok", last >= 0);
		CHECK(clock_getres(clocks[i], &t) == 0 && t.tv_sec == 0 && t.tv_nsec > 0);
	}
	CHECK_ERRNO(clock_gettime(9999, &t), EINVAL);
	long long start = now_ns(CLOCK_MONOTONIC);
	CHECK(nanosleep(&ms20, &rem) == 0);
	CHECK(now_ns(CLOCK_MONOTONIC) - start >= 20000000);
	CHECK_ERRNO(nanosleep(&bad, &rem), EINVAL);
	CHECK_ERRNO(nanosleep(&negative, &rem), EINVAL);
	start = now_ns(CLOCK_MONOTONIC) + 20000000;
	t = (struct timespec){ start / 1000000000, start % 1000000000 };
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == 0 &&
	      now_ns(CLOCK_MONOTONIC) >= start);
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ms20, NULL) == 0);
	CHECK(clock_nanosleep(9999, 0, &ms20, NULL) == EINVAL);
	struct timeval tv;
	CHECK(gettimeofday(&tv, NULL) == 0 && tv.tv_sec > 1600000000 && tv.tv_usec < 1000000);
	CHECK(time(NULL) >= tv.tv_sec && time(NULL) <= tv.tv_sec + 100);
	long long cpu = now_ns(CLOCK_PROCESS_CPUTIME_ID);
	volatile unsigned spin = 0;
	while (spin < 20000000)
		spin++;
	CHECK(now_ns(CLOCK_PROCESS_CPUTIME_ID) > cpu && clock() >= 0);
	return check_failures != 0;
}
