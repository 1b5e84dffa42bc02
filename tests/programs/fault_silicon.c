/* SPDX-License-Identifier: MIT */
/*
 * What silicon checks and QEMU's translator lets pass: non-canonical bases, the shadow of
 * MOV SS, traps pending over a door, null selectors, reserved bits. Bochs is the judge
 * (tests/referee); here under TCG these only must do no harm. Security rows 1, 5, 6, 15, 16,
 * 18.
 */
#include "fault.h"

#define TF_ON "pushfq; orl $0x100, (%%rsp); popfq; "
/* To itself: what counts is the instruction, and that nothing may come between it and the next. */
#define MOV_SS "mov %%ss, %%r12d; mov %%r12d, %%ss; "
#define CLOBBERS "rax", "rcx", "r8", "r9", "r10", "r11", "r12", "memory", "cc"
#define ONE(name, text)                              \
	static void name(void)                       \
	{                                            \
		__asm__ volatile(text ::: CLOBBERS); \
	}

/* Where the CPU should have faulted and a translator may go on. */
static void only_tcg_gets_here(void)
{
	CHECK(on_tcg());
}

/* ---- the shadow of MOV SS ---- */

ONE(movss_syscall, MOV_SS "mov $39, %%eax; syscall")
ONE(movss_int80, MOV_SS "mov $9999, %%eax; int $0x80")
ONE(movss_int3, MOV_SS "int3")
ONE(movss_ud2, MOV_SS "ud2")
ONE(movss_icebp, MOV_SS ".byte 0xf1")
ONE(movss_hole, "mov $1, %%eax; shl $47, %%rax; " MOV_SS "mov (%%rax), %%eax")
ONE(tf_movss_syscall, "mov $39, %%eax; mov %%ss, %%r12d; " TF_ON "mov %%r12d, %%ss; syscall; nop")
ONE(tf_movss_int80, "mov $9999, %%eax; mov %%ss, %%r12d; " TF_ON "mov %%r12d, %%ss; int $0x80; nop")
ONE(tf_movss_int3, "mov %%ss, %%r12d; " TF_ON "mov %%r12d, %%ss; int3; nop")

static void movss_syscall_often(void)
{
	for (int i = 0; i < 100000; i++)
		movss_syscall();
}

/* ---- traps pending over a door ---- */

ONE(tf_sysenter, "mov %%rsp, %%rbp; mov $39, %%eax; " TF_ON "sysenter")
ONE(tf_icebp, TF_ON ".byte 0xf1; nop")
ONE(tf_int3, TF_ON "int3; nop")
ONE(tf_ud2, TF_ON "ud2")

/* The call returns by IRET, because of TF, and the trap comes from there. */
static void tf_kernel_gs(void)
{
	if (!has_fsgsbase())
		SKIP("this CPU has no FSGSBASE");
	__asm__ volatile("wrgsbase %0; mov $39, %%eax; mov %%ss, %%r12d; " TF_ON
			 "mov %%r12d, %%ss; syscall; nop" ::"r"(KERNEL_TEXT)
			 : CLOBBERS, "rbx");
}

/* ---- bases ---- */

static const uint64_t holes[] = { NON_CANONICAL, 0x8000000000000000ul, 0x0100000000000000ul,
				  0xffff7ffffffffffful };

static void wrgsbase_hole(void)
{
	if (!has_fsgsbase())
		SKIP("this CPU has no FSGSBASE");
	for (unsigned i = 0; i < sizeof holes / sizeof *holes; i++) {
		__asm__ volatile("wrgsbase %0; mov $39, %%eax; syscall" ::"r"(holes[i])
				 : "rax", "rcx", "r11", "memory");
		only_tcg_gets_here();
	}
}

static void wrfsbase_hole(void)
{
	if (!has_fsgsbase())
		SKIP("this CPU has no FSGSBASE");
	__asm__ volatile(
		"rdfsbase %%r12; wrfsbase %0; mov $39, %%eax; syscall; wrfsbase %%r12" ::"r"(
			NON_CANONICAL)
		: CLOBBERS);
	only_tcg_gets_here();
}

/* ---- selectors ---- */

