/* SPDX-License-Identifier: MIT */
/*
 * A 64-bit program that enters a 32-bit code segment by itself and knocks at the kernel's
 * other doors. SYSCALL there goes to CSTAR on AMD and on every QEMU model (a kernel that left
 * CSTAR unset then executes address 0 in ring 0), SYSENTER to its own MSR. Errata E03, E08,
 * E17; security row 29. Run with several --cpu models by tests/fault/suite.py.
 *
 * The code is assembled into a page below 4 GiB: a 64-bit stub that jumps far into the 32-bit
 * segment, the snippet under test, and a far jump back. The data segments are null in
 * 64-bit programs, so 32-bit code reaches memory through SS.
 */
#include "fault.h"

#define LOW 0x10000000ul
#define NO_SUCH_CALL 9999

extern const unsigned char stub[], stub_snippet[], stub_tail[], stub_end[];
__asm__(".section .rodata\n"
	".globl stub, stub_snippet, stub_tail, stub_end\n"
	"stub:\n"
	"	push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
	"	mov %rsp, 0x10000f00\n"
	"	mov $0x10000e00, %esp\n"
	"	mov %edi, %eax\n"
	"	mov $0x10002000, %edi\n"
	"	ljmpl *0x10000f10\n"
	"stub_snippet:\n"
	"	.code32\n"
	"stub_tail:\n"
	"	ljmpl *%ss:0x10000f20\n"
	"	.code64\n"
	"stub_end:\n"
	"	mov 0x10000f00, %rsp\n"
	"	pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
	"	ret\n"
	"stub_over: .byte 0\n"
	".text\n");
extern const unsigned char stub_over[];

