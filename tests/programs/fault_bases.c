/* SPDX-License-Identifier: MIT */
/*
 * FS and GS bases that look like the kernel's. With FSGSBASE a program may put any canonical
 * address there (TCG lets through any at all), so an entry path that decides by the base's
 * sign, or keeps its own data behind a base it did not switch, fails here. Security rows 16
 * and 32, errata E24 and E29.
 */
#include "fault.h"

#include <asm/prctl.h>

static const uint64_t hostile[] = { 0,
				    1,
				    0xffffffff80100000ul,
				    KERNEL_HALF,
				    0xffffc00000000000ul,
				    -1ul,
				    0x7ffffffffff8ul,
				    0xffffffffffffff00ul,
				    0x7fffffff0000ul };

static void need_fsgsbase(void)
{
	if (!has_fsgsbase())
		SKIP("this CPU has no FSGSBASE");
}

static uint64_t read_gs(void)
{
	uint64_t v;

	__asm__ volatile("rdgsbase %0" : "=r"(v));
	return v;
}

static void write_gs(uint64_t v)
{
	__asm__ volatile("wrgsbase %0" ::"r"(v));
}

static void load(void)
{
	static volatile unsigned long spin;
	char *p = map_pages(32, PROT_READ | PROT_WRITE);

	for (int i = 0; i < 20000; i++)
		call3(SYS_getpid, 0, 0, 0);
	for (int i = 0; i < 32; i++)
		p[i * PAGE] = 1;
	munmap(p, 32 * PAGE);
	for (spin = 0; spin < 10000000; spin++)
		;
}

static void gs_kept(void)
{
	need_fsgsbase();
	for (unsigned i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		write_gs(hostile[i]);
		load();
		printf("base %u %s\n", i, read_gs() == hostile[i] ? "ok" : "FAIL");
		check_failures += read_gs() != hostile[i];
	}
}

/* TLS hangs on FS, so nothing of libc may run while it is hostile. */
static void fs_kept(void)
{
	int bad = 0;

	need_fsgsbase();
	for (unsigned i = 0; i < sizeof hostile / sizeof *hostile; i++) {
		uint64_t after = 0, n = 20000;
		__asm__ volatile("rdfsbase %%r8\n\t"
				 "wrfsbase %[new]\n\t"
				 "1: mov $39, %%eax\n\t"
				 "syscall\n\t"
				 "dec %[n]\n\t"
				 "jnz 1b\n\t"
				 "mov $20000000, %%ecx\n\t"
				 "2: dec %%ecx\n\t"
				 "jnz 2b\n\t"
				 "rdfsbase %[after]\n\t"
				 "wrfsbase %%r8"
				 : [after] "=&r"(after), [n] "+r"(n)
				 : [new] "r"(hostile[i])
				 : "rax", "rcx", "r8", "r11", "memory", "cc");
		bad |= after != hostile[i];
	}
	CHECK(!bad);
}

static void by_arch_prctl(void)
{
	unsigned long got = 1;

	CHECK(call3(SYS_arch_prctl, ARCH_SET_GS, 0x12345000, 0) == 0);
	CHECK(call3(SYS_arch_prctl, ARCH_GET_GS, (long)&got, 0) == 0 && got == 0x12345000);
	load();
	CHECK(call3(SYS_arch_prctl, ARCH_GET_GS, (long)&got, 0) == 0 && got == 0x12345000);
	CHECK(call3(SYS_arch_prctl, ARCH_SET_GS, KERNEL_TEXT, 0) == -EPERM);
	CHECK(call3(SYS_arch_prctl, ARCH_SET_GS, NON_CANONICAL, 0) == -EPERM);
	CHECK(call3(SYS_arch_prctl, ARCH_SET_FS, -1, 0) == -EPERM);
	CHECK(call3(SYS_arch_prctl, ARCH_SET_FS, USER_END + PAGE, 0) == -EPERM);
	CHECK(call3(SYS_arch_prctl, ARCH_GET_FS, 8, 0) == -EFAULT);
	CHECK(call3(SYS_arch_prctl, ARCH_GET_GS, KERNEL_TEXT, 0) == -EFAULT);
	CHECK(call3(SYS_arch_prctl, ARCH_GET_GS, (long)&got, 0) == 0 && got == 0x12345000);
}

/* A memory access through GS sees the base and only the base. */
static void gs_access(void)
{
	static unsigned long word = 0x1122334455667788;
	unsigned long got;

	CHECK(call3(SYS_arch_prctl, ARCH_SET_GS, (long)&word - 8, 0) == 0);
	load();
	__asm__ volatile("mov %%gs:8, %0" : "=r"(got));
	CHECK(got == word);
}

static void die_with_gs(uint64_t base)
{
	need_fsgsbase();
	write_gs(base);
}

static void ud2_kernel_gs(void)
{
	die_with_gs(KERNEL_HALF + 0x1000);
	__asm__ volatile("ud2");
}
static void int3_kernel_gs(void)
{
	die_with_gs(KERNEL_TEXT);
	__asm__ volatile("int3");
}
static void step_kernel_gs(void)
{
	die_with_gs(-8ul);
	__asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; nop; nop" ::: "memory", "cc");
}
static void step_syscall_kernel_gs(void)
{
	die_with_gs(KERNEL_HALF);
	__asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; syscall" ::"a"(39)
			 : "rcx", "r11", "memory", "cc");
}
static void gp_kernel_gs(void)
{
	die_with_gs(KERNEL_HALF);
	__asm__ volatile("hlt");
}
static void pf_kernel_gs(void)
{
	die_with_gs(KERNEL_TEXT);
	(void)*(volatile char *)opaque(8);
}
static void read_kernel_by_gs(void)
{
	die_with_gs(KERNEL_TEXT);
	__asm__ volatile("mov %%gs:0, %%rax" ::: "rax");
}

static const struct fault_case cases[] = {
	{ "gs-kept", gs_kept, LIVES, "=" },
	{ "fs-kept", fs_kept, LIVES, "=" },
	{ "arch-prctl", by_arch_prctl, LIVES, "=" },
	{ "gs-access", gs_access, LIVES, "=" },
	{ "ud2-with-kernel-gs", ud2_kernel_gs, DIES_ILL, "=" },
	{ "int3-with-kernel-gs", int3_kernel_gs, DIES_TRAP, "=" },
	{ "step-with-kernel-gs", step_kernel_gs, DIES_TRAP, "=" },
	{ "step-syscall-with-kernel-gs", step_syscall_kernel_gs, DIES_TRAP, "=" },
	{ "gp-with-kernel-gs", gp_kernel_gs, DIES_SEGV, "=" },
	{ "pf-with-kernel-gs", pf_kernel_gs, DIES_SEGV, "=" },
	{ "read-kernel-by-gs", read_kernel_by_gs, DIES_SEGV, "=" },
};

FAULT_MAIN(cases)
