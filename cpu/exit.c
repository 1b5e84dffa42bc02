/* SPDX-License-Identifier: MIT */
/*
 * The exit chooser: SYSRET when it gives exactly what the frame says, IRET otherwise.
 * A pure function of the frame, judged at the exit and not where frames are edited: there
 * are many editors (exec, signals, a debugger) and one exit.
 */
#include "base/guards.h"
#include "base/uaddr.h"
#include "cpu/desc.h"
#include "cpu/frame.h"

enum iret_reason frame_iret_reason(const struct trapframe *tf)
{
	if (unlikely(tf->rcx != tf->rip))
		return IRET_RIP_CHANGED;
	if (unlikely(tf->r11 != tf->rflags))
		return IRET_FLAGS_CHANGED;
	if (unlikely(tf->cs != USER_CS64 || tf->ss != USER_SS))
		return IRET_SELECTORS;
	if (GUARD_SYSRET_CANONICAL && unlikely(tf->rip >= USER_TOP))
		return IRET_NONCANONICAL;
	if (unlikely(tf->rflags & (RFLAGS_TF | RFLAGS_RF)))
		return IRET_TRAP_FLAGS;
	return IRET_NOT_NEEDED;
}
