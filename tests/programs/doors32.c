/* SPDX-License-Identifier: MIT */
/*
 * The doors of an i386 program: INT 0x80, the vDSO's __kernel_vsyscall (SYSENTER or SYSCALL,
 * as the CPU model has it) and SYSCALL by hand. All registers but eax survive each, flags and
 * vector registers too; the sixth argument arrives; upper halves that 64-bit code left behind
 * do not come back; a stack that is none is the program's own trouble. Errata E37, E38;
 * security rows 8, 17, 29. Built with -m32; run under several CPU models.
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096u
#define LIVES "0"
#define DIES_SEGV "139"
#define UNKNOWN_CALL 9999

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI, REGS };
static const char *const names[REGS] = { "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi" };

struct state {
	uint32_t gpr[REGS];
	uint32_t flags;
	uint16_t ds, es, fs, gs;
	_Alignas(16) unsigned char xmm[8][16];
};

struct state before, after;
uint32_t saved_esp, vsyscall, stack_word[4];
void cross_int80(void), cross_vsyscall(void), cross_syscall(void);

/* Loads everything from `before`, crosses, stores everything to `after`. */
#define CROSS(name, instructions)                                                                  \
	__asm__(".text\n"                                                                          \
		".globl cross_" name "\n"                                                          \
		"cross_" name ":\n"                                                                \
		"	pushal\n"                                                                  \
		"	mov %esp, saved_esp\n"                                                     \
		"	mov %esp, before+4*4\n"                                                    \
		"	.irp n, 0,1,2,3,4,5,6,7\n"                                                 \
		"	movdqa before+48+16*\\n, %xmm\\n\n"                                        \
		"	.endr\n"                                                                   \
		"	mov %ds, before+36; mov %es, before+38; mov %fs, before+40; mov %gs, before+42\n" \
		"	push before+32\n"                                                          \
		"	mov before+0, %eax\n"                                                      \
		"	mov before+4, %ecx\n"                                                      \
		"	mov before+8, %edx\n"                                                      \
		"	mov before+12, %ebx\n"                                                     \
		"	mov before+20, %ebp\n"                                                     \
		"	mov before+24, %esi\n"                                                     \
		"	mov before+28, %edi\n"                                                     \
		"	popf\n"                                                                    \
		"	" instructions "\n"                                                        \
		"	mov %eax, after+0\n"                                                       \
		"	mov %ecx, after+4\n"                                                       \
		"	mov %edx, after+8\n"                                                       \
		"	mov %ebx, after+12\n"                                                      \
		"	mov %esp, after+16\n"                                                      \
		"	mov %ebp, after+20\n"                                                      \
		"	mov %esi, after+24\n"                                                      \
		"	mov %edi, after+28\n"                                                      \
		"	mov saved_esp, %esp\n"                                                     \
		"	pushf\n"                                                                   \
		"	pop after+32\n"                                                            \
		"	push $0x202; popf\n"                                                      \
		"	mov %ds, after+36; mov %es, after+38; mov %fs, after+40; mov %gs, after+42\n" \
		"	.irp n, 0,1,2,3,4,5,6,7\n"                                                 \
		"	movdqa %xmm\\n, after+48+16*\\n\n"                                         \
		"	.endr\n"                                                                   \
		"	popal\n"                                                                   \
		"	ret\n")
CROSS("int80", "int $0x80");
CROSS("vsyscall", "call *vsyscall");
CROSS("syscall", "push %ebp; mov %ecx, %ebp; syscall; pop %ebp");

_Static_assert(__builtin_offsetof(struct state, flags) == 32, "offset used above");
_Static_assert(__builtin_offsetof(struct state, ds) == 36, "offset used above");
_Static_assert(__builtin_offsetof(struct state, xmm) == 48, "offset used above");

static void (*const doors[])(void) = { cross_int80, cross_vsyscall, cross_syscall };
static const char *const door_names[] = { "int80", "vsyscall", "syscall" };
enum { DOORS = 3 };

static void fill(unsigned seed)
{
	static const unsigned flags[] = { 0x202, 0x203, 0x247, 0x282, 0xa02, 0x602, 0x40202, 0x200202, 0x4202 };
	unsigned char *bytes = (unsigned char *)before.xmm;

	for (unsigned i = 0; i < sizeof before.xmm; i++)
		bytes[i] = check_random(&seed);
	for (int i = 0; i < REGS; i++)
		before.gpr[i] = check_random(&seed) << 8 | i;
	before.flags = flags[check_random(&seed) % (sizeof flags / sizeof *flags)];
	memset(&after, 0xee, sizeof after);
}

