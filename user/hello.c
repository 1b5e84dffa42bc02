/* SPDX-License-Identifier: MIT */
/*
 * The smallest Linux program worth running: one line, exit status 0. No C library, so that
 * the time it takes is the kernel's and the launcher's (bench/).
 *
 * Build: gcc -O2 -static -nostdlib -ffreestanding -fno-pie -no-pie -o hello user/hello.c
 */
#define SYS_WRITE 1
#define SYS_EXIT_GROUP 231

static long linux_call3(long nr, long a, long b, long c)
{
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
}

void _start(void);

/* The kernel enters with an aligned stack, not as a call would leave it. */
__attribute__((noreturn, force_align_arg_pointer)) void _start(void)
{
	static const char line[] = "hello, world\n";
	const long length = sizeof line - 1;
	long written = linux_call3(SYS_WRITE, 1, (long)line, length);

	for (;;)
		linux_call3(SYS_EXIT_GROUP, written == length ? 0 : 1, 0, 0);
}
