/* SPDX-License-Identifier: MIT */
/*
 * Every exception a program can raise on one CPU, and every privileged instruction: only the
 * program ends, by the signal Linux gives it.
 *
 * Differences that are the emulator's, not the kernel's: TCG gives #GP where a CPU gives #SS
 * (139 for 135), #UD for ICEBP (132 for 133), and raises neither #AC nor SIMD exceptions.
 */
#include "fault.h"

#define ONE(name, text)                                                                       \
	static void name(void)                                                                \
	{                                                                                     \
		__asm__ volatile(text ::: "rax", "rbx", "rcx", "rdx", "rdi", "memory", "cc"); \
	}

static const char rodata[PAGE] = "constant";
static char data_page[PAGE] __attribute__((aligned(4096))) = { (char)0xc3 };

static void read_null(void)
{
	(void)*(volatile char *)opaque(0);
}
static void write_null(void)
{
	*(volatile char *)opaque(0) = 1;
}
static void exec_null(void)
{
	((void (*)(void))opaque(0))();
}
static void write_rodata(void)
{
	*(volatile char *)opaque((uint64_t)rodata) = 1;
}
static void write_text(void)
{
	*(volatile char *)opaque((uint64_t)write_text) = (char)0xc3;
}
static void exec_data(void)
{
	((void (*)(void))opaque((uint64_t)data_page))();
}
static void read_kernel(void)
{
	(void)*(volatile char *)opaque(KERNEL_TEXT);
}
static void write_kernel(void)
{
	*(volatile char *)opaque(KERNEL_TEXT) = 1;
}
static void exec_kernel(void)
{
	((void (*)(void))opaque(KERNEL_TEXT))();
}
static void read_half(void)
{
	(void)*(volatile char *)opaque(KERNEL_HALF);
}
static void read_top(void)
{
	(void)*(volatile char *)opaque(-1ul);
}
static void read_last_page(void)
{
	(void)*(volatile char *)opaque(USER_END);
}
static void read_hole(void)
{
	(void)*(volatile char *)opaque(NON_CANONICAL);
}
static void write_hole(void)
{
	*(volatile char *)opaque(NON_CANONICAL) = 1;
}
static void exec_hole(void)
{
	((void (*)(void))opaque(NON_CANONICAL))();
}

static void exec_stack(void)
{
	volatile char code[16] = { (char)0xc3 };

	((void (*)(void))opaque((uint64_t)code))();
}

static void read_unmapped(void)
{
	char *p = map_pages(1, PROT_READ);

	munmap(p, PAGE);
	(void)*(volatile char *)p;
}

static void write_protected(void)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);

	*p = 1;
	mprotect(p, PAGE, PROT_READ);
	*(volatile char *)p = 2;
}

static void read_prot_none(void)
{
	(void)*(volatile char *)map_pages(1, PROT_NONE);
}

static void push_hole(void)
{
	__asm__ volatile(
		"mov %%rsp, %%rbx; mov %0, %%rsp; push %%rax; mov %%rbx, %%rsp" ::"r"(NON_CANONICAL)
		: "rbx", "memory");
}

static int overflow(volatile char *above)
{
	volatile char frame[4096];

	frame[0] = *above + 1;
	return opaque(1) ? overflow(frame) + frame[0]
			 : 0; /* always, but the compiler must not know */
}

static void stack_overflow(void)
{
	volatile char c = 0;

	overflow(&c);
}

static void divide(void)
{
	__asm__ volatile("xor %%edx, %%edx; mov $1, %%eax; xor %%ecx, %%ecx; div %%ecx" ::
				 : "rax", "rdx", "rcx");
}

static void divide_overflow(void)
{
	__asm__ volatile("mov $0x80000000, %%eax; cltd; mov $-1, %%ecx; idiv %%ecx" ::
				 : "rax", "rdx", "rcx");
}