static int judge(int door)
{
	int bad = check_failures;

	for (int i = 1; i < REGS; i++)
		if (after.gpr[i] != before.gpr[i]) {
			printf("FAIL %s, call %u: %s is %#x, not %#x\n", door_names[door], before.gpr[EAX], names[i],
			       after.gpr[i], before.gpr[i]);
			check_failures++;
		}
	if (after.flags != before.flags) {
		printf("FAIL %s: flags %#x, not %#x\n", door_names[door], after.flags, before.flags);
		check_failures++;
	}
	if (memcmp(&after.ds, &before.ds, 8) || memcmp(after.xmm, before.xmm, sizeof before.xmm)) {
		printf("FAIL %s: a segment or vector register changed\n", door_names[door]);
		check_failures++;
	}
	if (check_failures > 50)
		exit(1);
	return check_failures == bad;
}

static long one(int door, long number, long a, long b, long c, long d, long e, long f)
{
	const long args[] = { a, b, c, d, e, f };
	const int where[] = { EBX, ECX, EDX, ESI, EDI, EBP };

	before.gpr[EAX] = number;
	for (int i = 0; i < 6; i++)
		before.gpr[where[i]] = args[i];
	doors[door]();
	judge(door);
	return (int32_t)after.gpr[EAX];
}

static void registers(int door)
{
	static char buf[3 * PAGE];
	struct timespec ts, ms = { 0, 200000 };
	int zero = open("/dev/zero", O_RDWR), pid = getpid();

	for (unsigned i = 0; i < 2000; i++) {
		fill(i + 77 * door);
		before.gpr[EAX] = UNKNOWN_CALL + i;
		doors[door]();
		judge(door);
		if (after.gpr[EAX] != (uint32_t)-ENOSYS)
			NEED(!"an unknown number gives -ENOSYS");
		if (i % 10)
			continue;
		fill(i + 5);
		if (one(door, SYS_getpid, 1, 2, 3, 4, 5, 6) != pid ||
		    one(door, SYS_clock_gettime, CLOCK_MONOTONIC, (long)&ts, 3, 4, 5, 6) != 0 ||
		    one(door, SYS_read, zero, (long)buf, sizeof buf, 4, 5, 6) != sizeof buf ||
		    one(door, SYS_read, zero, -4096, 9, 4, 5, 6) != -EFAULT ||
		    one(door, SYS_sched_yield, 1, 2, 3, 4, 5, 6) != 0 ||
		    (i % 100 == 0 && one(door, SYS_nanosleep, (long)&ms, 0, 3, 4, 5, 6) != 0))
			NEED(!"a call gives the wrong answer");
	}
	CHECK(check_failures == 0);
}

static void int80_registers(void) { registers(0); }
static void vsyscall_registers(void) { registers(1); }
static void syscall_registers(void) { registers(2); }

/* Every number, with arguments that fail fast; not those that end, wait or take the stack. */
static void numbers(int door)
{
	static const unsigned never[] = { SYS_exit, SYS_exit_group, SYS_fork, SYS_vfork, SYS_clone, 435, SYS_pause,
					  SYS_sigreturn, SYS_rt_sigreturn, SYS_brk };
	int unknown = 0;

	for (unsigned n = 0; n < 600; n++) {
		int skip = 0;
		for (unsigned i = 0; i < sizeof never / sizeof *never; i++)
			skip |= n == never[i];
		if (skip)
			continue;
		fill(n * 3 + door);
		before.gpr[EAX] = n;
		before.gpr[EBX] = 0x7eadbe01;
		before.gpr[ECX] |= 0xf0000000;
		doors[door]();
		judge(door);
		unknown += after.gpr[EAX] == (uint32_t)-ENOSYS;
	}
	CHECK(unknown > 200 && check_failures == 0);
}

static void int80_numbers(void) { numbers(0); }
static void vsyscall_numbers(void) { numbers(1); }
static void syscall_numbers(void) { numbers(2); }

