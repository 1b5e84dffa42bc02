/* SPDX-License-Identifier: MIT */
/*
 * The register contract of SYSCALL, for every call number: all registers but rax, rcx and
 * r11 survive, with all of xmm and ymm, mxcsr and the x87 control word; rcx is the return
 * address and r11 the flags; rax is no kernel address; an unknown number gives -ENOSYS.
 * Errata E07, E19, E22, E26, E27; security row 17.
 *
 * `regs numbers`: every number with arguments that fail fast. `regs work`: calls that do
 * something, sleep, or fault pages in, a few thousand times. `regs int80`: the other door.
 */
#include "fault.h"

#include <fcntl.h>
#include <poll.h>
#include <time.h>

struct state {
	uint64_t gpr[16]; /* in the order of their encoding: rax rcx rdx rbx rsp rbp rsi rdi r8… */
	uint64_t flags;
	uint32_t mxcsr;
	uint16_t fcw, unused;
	_Alignas(32) unsigned char ymm[16][32];
};

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11 };

struct state before, after;
uint64_t saved_rsp, have_avx;
extern const char after_syscall[], after_int80[];
void cross_by_syscall(void), cross_by_int80(void);

/* Loads everything from `before`, crosses, stores everything to `after`. */
#define CROSS(name, instruction)                                                      \
	__asm__(".text\n"                                                             \
		".globl cross_by_" name ", after_" name "\n"                          \
		"cross_by_" name ":\n"                                                \
		"	push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n" \
		"	mov %rsp, saved_rsp(%rip)\n"                                        \
		"	mov %rsp, before+8*4(%rip)\n"                                       \
		"	cmpq $0, have_avx(%rip)\n"                                          \
		"	je 1f\n"                                                            \
		"	.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"                    \
		"	vmovdqa before+160+32*\\n(%rip), %ymm\\n\n"                         \
		"	.endr\n"                                                            \
		"	jmp 2f\n"                                                           \
		"1:	.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"                  \
		"	movdqa before+160+32*\\n(%rip), %xmm\\n\n"                          \
		"	.endr\n"                                                            \
		"2:	ldmxcsr before+136(%rip)\n"                                       \
		"	fldcw before+140(%rip)\n"                                           \
		"	push before+128(%rip)\n"                                            \
		"	mov before+0(%rip), %rax\n"                                         \
		"	mov before+16(%rip), %rdx\n"                                        \
		"	mov before+24(%rip), %rbx\n"                                        \
		"	mov before+40(%rip), %rbp\n"                                        \
		"	mov before+48(%rip), %rsi\n"                                        \
		"	mov before+56(%rip), %rdi\n"                                        \
		"	mov before+64(%rip), %r8\n"                                         \
		"	mov before+72(%rip), %r9\n"                                         \
		"	mov before+80(%rip), %r10\n"                                        \
		"	mov before+88(%rip), %r11\n"                                        \
		"	mov before+96(%rip), %r12\n"                                        \
		"	mov before+104(%rip), %r13\n"                                       \
		"	mov before+112(%rip), %r14\n"                                       \
		"	mov before+120(%rip), %r15\n"                                       \
		"	popfq\n"                                                            \
		"	mov before+8(%rip), %rcx\n"                                         \
		"	" instruction "\n"                                            \
		"after_" name ":\n"                                                   \
		"	mov %rax, after+0(%rip)\n"                                          \
		"	mov %rcx, after+8(%rip)\n"                                          \
		"	mov %rdx, after+16(%rip)\n"                                         \
		"	mov %rbx, after+24(%rip)\n"                                         \
		"	mov %rsp, after+32(%rip)\n"                                         \
		"	mov %rbp, after+40(%rip)\n"                                         \
		"	mov %rsi, after+48(%rip)\n"                                         \
		"	mov %rdi, after+56(%rip)\n"                                         \
		"	mov %r8, after+64(%rip)\n"                                          \
		"	mov %r9, after+72(%rip)\n"                                          \
		"	mov %r10, after+80(%rip)\n"                                         \
		"	mov %r11, after+88(%rip)\n"                                         \
		"	mov %r12, after+96(%rip)\n"                                         \
		"	mov %r13, after+104(%rip)\n"                                        \
		"	mov %r14, after+112(%rip)\n"                                        \
		"	mov %r15, after+120(%rip)\n"                                        \
		"	mov saved_rsp(%rip), %rsp\n"                                        \
		"	pushfq\n"                                                           \
		"	pop after+128(%rip)\n"                                              \
		"	cld\n"                                                              \
		"	stmxcsr after+136(%rip)\n"                                          \
		"	fnstcw after+140(%rip)\n"                                           \
		"	cmpq $0, have_avx(%rip)\n"                                          \
		"	je 1f\n"                                                            \
		"	.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"                    \
		"	vmovdqa %ymm\\n, after+160+32*\\n(%rip)\n"                          \
		"	.endr\n"                                                            \
		"	jmp 2f\n"                                                           \
		"1:	.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"                  \
		"	movdqa %xmm\\n, after+160+32*\\n(%rip)\n"                           \
		"	.endr\n"                                                            \
		"2:	fninit\n"                                                         \
		"	pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"       \
		"	ret\n")