/* Null and user data selectors in every register that takes them, over every kind of entry. */
static void null_selectors(void)
{
	static volatile long spin;
	char *p = map_pages(4, PROT_READ | PROT_WRITE);

	for (unsigned sel = 0; sel < 4; sel++) {
		__asm__ volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%gs" ::"r"(sel));
		CHECK(call3(SYS_getpid, 0, 0, 0) == getpid());
		p[sel * PAGE] = 1;
		for (spin = 0; spin < 3000000; spin++)
			;
		long r = 9999;
		__asm__ volatile("int $0x80" : "+a"(r)::"r8", "r9", "r10", "r11", "rcx", "memory");
		CHECK(r == -ENOSYS);
	}
}

static void user_selectors(void)
{
	unsigned ss;

	__asm__("mov %%ss, %0" : "=r"(ss));
	__asm__ volatile("mov %0, %%ds; mov %0, %%es; mov %0, %%gs; mov %0, %%ss" ::"r"(ss));
	CHECK(call3(SYS_getpid, 0, 0, 0) == getpid());
	*(char *)map_pages(4, PROT_READ | PROT_WRITE) = 1;
	CHECK(call3(SYS_getpid, 0, 0, 0) == getpid());
}

ONE(ss_null, "xor %%eax, %%eax; mov %%eax, %%ss")
ONE(ss_null_rpl3, "mov $3, %%eax; mov %%eax, %%ss")
ONE(ss_kernel, "mov $0x10, %%eax; mov %%eax, %%ss")
ONE(ds_kernel_code, "mov $0x08, %%eax; mov %%eax, %%ds")
ONE(gs_tss, "mov $0x33, %%eax; mov %%eax, %%gs")

/* ---- addresses ---- */

/* Ring 3's own IRET, RET and far jump to where nothing can be: the fault is ring 3's. */
ONE(ret_hole, "mov $1, %%eax; shl $47, %%rax; push %%rax; ret")
ONE(iret_hole, "mov %%rsp, %%r12; mov %%ss, %%eax; push %%rax; push %%r12; pushfq; mov %%cs, %%eax;"
	       "push %%rax; mov $1, %%eax; shl $47, %%rax; push %%rax; iretq")
ONE(iret_null_ss, "mov %%rsp, %%r12; pushq $0; push %%r12; pushfq; mov %%cs, %%eax; push %%rax;"
		  "lea 1f(%%rip), %%rax; push %%rax; iretq; 1:")
ONE(call_hole, "mov $1, %%eax; shl $47, %%rax; call *%%rax")
/*
 * The page that would make a SYSCALL's return address non-canonical cannot be had. If it
 * could, this would be the program's death on a translator and the kernel's on Bochs.
 */