/* mmap2's sixth argument, the page of the file. */
static void sixth_argument(void)
{
	char path[] = "/tmp/doors32-XXXXXX", page[PAGE];
	int fd = mkstemp(path);

	NEED(fd >= 0);
	for (int i = 0; i < 3; i++) {
		memset(page, 'a' + i, sizeof page);
		NEED(write(fd, page, sizeof page) == sizeof page);
	}
	for (int door = 0; door < DOORS; door++) {
		fill(door);
		long p = one(door, SYS_mmap2, 0, PAGE, PROT_READ, MAP_PRIVATE, fd, 2);
		CHECK(p > 0 || p < -4095);
		CHECK(*(volatile char *)p == 'c');
		CHECK(one(door, SYS_munmap, p, PAGE, 0, 0, 0, 0) == 0);
	}
	unlink(path);
}

/* ---- stacks that are none ---- */

static int syscall_on(uint32_t esp)
{
	int result = UNKNOWN_CALL;

	__asm__ volatile("mov %%esp, %%esi; mov %1, %%esp; mov %%ebp, %%edi; xor %%ebp, %%ebp\n\t"
			 "syscall\n\t"
			 "cmp %%esp, %1; jne 1f; mov %%esi, %%esp; mov %%edi, %%ebp; jmp 2f\n\t"
			 "1: ud2\n\t"
			 "2:"
			 : "+a"(result)
			 : "d"(esp)
			 : "ecx", "esi", "edi", "memory", "cc");
	return result;
}

static void hostile_esp(void)
{
	char *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	NEED(p != MAP_FAILED);
	munmap(p + PAGE, PAGE);
	CHECK(syscall_on(0) == -EFAULT);
	CHECK(syscall_on(-1u) == -EFAULT);
	CHECK(syscall_on(-4u) == -EFAULT);
	CHECK(syscall_on(0xffffe000) == -EFAULT);
	CHECK(syscall_on(0xffffdfff) == -EFAULT);
	CHECK(syscall_on(0x80100000) == -EFAULT);
	CHECK(syscall_on((uint32_t)p + PAGE) == -EFAULT);
	CHECK(syscall_on((uint32_t)p + PAGE - 2) == -EFAULT);
	CHECK(syscall_on((uint32_t)p + PAGE - 4) == -ENOSYS);
	CHECK(syscall_on((uint32_t)p) == -ENOSYS); /* demand zero */
}

static void sysenter_null_ebp(void)
{
	__asm__ volatile("mov $9999, %%eax; xor %%ebp, %%ebp; sysenter" ::: "eax", "memory");
}

static void sysenter_high_ebp(void)
{
	__asm__ volatile("mov $9999, %%eax; mov $0xfffffffc, %%ebp; sysenter" ::: "eax", "memory");
}

/* With a sound stack it lands behind the vDSO's instruction, which pops three words and returns. */
static void sysenter_by_hand(void)
{
	int result;

	__asm__ volatile("push $1f; push %%ecx; push %%edx; push %%ebp\n\t"
			 "mov %%esp, %%ebp; sysenter; ud2\n\t"
			 "1:"
			 : "=a"(result)
			 : "0"(SYS_getpid)
			 : "memory", "cc");
	CHECK(result == getpid());
}

/* ---- upper halves ---- */

/* Through the 64-bit code segment, where all sixteen registers get sentinels, back to 32 bits
 * for a call, and again to 64 bits to see what is left. Far jumps need no stack. */
