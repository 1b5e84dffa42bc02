/* SPDX-License-Identifier: MIT */
/*
 * The personalities there are. As on Linux a door belongs to an ABI and not to a program:
 * SYSCALL in 64-bit code reaches the x86-64 table and the three other doors the i386 table,
 * whoever knocks. So an x86-64 program may use INT 0x80, and an i386 program that jumps into
 * the 64-bit code segment may use SYSCALL. A native program's doors will differ here, and in
 * the order of argument registers (sys/dispatch.c).
 */
#include "kernel/proc/personality.h"
#include "cpu/desc.h"

#define LINUX_DOORS                                                             \
	{                                                                       \
		[DOOR_SYSCALL64] = ABI_LINUX64, [DOOR_SYSCALL32] = ABI_LINUX32, \
		[DOOR_SYSENTER] = ABI_LINUX32, [DOOR_INT80] = ABI_LINUX32,      \
	}

const struct personality personality_linux64 = {
	.name = "linux64",
	.door_abi = LINUX_DOORS,
	.word_bytes = 8,
	.cs = USER_CS64,
	.data_segment = 0,
	.user_top = USER_TOP,
};

const struct personality personality_linux32 = {
	.name = "linux32",
	.door_abi = LINUX_DOORS,
	.word_bytes = 4,
	.cs = USER_CS32,
	.data_segment = USER_SS,
	.user_top = USER_TOP32,
};
