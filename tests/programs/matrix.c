/* SPDX-License-Identifier: MIT */
/*
 * One door, many times, with random registers: the echo call hashes number and arguments,
 * so whatever the door loses on the way in comes out wrong; whatever it loses on the way out
 * is compared here. Goes round all CPUs meanwhile.
 *
 *	matrix DOOR COUNT SEED      64-bit: syscall int80; 32-bit: int80 cstar vsyscall
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "abi/echo.h"
#include "check.h"

#define ECHO_NR 500
#define MOVE_EVERY 5000

typedef unsigned long word;

static uint64_t state;

static word random_word(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (word)state;
}

#ifdef __x86_64__
enum { NREGS = 14 }; /* rdi rsi rdx r10 r8 r9 rbx rbp r12 r13 r14 r15, xmm3, xmm11 */
static word in[NREGS] __attribute__((used)), out[NREGS] __attribute__((used));
static word result __attribute__((used)), stack __attribute__((used));

#define LOAD_AND_STORE(name, instruction)                                                    \
	__asm__(".globl cross_" name "\ncross_" name ":\n"                                     \
		"push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"           \
		"mov in(%rip), %rdi; mov in+8(%rip), %rsi; mov in+16(%rip), %rdx\n"            \
		"mov in+24(%rip), %r10; mov in+32(%rip), %r8; mov in+40(%rip), %r9\n"          \
		"mov in+48(%rip), %rbx; mov in+56(%rip), %rbp; mov in+64(%rip), %r12\n"        \
		"mov in+72(%rip), %r13; mov in+80(%rip), %r14; mov in+88(%rip), %r15\n"        \
		"movq in+96(%rip), %xmm3; movq in+104(%rip), %xmm11\n"                         \
		"mov %rsp, stack(%rip); mov $500, %eax; mov in+48(%rip), %rcx\n" instruction   \
		"\nmov %rax, result(%rip); sub %rsp, stack(%rip)\n"                            \
		"mov %rdi, out(%rip); mov %rsi, out+8(%rip); mov %rdx, out+16(%rip)\n"         \
		"mov %r10, out+24(%rip); mov %r8, out+32(%rip); mov %r9, out+40(%rip)\n"       \
		"mov %rbx, out+48(%rip); mov %rbp, out+56(%rip); mov %r12, out+64(%rip)\n"     \
		"mov %r13, out+72(%rip); mov %r14, out+80(%rip); mov %r15, out+88(%rip)\n"     \
		"movq %xmm3, out+96(%rip); movq %xmm11, out+104(%rip)\n"                       \
		"pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx; ret\n")
LOAD_AND_STORE("syscall", "syscall");
LOAD_AND_STORE("int80", "int $0x80");
void cross_syscall(void), cross_int80(void);

static const struct door {
	const char *name;
	void (*cross)(void);
	int argument[6]; /* which of in[] */
	uint64_t mask;	 /* what of an argument goes in */
} doors[] = {
	{ "syscall", cross_syscall, { 0, 1, 2, 3, 4, 5 }, ~0ull },
	/* ebx ecx edx esi edi ebp; ecx was given rbx's value */
	{ "int80", cross_int80, { 6, 6, 2, 1, 0, 7 }, 0xffffffff },
};
#else
enum { NREGS = 6 }; /* ebx ecx edx esi edi ebp */
static word in[NREGS] __attribute__((used)), out[NREGS] __attribute__((used));
static word result __attribute__((used)), stack __attribute__((used));
static word vsyscall __attribute__((used));

#define LOAD_AND_STORE(name, instruction, clean)                                             \
	__asm__(".globl cross_" name "\ncross_" name ":\n"                                     \
		"push %ebx; push %ebp; push %esi; push %edi\n"                                 \
		"mov in, %ebx; mov in+4, %ecx; mov in+8, %edx; mov in+12, %esi\n"              \
		"mov in+16, %edi; mov in+20, %ebp; mov %esp, stack; mov $500, %eax\n"          \
		instruction "\nmov %eax, result; mov %ecx, out+4; mov %ebp, out+20\n" clean    \
		"\nsub %esp, stack; mov %ebx, out; mov %edx, out+8; mov %esi, out+12\n"        \
		"mov %edi, out+16; pop %edi; pop %esi; pop %ebp; pop %ebx; ret\n")
LOAD_AND_STORE("int80", "int $0x80", "");
/* SYSCALL takes ecx: the second argument goes in ebp, the sixth on the stack. */
LOAD_AND_STORE("cstar", "push %ebp; mov %ecx, %ebp; syscall",
	       "mov %ebp, out+4; pop %ebp; mov %ebp, out+20");
LOAD_AND_STORE("vsyscall", "call *vsyscall", "");
void cross_int80(void), cross_cstar(void), cross_vsyscall(void);

static const struct door {
	const char *name;
	void (*cross)(void);
	int argument[6];
	uint64_t mask;
} doors[] = {
	{ "int80", cross_int80, { 0, 1, 2, 3, 4, 5 }, 0xffffffff },
	{ "cstar", cross_cstar, { 0, 1, 2, 3, 4, 5 }, 0xffffffff },
	{ "vsyscall", cross_vsyscall, { 0, 1, 2, 3, 4, 5 }, 0xffffffff },
};
#endif

static unsigned long wrong_answer, wrong_register, wrong_stack, wrong_cpu;

static void once(const struct door *d)
{
	uint64_t argument[6];

	for (int i = 0; i < NREGS; i++)
		in[i] = random_word();
	for (int i = 0; i < 6; i++)
		argument[i] = in[d->argument[i]] & d->mask;
	d->cross();
	wrong_answer += result != echo_hash(ECHO_NR, argument);
	wrong_register += memcmp(in, out, sizeof in) != 0;
	wrong_stack += stack != 0;
}

static void move(unsigned long n)
{
	int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(n % cpus, &set);
	wrong_cpu += sched_setaffinity(0, sizeof set, &set) || sched_getcpu() != (int)(n % cpus);
}

int main(int argc, char **argv)
{
	const struct door *d = NULL;

	for (unsigned i = 0; argc == 4 && i < sizeof doors / sizeof *doors; i++)
		if (strcmp(argv[1], doors[i].name) == 0)
			d = &doors[i];
	if (!d) {
		puts("usage: matrix DOOR COUNT SEED");
		return 2;
	}
#ifndef __x86_64__
	vsyscall = getauxval(AT_SYSINFO);
#endif
	state = strtoull(argv[3], NULL, 0) * 0x9e3779b97f4a7c15ull | 1;
	unsigned long count = strtoul(argv[2], NULL, 0);
	for (unsigned long i = 0; i < count; i++) {
		if (i % MOVE_EVERY == 0)
			move(i / MOVE_EVERY);
		once(d);
	}
	printf("%lu crossings\n", count);
	CHECK(wrong_answer == 0);
	CHECK(wrong_register == 0);
	CHECK(wrong_stack == 0);
	CHECK(wrong_cpu == 0);
	return check_failures != 0;
}