struct far {
	uint32_t offset;
	uint16_t selector;
} __attribute__((packed));
struct far to_wide, to_call, to_look, to_end;
uint64_t seen[16];
uint32_t go_by_vsyscall;
extern const char wide_start[], wide_call[], wide_look[], wide_end[];
void through_64bit(void);
__asm__(".text\n"
	".globl through_64bit, wide_start, wide_call, wide_look, wide_end\n"
	"through_64bit:\n"
	"	pushal\n"
	"	mov %esp, saved_esp\n"
	"	ljmpl *to_wide\n"
	"	.code64\n"
	"wide_start:\n"
	"	movabs $0x5eed000100000000, %rax\n"
	"	.irp r, rbx,rcx,rdx,rsi,rdi,rbp,r8,r9,r10,r11,r12,r13,r14,r15\n"
	"	mov %rax, %\\r\n"
	"	.endr\n"
	"	mov %esp, %esp\n"
	"	add %rax, %rsp\n"
	"	ljmpl *to_call(%eip)\n"
	"	.code32\n"
	"wide_call:\n"
	"	mov $20, %eax\n"
	"	cmpl $0, go_by_vsyscall\n"
	"	je 1f\n"
	"	call *vsyscall\n"
	"	jmp 2f\n"
	"1:	int $0x80\n"
	"2:	ljmpl *to_look\n"
	"	.code64\n"
	"wide_look:\n"
	"	mov %rax, seen+0(%eip)\n"
	"	mov %rcx, seen+8(%eip)\n"
	"	mov %rdx, seen+16(%eip)\n"
	"	mov %rbx, seen+24(%eip)\n"
	"	mov %rsp, seen+32(%eip)\n"
	"	mov %rbp, seen+40(%eip)\n"
	"	mov %rsi, seen+48(%eip)\n"
	"	mov %rdi, seen+56(%eip)\n"
	"	mov %r8, seen+64(%eip)\n"
	"	mov %r9, seen+72(%eip)\n"
	"	mov %r10, seen+80(%eip)\n"
	"	mov %r11, seen+88(%eip)\n"
	"	mov %r12, seen+96(%eip)\n"
	"	mov %r13, seen+104(%eip)\n"
	"	mov %r14, seen+112(%eip)\n"
	"	mov %r15, seen+120(%eip)\n"
	"	ljmpl *to_end(%eip)\n"
	"	.code32\n"
	"wide_end:\n"
	"	mov saved_esp, %esp\n"
	"	popal\n"
	"	ret\n");

static void upper_halves(void)
{
	uint16_t cs32;

	__asm__("mov %%cs, %0" : "=r"(cs32));
	uint16_t cs64 = cs32 == 0x23 ? 0x33 : 0x2b; /* Linux, Lstar */
	to_wide = (struct far){ (uint32_t)wide_start, cs64 };
	to_call = (struct far){ (uint32_t)wide_call, cs32 };
	to_look = (struct far){ (uint32_t)wide_look, cs64 };
	to_end = (struct far){ (uint32_t)wide_end, cs32 };
	for (go_by_vsyscall = 0; go_by_vsyscall < 2; go_by_vsyscall++) {
		memset(seen, 0, sizeof seen);
		through_64bit();
		CHECK(seen[EAX] == (uint64_t)getpid());
		for (int i = 1; i < 16; i++) {
			uint64_t left = seen[i] >> 32;
			if (left != 0 && !(i >= 8 && left == 0x5eed0001)) {
				printf("FAIL register %d holds %#llx\n", i, (unsigned long long)seen[i]);
				check_failures++;
			}
		}
	}
	CHECK(check_failures == 0);
}

/* SYSCALL by hand is #UD on Intel's and returns to the vDSO on Linux: here only. */
static const struct {
	const char *name;
	void (*run)(void);
	const char *lstar, *host;
} cases[] = {
	{ "int80-registers", int80_registers, LIVES, "=" },
	{ "vsyscall-registers", vsyscall_registers, LIVES, "=" },
	{ "syscall-registers", syscall_registers, LIVES, "-" },
	{ "int80-numbers", int80_numbers, LIVES, "-" },
	{ "vsyscall-numbers", vsyscall_numbers, LIVES, "-" },
	{ "syscall-numbers", syscall_numbers, LIVES, "-" },
	{ "sixth-argument", sixth_argument, LIVES, "-" },
	{ "hostile-esp", hostile_esp, LIVES, "-" },
	{ "sysenter-null-ebp", sysenter_null_ebp, DIES_SEGV, "-" },
	{ "sysenter-high-ebp", sysenter_high_ebp, DIES_SEGV, "-" },
	{ "sysenter-by-hand", sysenter_by_hand, LIVES, "-" },
	{ "upper-halves", upper_halves, LIVES, "-" },
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	vsyscall = getauxval(AT_SYSINFO);
	for (unsigned i = 0; argc == 2 && i < sizeof cases / sizeof *cases; i++) {
		if (!strcmp(argv[1], "--list"))
			printf("%s %s %s\n", cases[i].name, cases[i].lstar, cases[i].host);
		else if (!strcmp(argv[1], cases[i].name)) {
			NEED(vsyscall != 0);
			cases[i].run();
			return check_failures != 0;
		}
	}
	return argc == 2 && !strcmp(argv[1], "--list") ? 0 : 2;
}