static void x87_divide(void)
{
	unsigned short control = 0x037b; /* zero-divide unmasked */

	__asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp; fwait" ::"m"(control));
}

static void sse_divide(void)
{
	unsigned csr = 0x1d80; /* zero-divide unmasked */

	__asm__ volatile("ldmxcsr %0; xorps %%xmm0, %%xmm0; mov $1, %%eax; cvtsi2ss %%eax, %%xmm1; "
			 "divss %%xmm0, %%xmm1" ::"m"(csr)
			 : "xmm0", "xmm1", "rax");
	if (on_tcg())
		SKIP("TCG raises no SIMD floating-point exception");
}

static void alignment(void)
{
	static char bytes[16];

	__asm__ volatile("pushfq; orl $0x40000, (%%rsp); popfq; movl %0, %%eax; pushfq; andl "
			 "$~0x40000, (%%rsp); popfq" ::"m"(*(int *)(bytes + 1))
			 : "rax", "cc", "memory");
	if (on_tcg())
		SKIP("TCG raises no alignment check");
}

static void single_step(void)
{
	__asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; nop; nop" ::: "cc", "memory");
}

static void bad_cs(void)
{
	__asm__ volatile("pushq $0x08; lea 1f(%%rip), %%rax; push %%rax; lretq; 1:" ::
				 : "rax", "memory");
}

static void bad_iret(void)
{
	__asm__ volatile("mov %%rsp, %%rbx; pushq $0x10; push %%rbx; pushfq; pushq $0x08; lea "
			 "1f(%%rip), %%rax; push %%rax; iretq; 1:" ::
				 : "rax", "rbx", "memory");
}

static void bad_ss(void)
{
	__asm__ volatile("mov %0, %%ss" ::"r"(0x18));
}
static void bad_ds(void)
{
	__asm__ volatile("mov %0, %%ds" ::"r"(0xfff3));
}
static void ldt_fs(void)
{
	__asm__ volatile("mov %0, %%fs" ::"r"(7));
}
static void tss_as_ds(void)
{
	__asm__ volatile("mov %0, %%es" ::"r"(0x40));
}

ONE(undefined, "ud2")
ONE(undefined_lock, ".byte 0xf0, 0x90") /* lock nop */
ONE(too_long,
    ".byte 0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x90")
ONE(breakpoint, "int3")
ONE(breakpoint_long, ".byte 0xcd, 3")
ONE(icebp, ".byte 0xf1")
ONE(into64, ".byte 0xce")
ONE(do_hlt, "hlt")
ONE(do_cli, "cli")
ONE(do_sti, "sti")
ONE(do_in, "mov $0xf4, %%edx; in %%dx, %%al")
ONE(do_out, "mov $0xf4, %%edx; mov $0x10, %%al; out %%al, %%dx")
ONE(do_out_imm, "mov $0x10, %%eax; out %%eax, $0xf4")
ONE(do_ins, "mov $0x3f8, %%edx; lea data_page(%%rip), %%rdi; insb")
ONE(do_cr0, "mov %%cr0, %%rax")
ONE(do_cr3, "mov %%cr3, %%rax")
ONE(do_cr0_write, "xor %%eax, %%eax; mov %%rax, %%cr0")
ONE(do_cr3_write, "xor %%eax, %%eax; mov %%rax, %%cr3")
ONE(do_cr4_write, "xor %%eax, %%eax; mov %%rax, %%cr4")
ONE(do_cr8, "mov %%cr8, %%rax")
ONE(do_dr, "mov %%dr7, %%rax")
ONE(do_dr_write, "xor %%eax, %%eax; mov %%rax, %%dr0")
ONE(do_rdmsr, "mov $0xc0000082, %%ecx; rdmsr")
ONE(do_wrmsr, "mov $0xc0000082, %%ecx; xor %%eax, %%eax; xor %%edx, %%edx; wrmsr")
ONE(do_wrmsr_efer, "mov $0xc0000080, %%ecx; xor %%eax, %%eax; xor %%edx, %%edx; wrmsr")
ONE(do_lgdt, "lgdt data_page(%%rip)")
ONE(do_lidt, "lidt data_page(%%rip)")
ONE(do_ltr, "mov $0x30, %%eax; ltr %%ax")
ONE(do_lldt, "xor %%eax, %%eax; lldt %%ax")
ONE(do_lmsw, "xor %%eax, %%eax; lmsw %%ax")
ONE(do_clts, "clts")
ONE(do_invlpg, "invlpg data_page(%%rip)")
ONE(do_wbinvd, "wbinvd")
ONE(do_swapgs, "swapgs")
ONE(do_sysret, "lea 1f(%%rip), %%rcx; mov $0x202, %%r11d; sysretq; 1:")
ONE(do_sysexit, "sysexitl")
ONE(do_rsm, "rsm")
ONE(do_xsetbv, "xor %%ecx, %%ecx; mov $1, %%eax; xor %%edx, %%edx; xsetbv")
ONE(do_stac, "stac")
ONE(do_monitor, "xor %%eax, %%eax; xor %%ecx, %%ecx; xor %%edx, %%edx; monitor")
ONE(do_sgdt, "sub $16, %%rsp; sgdt (%%rsp); add $16, %%rsp")
ONE(do_sidt, "sub $16, %%rsp; sidt (%%rsp); add $16, %%rsp")
ONE(do_sldt, "sldt %%rax")
ONE(do_str, "str %%rax")
ONE(do_smsw, "smsw %%rax")