CROSS("syscall", "syscall");
CROSS("int80", "int $0x80");

_Static_assert(__builtin_offsetof(struct state, flags) == 128, "offset used above");
_Static_assert(__builtin_offsetof(struct state, mxcsr) == 136, "offset used above");
_Static_assert(__builtin_offsetof(struct state, fcw) == 140, "offset used above");
_Static_assert(__builtin_offsetof(struct state, ymm) == 160, "offset used above");

static const char *const names[16] = { "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi",
				       "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15" };

static void fill(unsigned seed)
{
	static const unsigned flags[] = { 0x202, 0x203,	  0x247,    0x282, 0xa02,
					  0x603, 0x40202, 0x200202, 0x4202 };
	unsigned char *bytes = (unsigned char *)before.ymm;

	for (unsigned i = 0; i < sizeof before.ymm; i++)
		bytes[i] = check_random(&seed);
	for (int i = 0; i < 16; i++)
		before.gpr[i] = 0x5eed000000000000ul | (uint64_t)check_random(&seed) << 24 | i;
	before.flags = flags[seed / 77 % (sizeof flags / sizeof *flags)];
	before.mxcsr = 0x1f80 | (seed >> 20 & 3) << 13;
	before.fcw = 0x037f & ~(seed >> 4 & 0x300);
	memset(&after, 0xee, sizeof after);
}

static int kernel_address(uint64_t v)
{
	return v >= KERNEL_HALF && v < -4095ul;
}

/* Compares and reports; `where` is the address the kernel must have returned to, 0 for int80. */
static void judge(long number, const char *where)
{
	int bad = check_failures;

	for (int i = 1; i < 16; i++) {
		uint64_t want = before.gpr[i];
		if (where && i == RCX)
			want = (uint64_t)where;
		if (where && i == R11)
			want = before.flags;
		if (after.gpr[i] != want) {
			printf("FAIL call %ld: %s is %#lx, not %#lx\n", number, names[i],
			       after.gpr[i], want);
			check_failures++;
		}
	}
	if (kernel_address(after.gpr[RAX])) {
		printf("FAIL call %ld: rax is %#lx\n", number, after.gpr[RAX]);
		check_failures++;
	}
	if (after.flags != before.flags || after.mxcsr != before.mxcsr || after.fcw != before.fcw) {
		printf("FAIL call %ld: flags %#lx not %#lx, mxcsr %#x not %#x, control word %#x "
		       "not %#x\n",
		       number, after.flags, before.flags, after.mxcsr, before.mxcsr, after.fcw,
		       before.fcw);
		check_failures++;
	}
	for (int i = 0; i < 16; i++)
		if (memcmp(after.ymm[i], before.ymm[i], have_avx ? 32 : 16)) {
			printf("FAIL call %ld: %s%d changed\n", number, have_avx ? "ymm" : "xmm",
			       i);
			check_failures++;
		}
	if (check_failures - bad > 100)
		exit(1);
}

