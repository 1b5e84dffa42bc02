/* SPDX-License-Identifier: MIT */
/*
 * What runs in ring 3: a call through each door, with an instruction that is none among them.
 * eax is 0 at first; the answer to each call is the number of the next.
 */
#include "bare.h"
#include "cpu/desc.h"

	.text
	.globl	user_start, user_landing, user_end
user_start:
	syscall
	int	$0x80
	ud2
	ljmp	*user_pointer32(%rip)
user_pointer32:
	.long	USER_BASE + user32 - user_start
	.word	USER_CS32
	.code32
user32:	int	$0x80
	syscall
	mov	%esp, %ebp
	sysenter
user_landing:				/* SYSENTER does not say where it was: the kernel sends it here */
	int3
user_end:
