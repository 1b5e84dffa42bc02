/* SPDX-License-Identifier: MIT */
/*
 * Segment registers of an i386 program: DS, ES, FS and GS survive calls, faults and time;
 * three entries of the GDT can be described, read back and used; what could hurt is refused.
 */
#include "check.h"

#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

struct desc {
	uint32_t entry, base, limit, flags;
};

enum { SEG32 = 1, CONTENTS = 2, READ_ONLY = 8, PAGES = 16, NOT_PRESENT = 32, USEABLE = 64 };

static int set(struct desc *d)
{
	return syscall(SYS_set_thread_area, d);
}

static unsigned selector(int which)
{
	uint16_t ds, es, fs, gs;

	__asm__("mov %%ds, %0; mov %%es, %1; mov %%fs, %2; mov %%gs, %3"
		: "=r"(ds), "=r"(es), "=r"(fs), "=r"(gs));
	return which == 0 ? ds : which == 1 ? es : which == 2 ? fs : gs;
}

static uint32_t by_fs(uint32_t offset)
{
	uint32_t value;

	__asm__ volatile("mov %%fs:(%1), %0" : "=r"(value) : "r"(offset));
	return value;
}

static void kept(void)
{
	struct timespec ms = { 0, 2000000 };
	unsigned before[4], after[4];
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (int i = 0; i < 4; i++)
		before[i] = selector(i);
	getppid();
	nanosleep(&ms, NULL);
	*p = 1;
	for (volatile int i = 0; i < 20000000; i++)
		;
	for (int i = 0; i < 4; i++)
		after[i] = selector(i);
	CHECK(before[0] == 0x2b || before[0] == 0x23);
	CHECK(before[1] == before[0]);
	for (int i = 0; i < 4; i++)
		CHECK(before[i] == after[i]);
}

static void used(void)
{
	static uint32_t words[4] = { 0x11111111, 0x22222222, 0x33333333, 0x44444444 };
	struct timespec ms = { 0, 2000000 };
	struct desc d = { -1, (uint32_t)words, 0xfffff, SEG32 | PAGES | USEABLE };

	CHECK(set(&d) == 0);
	CHECK(d.entry >= 12 && d.entry <= 14);
	__asm__ volatile("mov %w0, %%fs" : : "r"(d.entry * 8 + 3));
	CHECK(by_fs(4) == 0x22222222);
	nanosleep(&ms, NULL);
	CHECK(by_fs(8) == 0x33333333);
	CHECK(selector(2) == d.entry * 8 + 3);
	/* A change of the descriptor is seen at once by whoever holds it. */
	struct desc moved = d;
	moved.base += 4;
	CHECK(set(&moved) == 0);
	CHECK(by_fs(8) == 0x44444444);
	struct desc got = { .entry = d.entry };
	CHECK(syscall(SYS_get_thread_area, &got) == 0);
	CHECK(got.base == moved.base && got.limit == 0xfffff && got.flags == moved.flags);
	/* Gone: the selector becomes null, nothing else happens. */
	struct desc gone = { d.entry, 0, 0, READ_ONLY | NOT_PRESENT };
	CHECK(set(&gone) == 0);
	CHECK(selector(2) == 0);
	nanosleep(&ms, NULL);
	CHECK(syscall(SYS_get_thread_area, &got) == 0);
	CHECK(got.base == 0 && got.limit == 0);
}

static void refused(void)
{
	static const uint32_t bad[] = {
		0 | USEABLE,			      /* 16 bits */
		SEG32 | 2 * CONTENTS | USEABLE,	      /* code */
		SEG32 | 3 * CONTENTS | USEABLE,	      /* conforming code */
		SEG32 | USEABLE | NOT_PRESENT,
	};

	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct desc d = { -1, 0x1000, 0xfffff, bad[i] };
		CHECK(set(&d) == -1 && errno == EINVAL);
	}
	for (uint32_t entry = 0; entry < 40; entry++) {
		struct desc d = { entry, 0x1000, 0xfffff, SEG32 };
		if (entry < 12 || entry > 14)
			CHECK(set(&d) == -1 && errno == EINVAL);
	}
	struct desc d = { .entry = 11 };
	CHECK(syscall(SYS_get_thread_area, &d) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_set_thread_area, (void *)0xfffff000) == -1 && errno == EFAULT);
	CHECK(syscall(SYS_get_thread_area, NULL) == -1 && errno == EFAULT);
}

static void three(void)
{
	struct desc d;
	int n = 0;

	do
		d = (struct desc){ -1, 0x1000, 0xfffff, SEG32 };
	while (set(&d) == 0 && ++n < 10);
	CHECK(errno == ESRCH);
	CHECK(n == 2); /* the C library has the third */
}

int main(void)
{
	kept();
	used();
	refused();
	three();
	printf("%d failures\n", check_failures);
	return check_failures != 0;
}
