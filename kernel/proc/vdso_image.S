/* SPDX-License-Identifier: MIT */
/* The vDSO files as the build made them (vdso/), for kernel/proc/vdso.c. */
	.section .rodata
	.macro image name, file
	.globl	\name, \name\()_end
	.balign	16
\name:
	.incbin	"\file"
\name\()_end:
	.endm

	image vdso64_image, VDSO64_FILE
	image vdso32_image, VDSO32_FILE

	.section .note.GNU-stack, "", @progbits
