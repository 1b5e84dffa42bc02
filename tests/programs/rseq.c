/* SPDX-License-Identifier: MIT */
/*
 * Restartable sequences: registration rules, the CPU number, and the abort: a sequence that
 * spins until it loses its CPU (a timer or the migration to another one) must end at its
 * abort address, and one that is not left alone must not. glibc's own registration is
 * taken back first.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

#define SIG 0x53053053

struct area {
	uint32_t cpu_id_start, cpu_id;
	uint64_t cs;
	uint32_t flags, pad[3];
} __attribute__((aligned(32)));

static struct area mine;

static long register_area(void *area, unsigned len, int flags, unsigned sig)
{
	return syscall(SYS_rseq, area, len, flags, sig);
}

static void glibc_lets_go(void)
{
	char *its = (char *)__builtin_thread_pointer() + __rseq_offset;
	if (__rseq_size)
		CHECK(register_area(its, 32, 1, RSEQ_SIG) == 0);
}

/* Sleeps inside a sequence: 1 when it came back by the abort address, 0 when it ran through. */
static int sleep_in_sequence(void)
{
	static const struct timespec nap = { 0, 2000000 };
	long aborted = 0, rax = SYS_nanosleep;

	__asm__ volatile(".pushsection .data.rseq, \"aw\"\n"
			 ".balign 32\n"
			 "5:\t.long 0, 0\n\t.quad 1f, 2f - 1f, 4f\n"
			 ".popsection\n\t"
			 "leaq 5b(%%rip), %%r8\n\t"
			 "movq %%r8, %[cs]\n"
			 "1:\tsyscall\n\t"
			 "nop\n"
			 "2:\tjmp 6f\n\t"
			 ".long 0x53053053\n"
			 "4:\tmovl $1, %k[aborted]\n"
			 "6:\n"
			 : [cs] "=m"(mine.cs), "+a"(rax), [aborted] "+r"(aborted)
			 : "D"(&nap), "S"(0)
			 : "rcx", "r8", "r11", "memory");
	return (int)aborted;
}

int main(void)
{
	unsigned cpu;

	glibc_lets_go();
	CHECK_ERRNO(register_area(&mine, 31, 0, SIG), EINVAL);
	CHECK_ERRNO(register_area((char *)&mine + 8, 32, 0, SIG), EINVAL);
	CHECK_ERRNO(register_area(&mine, 32, 2, SIG), EINVAL);
	CHECK_ERRNO(register_area(&mine, 32, 1, SIG), EINVAL);
	CHECK(register_area(&mine, 32, 0, SIG) == 0);
	CHECK_ERRNO(register_area(&mine, 32, 0, SIG), EBUSY);
	CHECK_ERRNO(register_area(&mine, 32, 0, SIG + 1), EPERM);
	syscall(SYS_getcpu, &cpu, NULL, NULL);
	CHECK(mine.cpu_id < CPU_SETSIZE && mine.cpu_id_start == mine.cpu_id);
	CHECK(sleep_in_sequence() == 1);
	CHECK(mine.cs == 0);
	CHECK_ERRNO(register_area(&mine, 32, 1, SIG + 1), EPERM);
	CHECK(register_area(&mine, 32, 1, SIG) == 0);
	CHECK(mine.cpu_id == UINT32_MAX && mine.cpu_id_start == 0);
	return check_failures != 0;
}
