/* SPDX-License-Identifier: MIT */
/* Calls for the tests of the crossing itself; -ENOSYS unless the command line asks for them. */
#include "sys/debug.h"
#include "abi/echo.h"
#include "cpu/frame.h"
#include "gen/errno.h"
#include "gen/sysproto.h"

bool debug_echo;

long sys_lstar_echo(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f, struct trapframe *tf)
{
	u64 argument[6] = { a, b, c, d, e, f };

	if (!debug_echo)
		return -ENOSYS;
	return echo_hash((u32)tf->orig_rax, argument);
}
