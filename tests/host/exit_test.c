/* SPDX-License-Identifier: MIT */
/*
 * The exit chooser and the user range check, on the host: the emulator forgives a wrong
 * SYSRET, so nothing but this (and Bochs) would notice the chooser being wrong.
 */
#include <stdio.h>

#include "base/uaddr.h"
#include "cpu/desc.h"
#include "cpu/frame.h"
#include "cpu/speculation.h"

static int passed, failed;

static void check(bool ok, const char *what)
{
	ok ? passed++ : failed++;
	if (!ok)
		printf("FAIL %s\n", what);
}

static struct trapframe good_frame(void)
{
	struct trapframe tf = { .rip = 0x401000, .cs = USER_CS64, .rflags = 0x202,
				.rsp = 0x7ffff000, .ss = USER_SS };
	tf.rcx = tf.rip;
	tf.r11 = tf.rflags;
	return tf;
}

static void refuse(struct trapframe tf, enum iret_reason why, const char *what)
{
	check(frame_iret_reason(&tf) == why, what);
}

static void chooser(void)
{
	struct trapframe tf = good_frame();
	refuse(tf, IRET_NOT_NEEDED, "a plain frame leaves by SYSRET");

	tf = good_frame(), tf.rip++;
	refuse(tf, IRET_RIP_CHANGED, "rip rewritten");
	tf = good_frame(), tf.rcx++;
	refuse(tf, IRET_RIP_CHANGED, "rcx rewritten");
	tf = good_frame(), tf.rflags |= 1;
	refuse(tf, IRET_FLAGS_CHANGED, "rflags rewritten");
	tf = good_frame(), tf.cs = USER_CS32;
	refuse(tf, IRET_SELECTORS, "32-bit cs");
	tf = good_frame(), tf.ss = 0x20;
	refuse(tf, IRET_SELECTORS, "ss with RPL 0");
	tf = good_frame(), tf.rflags = tf.r11 |= 1 << 8;
	refuse(tf, IRET_TRAP_FLAGS, "single step");
	tf = good_frame(), tf.rflags = tf.r11 |= 1 << 16;
	refuse(tf, IRET_TRAP_FLAGS, "resume flag");

	static const u64 bad_rip[] = { USER_TOP, USER_TOP + 1, 0x7fffffffffff, 1ull << 47,
				       1ull << 63, UINT64_MAX, 0xffff800000000000 };
	for (u32 i = 0; i < ARRAY_SIZE(bad_rip); i++) {
		tf = good_frame(), tf.rip = tf.rcx = bad_rip[i];
		refuse(tf, IRET_NONCANONICAL, "rip at or beyond the top of user space");
	}
	tf = good_frame(), tf.rip = tf.rcx = USER_TOP - 1;
	refuse(tf, IRET_NOT_NEEDED, "last user byte");
	/* A SYSCALL in the last two mapped bytes returns to USER_TOP: canonical, so IRET is
	 * belt and braces; the instruction itself cannot be fetched. */
}

/* The check against a plain definition with wide arithmetic, around every edge. */
static void ranges(void)
{
	static const u64 edge[] = { 0, 1, PAGE_SIZE, USER_BOTTOM, USER_TOP - 1, USER_TOP, USER_TOP + 1,
				    1ull << 47, 1ull << 63, UINT64_MAX - 1, UINT64_MAX };
	for (u32 a = 0; a < ARRAY_SIZE(edge); a++)
		for (u32 n = 0; n < ARRAY_SIZE(edge); n++)
			for (int d = -2; d <= 2; d++) {
				u64 addr = edge[a] + (u64)(s64)d;
				unsigned __int128 end = (unsigned __int128)addr + edge[n];
				check(user_range_ok(addr, edge[n]) == (end <= USER_TOP), "user_range_ok");
			}
}

static void clamp(void)
{
	for (u64 i = 0; i < 20; i++)
		check(index_clamp(i, 10) == (i < 10 ? i : 0), "index_clamp");
	check(index_clamp(UINT64_MAX, 10) == 0, "index_clamp far out");
	check(index_clamp(USER_TOP, USER_TOP + 1) == USER_TOP, "clamp of the highest end");
}

int main(void)
{
	chooser();
	ranges();
	clamp();
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