static const struct fault_case cases[] = {
	{ "read-null", read_null, DIES_SEGV, "=" },
	{ "write-null", write_null, DIES_SEGV, "=" },
	{ "exec-null", exec_null, DIES_SEGV, "=" },
	{ "write-rodata", write_rodata, DIES_SEGV, "=" },
	{ "write-text", write_text, DIES_SEGV, "=" },
	{ "exec-data", exec_data, DIES_SEGV, "=" },
	{ "exec-stack", exec_stack, DIES_SEGV, "=" },
	{ "read-kernel", read_kernel, DIES_SEGV, "=" },
	{ "write-kernel", write_kernel, DIES_SEGV, "=" },
	{ "exec-kernel", exec_kernel, DIES_SEGV, "=" },
	{ "read-kernel-half", read_half, DIES_SEGV, "=" },
	{ "read-top-byte", read_top, DIES_SEGV, "=" },
	{ "read-last-page", read_last_page, DIES_SEGV, "=" },
	{ "read-non-canonical", read_hole, DIES_SEGV, "=" },
	{ "write-non-canonical", write_hole, DIES_SEGV, "=" },
	{ "exec-non-canonical", exec_hole, DIES_SEGV, "=" },
	{ "push-non-canonical", push_hole, DIES_BUS "/" DIES_SEGV, "=" },
	{ "read-unmapped", read_unmapped, DIES_SEGV, "=" },
	{ "read-prot-none", read_prot_none, DIES_SEGV, "=" },
	{ "write-protected", write_protected, DIES_SEGV, "=" },
	{ "stack-overflow", stack_overflow, DIES_SEGV, "=" },
	{ "divide-by-zero", divide, DIES_FPE, "=" },
	{ "divide-overflow", divide_overflow, DIES_FPE, "=" },
	{ "x87-divide", x87_divide, DIES_FPE, "=" },
	{ "sse-divide", sse_divide, DIES_FPE, "=" },
	{ "alignment-check", alignment, DIES_BUS, "=" },
	{ "ud2", undefined, DIES_ILL, "=" },
	{ "lock-nop", undefined_lock, DIES_ILL, "=" },
	{ "too-long-instruction", too_long, DIES_SEGV "/" DIES_ILL, "=" },
	{ "int3", breakpoint, DIES_TRAP, "=" },
	{ "int-3-long", breakpoint_long, DIES_TRAP, "=" },
	{ "icebp", icebp, DIES_TRAP "/" DIES_ILL, "=" },
	{ "into", into64, DIES_ILL, "=" },
	{ "single-step", single_step, DIES_TRAP, "=" },
	{ "far-return-to-kernel-cs", bad_cs, DIES_SEGV, "=" },
	{ "iret-to-kernel-cs", bad_iret, DIES_SEGV, "=" },
	{ "load-bad-ss", bad_ss, DIES_SEGV, "=" },
	{ "load-ds-past-gdt", bad_ds, DIES_SEGV, "=" },
	{ "load-fs-from-ldt", ldt_fs, DIES_SEGV, "=" },
	{ "load-es-with-tss", tss_as_ds, DIES_SEGV, "=" },
	{ "hlt", do_hlt, DIES_SEGV, "=" },
	{ "cli", do_cli, DIES_SEGV, "=" },
	{ "sti", do_sti, DIES_SEGV, "=" },
	{ "in", do_in, DIES_SEGV, "=" },
	{ "out", do_out, DIES_SEGV, "=" },
	{ "out-immediate", do_out_imm, DIES_SEGV, "=" },
	{ "ins", do_ins, DIES_SEGV, "=" },
	{ "read-cr0", do_cr0, DIES_SEGV, "=" },
	{ "read-cr3", do_cr3, DIES_SEGV, "=" },
	{ "write-cr0", do_cr0_write, DIES_SEGV, "=" },
	{ "write-cr3", do_cr3_write, DIES_SEGV, "=" },
	{ "write-cr4", do_cr4_write, DIES_SEGV, "=" },
	{ "read-cr8", do_cr8, DIES_SEGV, "=" },
	{ "read-dr7", do_dr, DIES_SEGV, "=" },
	{ "write-dr0", do_dr_write, DIES_SEGV, "=" },
	{ "rdmsr", do_rdmsr, DIES_SEGV, "=" },
	{ "wrmsr-lstar", do_wrmsr, DIES_SEGV, "=" },
	{ "wrmsr-efer", do_wrmsr_efer, DIES_SEGV, "=" },
	{ "lgdt", do_lgdt, DIES_SEGV, "=" },
	{ "lidt", do_lidt, DIES_SEGV, "=" },
	{ "ltr", do_ltr, DIES_SEGV, "=" },
	{ "lldt", do_lldt, DIES_SEGV, "=" },
	{ "lmsw", do_lmsw, DIES_SEGV, "=" },
	{ "clts", do_clts, DIES_SEGV, "=" },
	{ "invlpg", do_invlpg, DIES_SEGV, "=" },
	{ "wbinvd", do_wbinvd, DIES_SEGV, "=" },
	{ "swapgs", do_swapgs, DIES_SEGV, "=" },
	{ "sysret", do_sysret, DIES_SEGV, "=" },
	{ "sysexit", do_sysexit, DIES_SEGV "/" DIES_ILL, "=" },
	{ "rsm", do_rsm, DIES_ILL, "=" },
	{ "xsetbv", do_xsetbv, DIES_SEGV "/" DIES_ILL, "=" },
	{ "stac", do_stac, DIES_ILL "/" DIES_SEGV, "=" },
	{ "monitor", do_monitor, DIES_ILL "/" DIES_SEGV, "=" },
	/* Linux emulates these for old Windows programs; Lstar has UMIP on and does not. */
	{ "sgdt", do_sgdt, DIES_SEGV, "-" },
	{ "sidt", do_sidt, DIES_SEGV, "-" },
	{ "sldt", do_sldt, DIES_SEGV, "-" },
	{ "str", do_str, DIES_SEGV, "-" },
	{ "smsw", do_smsw, DIES_SEGV, "-" },
};

FAULT_MAIN(cases)
