/* SPDX-License-Identifier: MIT */
/* Clocks, sleeping, futexes, randomness, uname: results and errors. */
#define _GNU_SOURCE
#include "answers.h"

#include <linux/futex.h>
#include <time.h>

static struct timespec short_time = { 0, 1000000 }, too_many_ns = { 0, 1000000000 },
		       negative = { -1, 0 };

static void clocks(void)
{
	struct timespec t;

	for (int id = -8; id < 14; id++) {
		if (id == CLOCK_REALTIME_ALARM || id == CLOCK_BOOTTIME_ALARM)
			continue; /* there if the machine has a wake-up clock */
		printf("clock %d\n", id);
		WORKED(call(clock_gettime, id, &t));
		t.tv_nsec = 0;
		ANSWER(call(clock_getres, id, &t));
		if (id < CLOCK_REALTIME_COARSE && id >= 0)
			ANSWER(t.tv_nsec);
	}
	ANSWER(call(clock_gettime, CLOCK_REALTIME, BAD));
	ANSWER(call(clock_getres, CLOCK_REALTIME, 0));
	ANSWER(call(clock_getres, CLOCK_REALTIME, BAD));
	ANSWER(call(gettimeofday, 0, 0));
	ANSWER(call(gettimeofday, BAD, 0));
	ANSWER(call(gettimeofday, 0, BAD));
	WORKED(call(time, 0));
	ANSWER(call(time, BAD));
}

static void sleeping(void)
{
	static const int ids[] = { CLOCK_REALTIME,
				   CLOCK_MONOTONIC,
				   CLOCK_THREAD_CPUTIME_ID,
				   CLOCK_MONOTONIC_RAW,
				   CLOCK_REALTIME_COARSE,
				   CLOCK_MONOTONIC_COARSE,
				   CLOCK_BOOTTIME,
				   CLOCK_TAI,
				   10,
				   12,
				   -1 };
	struct timespec none = { 0, 0 };

	for (unsigned i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		printf("clock %d\n", ids[i]);
		ANSWER(call(clock_nanosleep, ids[i], 0, &short_time, 0));
	}
	ANSWER(call(clock_nanosleep, CLOCK_MONOTONIC, 0, &too_many_ns, 0));
	ANSWER(call(clock_nanosleep, CLOCK_MONOTONIC, 0, &negative, 0));
	ANSWER(call(clock_nanosleep, CLOCK_MONOTONIC, 0, BAD, 0));
	ANSWER(call(clock_nanosleep, 99, 0, BAD, 0));
	ANSWER(call(clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, &short_time, 0));
	ANSWER(call(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, &short_time, BAD));
	ANSWER(call(nanosleep, &short_time, BAD));
	ANSWER(call(nanosleep, &too_many_ns, 0));
	ANSWER(call(nanosleep, &negative, 0));
	ANSWER(call(nanosleep, &none, 0));
	ANSWER(call(nanosleep, BAD, 0));
}

static int word = 3, other = 4;
static const int read_only_word = 3;

static void futex_waits(void)
{
	ANSWER(call(futex, &word, FUTEX_WAIT, 4, 0, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAIT, 3, &short_time, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAIT_PRIVATE, 3, &short_time, 0, 0));
	ANSWER(call(futex, &read_only_word, FUTEX_WAIT_PRIVATE, 3, &short_time, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAIT, 3, &too_many_ns, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAIT, 3, &negative, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAIT, 3, BAD, 0, 0));
	ANSWER(call(futex, (char *)&word + 1, FUTEX_WAIT, 3, &short_time, 0, 0));
	ANSWER(call(futex, BAD, FUTEX_WAIT, 3, &short_time, 0, 0));
	ANSWER(call(futex, BAD, FUTEX_WAIT_PRIVATE, 3, &short_time, 0, 0));
	ANSWER(call(futex, KERNEL_HALF, FUTEX_WAIT, 3, &short_time, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAIT_BITSET, 3, &short_time, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAIT_BITSET, 3, &short_time, 0, -1));
	ANSWER(call(futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 3, &short_time, 0, -1));
	ANSWER(call(futex, &word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 4, &short_time, 0, -1));
}

static void futex_wakes(void)
{
	ANSWER(call(futex, &word, FUTEX_WAKE, 1, 0, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAKE, -1, 0, 0, 0));
	ANSWER(call(futex, KERNEL_HALF, FUTEX_WAKE, 1, 0, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAKE_BITSET, 1, 0, 0, 0));
	ANSWER(call(futex, &word, FUTEX_WAKE_BITSET, 1, 0, 0, 1));
	ANSWER(call(futex, &word, FUTEX_REQUEUE, 1, 1, &other, 0));
	ANSWER(call(futex, &word, FUTEX_REQUEUE, -1, 1, &other, 0));
	ANSWER(call(futex, &word, FUTEX_REQUEUE, 1, -1, &other, 0));
	ANSWER(call(futex, &word, FUTEX_REQUEUE, 1, 1, (char *)&other + 1, 0));
	ANSWER(call(futex, &word, FUTEX_REQUEUE, 1, 1, KERNEL_HALF, 0));
	ANSWER(call(futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &other, 3));
	ANSWER(call(futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &other, 4));
	ANSWER(call(futex, &word, FUTEX_FD, 1, 1, &other, 0));
	ANSWER(call(futex, &word, 99, 1, 1, &other, 0));
}

static void system_calls_about_the_system(void)
{
	char b[8];

	ANSWER(call(uname, BAD));
	ANSWER(call(sysinfo, BAD));
	ANSWER(call(getrandom, b, 8, 0));
	ANSWER(call(getrandom, b, 0, 0));
	ANSWER(call(getrandom, b, 8, 8));
	ANSWER(call(getrandom, b, 8, 6)); /* GRND_RANDOM | GRND_INSECURE */
	ANSWER(call(getrandom, b, 8, 7));
	ANSWER(call(getrandom, b, 8, 1)); /* GRND_NONBLOCK */
	ANSWER(call(getrandom, BAD, 8, 0));
	ANSWER(call(getrandom, BAD, 0, 0));
	ANSWER(call(getrandom, KERNEL_HALF, 8, 0));
}

int main(void)
{
	clocks();
	sleeping();
	futex_waits();
	futex_wakes();
	system_calls_about_the_system();
	return 0;
}