static void below_hole(void)
{
	unsigned char *page = mmap((void *)USER_END, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (page == MAP_FAILED) {
		CHECK(errno == ENOMEM);
		return;
	}
	memcpy(page + PAGE - 2, "\x0f\x05", 2);
	__asm__ volatile("jmp *%0" ::"r"(page + PAGE - 2), "a"(SYS_getpid));
}

/* A program may have its stack anywhere; the next fault must not use it. */
ONE(ud2_on_hole, "mov $1, %%eax; shl $47, %%rax; mov %%rax, %%rsp; ud2")
ONE(syscall_on_hole, "mov $1, %%eax; shl $47, %%rax; mov %%rsp, %%r12; mov %%rax, %%rsp;"
		     "mov $39, %%eax; syscall; mov %%r12, %%rsp")
ONE(pop_hole, "mov $1, %%eax; shl $47, %%rax; mov %%rax, %%rsp; pop %%rax")

/* ---- reserved bits ---- */

static void ldmxcsr_reserved(void)
{
	unsigned csr = 0xffff1f80;

	__asm__ volatile("ldmxcsr %0" ::"m"(csr));
	only_tcg_gets_here();
}

static void fxrstor_reserved(void)
{
	static unsigned char area[512] __attribute__((aligned(16)));

	__asm__ volatile("fxsave %0" : "=m"(area));
	memset(area + 24, 0xff, 4);
	__asm__ volatile("fxrstor %0" ::"m"(area));
	only_tcg_gets_here();
}

static void xrstor_header(void)
{
	static unsigned char area[4096] __attribute__((aligned(64)));
	unsigned r[4];

	cpuid(1, 0, r);
	if (!(r[2] & 1 << 27))
		SKIP("this CPU has no XSAVE");
	memset(area + 512, 0xff, 64);
	__asm__ volatile("xrstor %0" ::"m"(area), "a"(7), "d"(0));
	only_tcg_gets_here();
}

/* An unmasked exception that waits in the x87 must not go off in the kernel. */
static void x87_pending(void)
{
	unsigned short control = 0x037b;
	static volatile long spin;

	__asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp" ::"m"(control));
	for (int i = 0; i < 100; i++)
		call3(SYS_sched_yield, 0, 0, 0);
	for (spin = 0; spin < 3000000; spin++)
		;
	call3(SYS_write, 1, (long)"ok pending\n", 11);
	__asm__ volatile("fwait");
}

/* Every door with AC set, and at the end a word across two addresses. */
static void ac_everywhere(void)
{
	static char bytes[16];

	__asm__ volatile("pushfq; orl $0x40000, (%%rsp); popfq; mov $39, %%eax; syscall;"
			 "mov $9999, %%eax; int $0x80; movl %0, %%eax; pushfq;"
			 "andl $~0x40000, (%%rsp); popfq" ::"m"(*(int *)(bytes + 1))
			 : CLOBBERS);
	only_tcg_gets_here();
}

static const struct fault_case cases[] = {
	{ "movss-syscall", movss_syscall_often, LIVES, "=" },
	{ "movss-int80", movss_int80, LIVES, "=" },
	{ "movss-int3", movss_int3, DIES_TRAP, "=" },
	{ "movss-ud2", movss_ud2, DIES_ILL, "=" },
	{ "movss-icebp", movss_icebp, DIES_TRAP "/" DIES_ILL, "=" },
	{ "movss-non-canonical", movss_hole, DIES_SEGV, "=" },
	{ "tf-movss-syscall", tf_movss_syscall, DIES_TRAP, "=" },
	{ "tf-movss-int80", tf_movss_int80, DIES_TRAP, "=" },
	{ "tf-movss-int3", tf_movss_int3, DIES_TRAP, "=" },
	{ "tf-sysenter", tf_sysenter, DIES_SEGV "/" DIES_ILL "/" DIES_TRAP, "-" },
	{ "tf-icebp", tf_icebp, DIES_TRAP "/" DIES_ILL, "=" },
	{ "tf-int3", tf_int3, DIES_TRAP, "=" },
	{ "tf-ud2", tf_ud2, DIES_ILL, "=" },
	{ "tf-syscall-with-kernel-gs", tf_kernel_gs, DIES_TRAP, "=" },
	{ "wrgsbase-non-canonical", wrgsbase_hole, DIES_SEGV "/" LIVES, "=" },
	{ "wrfsbase-non-canonical", wrfsbase_hole, DIES_SEGV "/" LIVES, "=" },
	{ "null-selectors", null_selectors, LIVES, "=" },
	{ "user-selectors", user_selectors, LIVES, "=" },
	{ "null-ss", ss_null, DIES_SEGV, "=" },
	{ "null-ss-rpl-3", ss_null_rpl3, DIES_SEGV, "=" },
	{ "kernel-ss", ss_kernel, DIES_SEGV, "=" },
	{ "kernel-code-ds", ds_kernel_code, DIES_SEGV, "=" },
	{ "tss-gs", gs_tss, DIES_SEGV, "-" },
	{ "syscall-below-hole", below_hole, LIVES "/" DIES_SEGV, "=" },
	{ "ret-non-canonical", ret_hole, DIES_SEGV, "=" },
	{ "iret-non-canonical", iret_hole, DIES_SEGV, "=" },
	{ "iret-null-ss", iret_null_ss, DIES_SEGV, "=" },
	{ "call-non-canonical", call_hole, DIES_SEGV, "=" },
	{ "ud2-non-canonical-rsp", ud2_on_hole, DIES_ILL, "=" },
	{ "syscall-non-canonical-rsp", syscall_on_hole, LIVES, "=" },
	/* TCG knows one fault for all non-canonical addresses */
	{ "pop-non-canonical-rsp", pop_hole, DIES_BUS "/" DIES_SEGV, "=" },
	{ "ldmxcsr-reserved", ldmxcsr_reserved, DIES_SEGV "/" LIVES, "=" },
	{ "fxrstor-reserved", fxrstor_reserved, DIES_SEGV "/" LIVES, "=" },
	{ "xrstor-header", xrstor_header, DIES_SEGV "/" LIVES, "=" },
	{ "x87-pending", x87_pending, DIES_FPE, "=" },
	{ "ac-everywhere", ac_everywhere, DIES_BUS "/" LIVES, "=" },
};

FAULT_MAIN(cases)
