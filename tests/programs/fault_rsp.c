/* SPDX-License-Identifier: MIT */
/*
 * SYSCALL with a stack pointer that is no stack: the kernel must take its own stack before
 * it stores anything, must give the same rsp back, and a timer interrupt that arrives while
 * user code runs on such an rsp must not matter either. Many calls, so that interrupts
 * fall on every part of the path. Errata rows E01, E02, E20, E23.
 */
#include "fault.h"

#define CALLS 200000

/*
 * getpid `count` times with rsp = `rsp`. Returns 0 when every answer was `pid` and rsp
 * came back each time; nothing here touches the stack in between.
 */
uint64_t calls_on(uint64_t rsp, uint64_t count, uint64_t pid);
__asm__(".text\n"
	".globl calls_on\n"
	"calls_on:\n"
	"	push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
	"	mov %rsp, %rbp\n"
	"	mov %rdi, %r12\n"
	"	mov %rsi, %r13\n"
	"	mov %rdx, %r14\n"
	"	xor %r15d, %r15d\n"
	"	mov %r12, %rsp\n"
	"1:	mov $39, %eax\n"
	"	syscall\n"
	"	sub %r14, %rax\n"
	"	or %rax, %r15\n"
	"	mov %rsp, %rax\n"
	"	xor %r12, %rax\n"
	"	or %rax, %r15\n"
	"	dec %r13\n"
	"	jnz 1b\n"
	"	mov %rbp, %rsp\n"
	"	mov %r15, %rax\n"
	"	pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
	"	ret\n");

/* Spins on a bad rsp without calling: only interrupts can go wrong. */
uint64_t spin_on(uint64_t rsp, uint64_t count);
__asm__(".text\n"
	".globl spin_on\n"
	"spin_on:\n"
	"	mov %rsp, %rdx\n"
	"	mov %rdi, %rsp\n"
	"1:	dec %rsi\n"
	"	jnz 1b\n"
	"	mov %rsp, %rax\n"
	"	sub %rdi, %rax\n"
	"	mov %rdx, %rsp\n"
	"	ret\n");

static void try_rsp(uint64_t rsp)
{
	CHECK(calls_on(rsp, CALLS, getpid()) == 0);
	CHECK(spin_on(rsp, 30000000) == 0);
}

static void rsp_zero(void)
{
	try_rsp(0);
}
static void rsp_kernel_text(void)
{
	try_rsp(KERNEL_TEXT + 0x1000);
}
static void rsp_kernel_half(void)
{
	try_rsp(KERNEL_HALF + 0x1000);
}
static void rsp_top(void)
{
	try_rsp(-8ul);
}
static void rsp_non_canonical(void)
{
	try_rsp(NON_CANONICAL);
}
static void rsp_odd(void)
{
	try_rsp(12345671);
}

/* Sweeps the whole kernel image, its data included: a push there would be fatal soon. */
static void rsp_kernel_sweep(void)
{
	uint64_t bad = 0, pid = getpid();

	for (uint64_t rsp = 0xffffffff80000000ul; rsp < 0xffffffff81000000ul; rsp += 2048)
		bad |= calls_on(rsp, 4, pid);
	CHECK(bad == 0);
}

static void rsp_read_only(void)
{
	char *p = map_pages(2, PROT_READ);

	try_rsp((uint64_t)p + PAGE);
	CHECK(p[PAGE - 8] == 0 && p[PAGE - 1] == 0);
}

static void rsp_unmapped(void)
{
	char *p = map_pages(1, PROT_READ);

	munmap(p, PAGE);
	try_rsp((uint64_t)p);
}

/* Nothing of the kernel may be written around the user's stack pointer, above or below. */
static void stack_untouched(void)
{
	unsigned char *p = map_pages(8, PROT_READ | PROT_WRITE);
	int dirty = 0;

	memset(p, 0xa5, 8 * PAGE);
	CHECK(calls_on((uint64_t)p + 4 * PAGE, CALLS, getpid()) == 0);
	CHECK(spin_on((uint64_t)p + 4 * PAGE, 30000000) == 0);
	for (unsigned i = 0; i < 8 * PAGE; i++)
		dirty |= p[i] ^ 0xa5;
	CHECK(dirty == 0);
}

/* A fault on a bad stack pointer is still only the program's end. */
static void ud2_on_kernel_rsp(void)
{
	__asm__ volatile("mov %0, %%rsp; ud2" ::"r"(KERNEL_TEXT));
}
static void int3_on_null_rsp(void)
{
	__asm__ volatile("xor %%esp, %%esp; int3" ::: "memory");
}
static void push_on_null_rsp(void)
{
	__asm__ volatile("xor %%esp, %%esp; push %%rax" ::: "memory");
}
static void call_on_kernel_rsp(void)
{
	__asm__ volatile("mov %0, %%rsp; call getpid" ::"r"(KERNEL_TEXT + 0x2000));
}

static const struct fault_case cases[] = {
	{ "rsp-zero", rsp_zero, LIVES, "=" },
	{ "rsp-kernel-text", rsp_kernel_text, LIVES, "=" },
	{ "rsp-kernel-half", rsp_kernel_half, LIVES, "=" },
	{ "rsp-top", rsp_top, LIVES, "=" },
	{ "rsp-non-canonical", rsp_non_canonical, LIVES, "=" },
	{ "rsp-odd", rsp_odd, LIVES, "=" },
	{ "rsp-kernel-sweep", rsp_kernel_sweep, LIVES, "=" },
	{ "rsp-read-only", rsp_read_only, LIVES, "=" },
	{ "rsp-unmapped", rsp_unmapped, LIVES, "=" },
	{ "stack-untouched", stack_untouched, LIVES, "=" },
	{ "ud2-on-kernel-rsp", ud2_on_kernel_rsp, DIES_ILL, "=" },
	{ "int3-on-null-rsp", int3_on_null_rsp, DIES_TRAP, "=" },
	{ "push-on-null-rsp", push_on_null_rsp, DIES_BUS "/" DIES_SEGV, "=" },
	{ "call-on-kernel-rsp", call_on_kernel_rsp, DIES_SEGV, "=" },
};

FAULT_MAIN(cases)