/* Calls that do not come back, come back twice, or stop the test: not with any arguments. */
static int excluded(unsigned number)
{
	static const unsigned never[] = {
		SYS_rt_sigreturn, SYS_pause,  SYS_clone, SYS_fork, SYS_vfork, SYS_exit,
		SYS_exit_group,	  SYS_clone3, 335,	 336, /* uretprobe, uprobe: SIGILL from
								 anywhere but their own trampoline
							       */
		SYS_vhangup, /* would take the terminal from whoever runs the tests as root */
	};

	for (unsigned i = 0; i < sizeof never / sizeof *never; i++)
		if (number == never[i])
			return 1;
	return 0;
}

/* Arguments: not canonical as addresses, not open as descriptors, not pids, large as sizes. */
static void numbers(void)
{
	static const long odd[] = { -1,
				    -2,
				    -4096,
				    0x7fffffff,
				    0x80000000,
				    0xffffffff,
				    1l << 32 | 0x3fff,
				    0x40000000 | 39,
				    0x40000000,
				    (long)0x8000000000002710ul,
				    (long)0xfffffffffffffe00ul,
				    1l << 46 | 9999,
				    4096,
				    65536,
				    512,
				    1023,
				    1024 };
	long unknown = 0, crossed = 0;

	for (long n = 0; n <= 600 + (long)(sizeof odd / sizeof *odd); n++) {
		long number = n <= 600 ? n : odd[n - 601];
		if (excluded(number))
			continue;
		for (unsigned round = 0; round < 3; round++) {
			fill(n * 3 + round + 1);
			before.gpr[RAX] = number;
			before.gpr[RDI] = 0x5eed00017eadbe00ul | round;
			before.gpr[RDX] &= ~0xffful; /* no IPC_CREAT */
			before.gpr[RSI] &= ~0xf00ul;
			cross_by_syscall();
			judge(number, after_syscall);
			crossed++;
			if ((n > 600 || number >= 512) && after.gpr[RAX] != (uint64_t)-ENOSYS) {
				printf("FAIL unknown number %ld gives %ld\n", number,
				       (long)after.gpr[RAX]);
				check_failures++;
			}
			unknown += after.gpr[RAX] == (uint64_t)-ENOSYS;
		}
	}
	printf("%ld crossings\n", crossed);
	CHECK(unknown > 300);
}

static void one(long number, long a, long b, long c, long d, long want)
{
	before.gpr[RAX] = number;
	before.gpr[RDI] = a;
	before.gpr[RSI] = b;
	before.gpr[RDX] = c;
	before.gpr[R10] = d;
	cross_by_syscall();
	judge(number, after_syscall);
	if ((long)after.gpr[RAX] != want) {
		printf("FAIL call %ld gives %ld, not %ld\n", number, (long)after.gpr[RAX], want);
		check_failures++;
	}
}

static void work(void)
{
	static char buf[5 * PAGE];
	struct timespec ts, ms = { 0, 200000 };
	int zero = open("/dev/zero", O_RDWR), pid = getpid();

	for (unsigned i = 0; i < 400 && check_failures < 20; i++) {
		fill(i + 12345);
		one(SYS_getpid, 1, 2, 3, 4, pid);
		one(SYS_sched_yield, 1, 2, 3, 4, 0);
		one(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&ts, 3, 4, 0);
		one(SYS_read, zero, (long)buf, sizeof buf, 4, sizeof buf);
		one(SYS_write, zero, (long)buf, sizeof buf, 4, sizeof buf);
		char *p = map_pages(3, PROT_READ | PROT_WRITE);
		fill(i + 999);
		one(SYS_read, zero, (long)p, 3 * PAGE, 4,
		    3 * PAGE); /* faults pages in while it copies */
		one(SYS_munmap, (long)p, 3 * PAGE, 3, 4, 0);
		one(SYS_read, zero, (long)p, 3 * PAGE, 4, -EFAULT);
		one(SYS_getrandom, (long)buf, 100, 0, 4, 100);
		if (i % 10 == 0)
			one(SYS_nanosleep, (long)&ms, 0, 3, 4, 0);
	}
	CHECK(check_failures == 0);
}

static void int80(void)
{
	for (unsigned i = 0; i < 3000 && check_failures < 20; i++) {
		fill(i + 5);
		before.gpr[RAX] = 9999 + i;
		cross_by_int80();
		judge(before.gpr[RAX], NULL);
		if (after.gpr[RAX] != (uint64_t)-ENOSYS)
			check_failures++;
	}
	CHECK(check_failures == 0);
}

