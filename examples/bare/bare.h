/* SPDX-License-Identifier: MIT */
/* Numbers that C and assembly share. */
#define CPUS 4
#define STACK_SIZE 8192
#define KERNEL_BASE 0xffffffff80000000
#define USER_BASE 0x40000000