/* Runs a piece of 32-bit code with eax = number and edi = a page of its own; returns eax. */
static int run32(const char *snippet, size_t size, int number)
{
	unsigned char *page = mmap((void *)LOW, 3 * PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	size_t head = stub_snippet - stub, tail = stub_end - stub_tail;
	unsigned short own_cs;
	int result;

	NEED((unsigned long)page == LOW);
	memcpy(page, stub, head);
	memcpy(page + head, snippet, size);
	memcpy(page + head + size, stub_tail, tail);
	memcpy(page + head + size + tail, stub_end, stub_over - stub_end);
	__asm__("mov %%cs, %0" : "=r"(own_cs));
	*(uint32_t *)(page + 0xf10) = LOW + head;
	*(uint16_t *)(page + 0xf14) = user32_cs();
	*(uint32_t *)(page + 0xf20) = LOW + head + size + tail;
	*(uint16_t *)(page + 0xf24) = own_cs;
	__asm__ volatile("call *%2"
			 : "=a"(result)
			 : "D"(number), "r"(page)
			 : "rcx", "rdx", "rsi", "r8", "r9", "r10", "r11", "memory", "cc");
	return result;
}

#define RUN(bytes, number) run32(bytes, sizeof(bytes) - 1, number)

static void nothing(void)
{
	CHECK(RUN("\x90", 1234) == 1234);
}
static void by_syscall(void)
{
	CHECK(RUN("\x0f\x05", NO_SUCH_CALL) == -ENOSYS);
}
static void by_int80(void)
{
	CHECK(RUN("\xcd\x80", NO_SUCH_CALL) == -ENOSYS);
}

static void by_syscall_often(void)
{
	/* mov $20000,%ebx; 1: mov $9999,%eax; syscall; dec %ebx; jnz 1b */
	CHECK(RUN("\xbb\x20\x4e\x00\x00\xb8\x0f\x27\x00\x00\x0f\x05\x4b\x75\xf6", 0) == -ENOSYS);
	CHECK(call3(SYS_getpid, 0, 0, 0) == getpid());
}

static void by_sysenter(void)
{
	RUN("\x0f\x34", NO_SUCH_CALL);
}

static void huge_number(void)
{
	CHECK(RUN("\x0f\x05", -1) == -ENOSYS);
	CHECK(RUN("\xcd\x80", -1) == -ENOSYS);
	CHECK(RUN("\xcd\x80", 0x40000000) == -ENOSYS);
}

/* Interrupts and page faults taken from a 32-bit segment return to it. */
static void interrupts(void)
{
	/* mov $50000000,%ecx; 1: dec %ecx; jnz 1b; movb $7,%ss:(%edi); mov %ss:(%edi),%al; movzbl
	 * %al,%eax */
	CHECK(RUN("\xb9\x80\xf0\xfa\x02\x49\x75\xfd\x36\xc6\x07\x07\x36\x8a\x07\x0f\xb6\xc0", 0) ==
	      7);
}

/* esp is nobody's stack while the call is made; SYSCALL has its sixth argument there. */
static void bad_esp(void)
{
	/* mov %esp,%ebx; mov $0xfffff000,%esp; syscall; mov %ebx,%esp */
	CHECK(RUN("\x89\xe3\xbc\x00\xf0\xff\xff\x0f\x05\x89\xdc", NO_SUCH_CALL) == -EFAULT);
	CHECK(RUN("\x89\xe3\x31\xe4\xcd\x80\x89\xdc", NO_SUCH_CALL) == -ENOSYS);
}

static void ud2(void)
{
	RUN("\x0f\x0b", 0);
}
static void divide(void)
{
	RUN("\x31\xd2\x31\xc9\xf7\xf1", 0);
}
static void breakpoint(void)
{
	RUN("\xcc", 0);
}
static void null_ds(void)
{
	RUN("\x8a\x07", 0);
}
static void into(void)
{
	RUN("\xb8\xff\xff\xff\x7f\x40\xce", 0);
}
static void hlt(void)
{
	RUN("\xf4", 0);
}
static void tf_syscall(void)
{
	RUN("\x9c\x81\x0c\x24\x00\x01\x00\x00\x9d\x0f\x05", NO_SUCH_CALL);
}
static void tf_int80(void)
{
	RUN("\x9c\x81\x0c\x24\x00\x01\x00\x00\x9d\xcd\x80", NO_SUCH_CALL);
}
static void nt_syscall(void)
{
	CHECK(RUN("\x9c\x81\x0c\x24\x00\x40\x00\x00\x9d\x0f\x05\x6a\x02\x9d", NO_SUCH_CALL) ==
	      -ENOSYS);
}
static void df_int80(void)
{
	CHECK(RUN("\xfd\xcd\x80\xfc", NO_SUCH_CALL) == -ENOSYS);
}

/* 64-bit SYSENTER: #UD on AMD-like models, the kernel's entry on Intel-like ones. */
static void sysenter64(void)
{
	__asm__ volatile("mov $9999, %%eax; sysenter" ::
				 : "rax", "rcx", "rdx", "rbp", "memory", "cc");
}

static void sysenter64_bad_rsp(void)
{
	__asm__ volatile("mov $9999, %%eax; mov %0, %%rsp; sysenter" ::"r"(KERNEL_TEXT)
			 : "rax", "memory");
}

/* By LRET, as a debugger or a loader would; under SMAP, TCG 7.2 reads this user stack as the
 * supervisor and faults, which must end the program at most. */
static void far_return(void)
{
	unsigned char *page = mmap((void *)LOW, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	unsigned short own_cs;

	NEED((unsigned long)page == LOW);
	__asm__("mov %%cs, %0" : "=r"(own_cs));
	memcpy(page, "\x0f\x05\x36\xff\x2d\x20\x0f\x00\x10", 9); /* syscall; ljmp *%ss:0x10000f20 */
	memcpy(page + 64, "\x41\x5b\x48\x89\xdc\x41\xff\xe3", 8);
	*(uint32_t *)(page + 0xf20) = LOW + 64;
	*(uint16_t *)(page + 0xf24) = own_cs;
	int result = NO_SUCH_CALL;
	__asm__ volatile("mov %%rsp, %%rbx\n\t"
			 "lea 1f(%%rip), %%r8\n\t"
			 "mov $0x10000e00, %%esp\n\t"
			 "push %%r8\n\t"
			 "push %[cs]\n\t"
			 "push %[to]\n\t"
			 "lretq\n\t"
			 "1:"
			 : "+a"(result)
			 : [cs] "r"((uint64_t)user32_cs()), [to] "r"((uint64_t)LOW)
			 : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory",
			   "cc");
	CHECK(result == -ENOSYS);
}

/* Linux sends SYSCALL back to its 32-bit vDSO, which a 64-bit process has not: SIGSEGV there. */
static const struct fault_case cases[] = {
	{ "there-and-back", nothing, LIVES, "=" },
	{ "syscall", by_syscall, LIVES, DIES_SEGV },
	{ "syscall-often", by_syscall_often, LIVES, DIES_SEGV },
	{ "int80", by_int80, LIVES, "=" },
	{ "huge-number", huge_number, LIVES, DIES_SEGV },
	{ "interrupts", interrupts, LIVES, "=" },
	{ "bad-esp", bad_esp, LIVES, DIES_SEGV },
	{ "nt-syscall", nt_syscall, LIVES, DIES_SEGV },
	{ "df-int80", df_int80, LIVES, "=" },
	{ "ud2", ud2, DIES_ILL, "=" },
	{ "divide", divide, DIES_FPE, "=" },
	{ "int3", breakpoint, DIES_TRAP, "=" },
	{ "into", into, DIES_SEGV, "=" },
	{ "hlt", hlt, DIES_SEGV, "=" },
	{ "null-ds", null_ds, DIES_SEGV "/" LIVES, "=" }, /* TCG does not look whether DS is null */
	{ "tf-syscall", tf_syscall, DIES_TRAP, DIES_SEGV },
	{ "tf-int80", tf_int80, DIES_TRAP, "=" },
	/* where it returns to is the CPU's and the vDSO's business; it may only end the program */
	{ "sysenter", by_sysenter, LIVES "/" DIES_ILL "/" DIES_SEGV, "=" },
	{ "sysenter-64", sysenter64, DIES_ILL "/" DIES_SEGV "/" LIVES, "=" },
	{ "sysenter-64-bad-rsp", sysenter64_bad_rsp, DIES_ILL "/" DIES_SEGV, "=" },
	{ "far-return", far_return, LIVES "/" DIES_SEGV, "=" },
};

FAULT_MAIN(cases)
