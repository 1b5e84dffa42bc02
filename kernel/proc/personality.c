/* SPDX-License-Identifier: MIT */
/*
 * The personalities there are. A 64-bit Linux program has its table at SYSCALL; the i386
 * doors it could also reach answer -ENOSYS, as a Linux without IA32 emulation does for
 * the two of them that do not fault there.
 */
#include "kernel/proc/personality.h"

const struct personality personality_linux64 = {
	.name = "linux64",
	.door_abi = {
		[DOOR_SYSCALL64] = ABI_LINUX64,
		[DOOR_SYSCALL32] = ABI_NONE,
		[DOOR_SYSENTER] = ABI_NONE,
		[DOOR_INT80] = ABI_NONE,
	},
};