/*
 * INT 0x80 from 64-bit code is the i386 table: number and arguments are the lower halves, a
 * negative result fills all of rax, memory comes from below 4 GiB, and no register is lost.
 */
#define HIGH 0x5eed000100000000ul

static long one32(unsigned number, unsigned long a, unsigned long b, unsigned long c, unsigned long d,
		  unsigned long e, unsigned long f)
{
	before.gpr[RAX] = HIGH | number;
	before.gpr[RBX] = HIGH | (unsigned)a;
	before.gpr[RCX] = HIGH | (unsigned)b;
	before.gpr[RDX] = HIGH | (unsigned)c;
	before.gpr[RSI] = HIGH | (unsigned)d;
	before.gpr[RDI] = HIGH | (unsigned)e;
	before.gpr[RBP] = HIGH | (unsigned)f;
	cross_by_int80();
	judge(number, NULL);
	return after.gpr[RAX];
}

enum { NR32_read = 3, NR32_getpid = 20, NR32_munmap = 91, NR32_mmap2 = 192, NR32_clock_gettime = 265 };

static void int80_calls(void)
{
	int zero = open("/dev/zero", O_RDWR), pid = getpid();

	for (unsigned i = 0; i < 300 && check_failures < 20; i++) {
		fill(i + 9);
		before.flags = 0x202; /* AC would stay on for the code between the calls */
		if (one32(NR32_getpid, 1, 2, 3, 4, 5, 6) != pid ||
		    one32(NR32_read, -1, 0, 3, 4, 5, 6) != -EBADF ||
		    one32(NR32_read, zero, -4096, 3, 4, 5, 6) != -EFAULT)
			NEED(!"a call by int 0x80 gives the wrong answer");
		unsigned long p = one32(NR32_mmap2, 0, 2 * PAGE, PROT_READ | PROT_WRITE,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p >= 1ul << 32 || p < PAGE)
			NEED(!"memory below 4 GiB");
		fill(i + 99);
		before.flags = 0xa02;
		if (one32(NR32_read, zero, p, 2 * PAGE, 4, 5, 6) != 2 * PAGE ||
		    one32(NR32_clock_gettime, CLOCK_MONOTONIC, p, 3, 4, 5, 6) != 0 ||
		    ((uint32_t *)p)[1] >= 1000000000 || one32(NR32_munmap, p, 2 * PAGE, 3, 4, 5, 6) != 0 ||
		    one32(NR32_read, zero, p, 1, 4, 5, 6) != -EFAULT)
			NEED(!"a call by int 0x80 gives the wrong answer");
	}
	CHECK(check_failures == 0);
}

/*
 * Crosses by every way there is until a line comes in on stdin: tests/fault/doors.py interrupts
 * it at each instruction of the kernel's doors meanwhile.
 */
static void storm(void)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };
	int pid = getpid();

	puts("ready");
	for (unsigned i = 1; check_failures == 0; i++) {
		fill(i);
		one(SYS_getpid, 1, 2, 3, 4, pid);
		one(SYS_sched_yield, 1, 2, 3, 4, 0);
		fill(i + 7);
		before.gpr[RAX] = 9999;
		cross_by_int80();
		judge(9999, NULL);
		char *p = map_pages(1, PROT_READ | PROT_WRITE);
		*p = 1;
		munmap(p, PAGE);
		if (i % 64 == 0 && poll(&in, 1, 0) == 1)
			break;
	}
	CHECK(check_failures == 0);
}

static const struct fault_case cases[] = {
	{ "numbers", numbers, LIVES, "=" },
	{ "work", work, LIVES, "=" },
	{ "int80", int80, LIVES, "=" },
	{ "int80-calls", int80_calls, LIVES, "=" },
};

int main(int argc, char **argv)
{
	static const struct fault_case endless = { "storm", storm, LIVES, "-" };

	have_avx = __builtin_cpu_supports("avx") ? 1 : 0;
	if (argc == 2 && !strcmp(argv[1], "storm")) /* not in the table: it waits for its end */
		return fault_main(argc, argv, &endless, 1);
	return fault_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
