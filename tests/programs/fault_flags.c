/* SPDX-License-Identifier: MIT */
/*
 * RFLAGS across the boundary. The kernel must not run with the user's DF, AC, NT or TF, and
 * the user must get back what it had; IOPL and IF are not the user's to set. Errata E01,
 * E04, E18, E34; security rows 6 and 7.
 */
#include "fault.h"

#include <poll.h>

#define CF 0x1ul
#define PF 0x4ul
#define AF 0x10ul
#define ZF 0x40ul
#define SF 0x80ul
#define TF 0x100ul
#define IF 0x200ul
#define DF 0x400ul
#define OF 0x800ul
#define IOPL 0x3000ul
#define NT 0x4000ul
#define RF 0x10000ul
#define AC 0x40000ul
#define ID 0x200000ul

/* One call with these flags set; returns the flags afterwards. */
static uint64_t call_with(uint64_t flags, long nr, long a, long b, long c, long *result)
{
	uint64_t after;
	long r;

	__asm__ volatile("pushfq\n\t"
			 "push %[f]\n\t"
			 "popfq\n\t"
			 "syscall\n\t"
			 "pushfq\n\t"
			 "pop %[after]\n\t"
			 "popfq\n\t"
			 "cld"
			 : "=a"(r), [after] "=&b"(after)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), [f] "r"(flags | 2 | IF)
			 : "rcx", "r11", "memory", "cc");
	*result = r;
	return after;
}

/* The same through the interrupt gate, with a number that no table has. */
static uint64_t int80_with(uint64_t flags, long nr, long *result)
{
	uint64_t after;
	long r;

	__asm__ volatile("pushfq; push %[f]; popfq; int $0x80; pushfq; pop %[after]; popfq; cld"
			 : "=a"(r), [after] "=&b"(after)
			 : "0"(nr), [f] "r"(flags | 2 | IF)
			 : "r8", "r9", "r10", "r11", "rcx", "memory", "cc");
	*result = r;
	return after;
}

static void kept(uint64_t flags, const char *name)
{
	long r = 0;
	uint64_t after = call_with(flags, SYS_getpid, 0, 0, 0, &r);

	printf("%s: %s\n", name, r == getpid() && (after & flags) == flags ? "ok" : "FAIL");
	check_failures += r != getpid() || (after & flags) != flags;
	after = int80_with(flags, 9999, &r);
	printf("%s by int80: %s\n", name, r == -ENOSYS && (after & flags) == flags ? "ok" : "FAIL");
	check_failures += r != -ENOSYS || (after & flags) != flags;
}

static void df(void)
{
	static char out[3 * PAGE], in[3 * PAGE];
	char path[] = "/tmp/lstar-df-XXXXXX";
	int fd = mkstemp(path);
	long r;

	kept(DF, "DF");
	NEED(fd >= 0);
	for (unsigned i = 0; i < sizeof out; i++)
		out[i] = i * 37 >> 3;
	call_with(DF, SYS_pwrite64, fd, (long)out, sizeof out,
		  &r); /* r10, the offset, is 0 or junk */
	lseek(fd, 0, SEEK_SET);
	call_with(DF, SYS_write, fd, (long)out, sizeof out, &r);
	CHECK(r == sizeof out);
	lseek(fd, 0, SEEK_SET);
	call_with(DF, SYS_read, fd, (long)in, sizeof in, &r);
	CHECK(r == sizeof in && !memcmp(in, out, sizeof in));
	struct {
		char name[6][65];
		char guard[64];
	} uts;
	memset(&uts, 'g', sizeof uts);
	call_with(DF, SYS_uname, (long)&uts, 0, 0, &r);
	CHECK(r == 0 && !strcmp(uts.name[0], "Linux") && uts.guard[0] == 'g' &&
	      uts.guard[63] == 'g');
	close(fd);
	unlink(path);
}

/* The interrupt gate keeps DF: a page fault taken with DF=1 must still clear pages upwards. */
static void df_fault(void)
{
	unsigned char *p = map_pages(512, PROT_READ | PROT_WRITE);
	long dirty = 0;

	memset(p, 0x77, 256 * PAGE); /* dirty some memory, give it back, get it again */
	munmap(p, 256 * PAGE);
	p = map_pages(1024, PROT_READ | PROT_WRITE);
	for (int i = 1023; i >= 0; i -= 2)
		__asm__ volatile("std; movb $1, (%0); cld" ::"r"(p + i * PAGE + 100)
				 : "memory", "cc");
	for (int i = 0; i < 1024; i += 2)
		__asm__ volatile("std; movb $1, (%0); cld" ::"r"(p + i * PAGE + 100)
				 : "memory", "cc");
	for (long i = 0; i < 1024 * (long)PAGE; i++)
		dirty += p[i] != (i % PAGE == 100);
	CHECK(dirty == 0);
}

/* DF set and no call at all: timer interrupts arrive with it. */
static void df_spin(void)
{
	__asm__ volatile("std; mov $100000000, %%ecx; 1: dec %%ecx; jnz 1b; cld" ::: "rcx", "cc");
	CHECK(getpid() > 0);
}

static void df_int80(void)
{
	long r;

	for (int i = 0; i < 1000; i++) {
		int80_with(DF, 9999, &r);
		if (r != -ENOSYS)
			NEED(!"int80 with DF");
	}
	CHECK(r == -ENOSYS);
}

static void ac(void)
{
	long r;

	kept(AC, "AC");
	call_with(AC, SYS_write, 1, 8, 4, &r);
	CHECK(r == -EFAULT);
	call_with(AC, SYS_write, 1, KERNEL_TEXT, 4, &r);
	CHECK(r == -EFAULT);
	/* with AC leaking into the kernel, SMAP would be off for its whole stay */
	__asm__ volatile(
		"pushfq; orl $0x40000, (%%rsp); popfq; mov $100000000, %%ecx; 1: dec %%ecx; jnz 1b;"
		"pushfq; andl $~0x40000, (%%rsp); popfq" ::
			: "rcx", "cc", "memory");
	CHECK(getpid() > 0);
}

static void nt(void)
{
	kept(NT, "NT");
	for (int i = 0; i < 1000; i++) {
		long r;
		call_with(NT, SYS_sched_yield, 0, 0, 0, &r);
		if (r)
			NEED(!"sched_yield with NT");
	}
	/* a fault, which returns by IRET, and interrupts, with NT set */
	char *p = map_pages(64, PROT_READ | PROT_WRITE);
	for (int i = 0; i < 64; i++)
		__asm__ volatile("pushfq; orl $0x4000, (%%rsp); popfq; movb $1, (%0); pushfq; andl "
				 "$~0x4000, (%%rsp); popfq" ::"r"(p + i * PAGE)
				 : "memory", "cc");
	__asm__ volatile(
		"pushfq; orl $0x4000, (%%rsp); popfq; mov $100000000, %%ecx; 1: dec %%ecx; jnz 1b;"
		"pushfq; andl $~0x4000, (%%rsp); popfq" ::
			: "rcx", "cc", "memory");
	CHECK(p[63 * PAGE] == 1);
}

static void id(void)
{
	kept(ID, "ID");
}

static void arithmetic(void)
{
	kept(CF | ZF | SF, "CF ZF SF");
	kept(PF | AF | OF, "PF AF OF");
	kept(0, "none");
}

/* Set with popfq and silently ignored by the CPU: nothing may come of it. */
static void iopl(void)
{
	long r;
	uint64_t after = call_with(IOPL, SYS_getpid, 0, 0, 0, &r);

	CHECK(r == getpid() && (after & IOPL) == 0 && (after & IF));
}

static void iopl_then_cli(void)
{
	long r;

	call_with(IOPL, SYS_getpid, 0, 0, 0, &r);
	__asm__ volatile("pushfq; orl $0x3000, (%%rsp); popfq; cli" ::: "cc", "memory");
}

static void clear_if(void)
{
	long r;

	__asm__ volatile("pushfq; andl $~0x200, (%%rsp); popfq" ::: "cc", "memory");
	uint64_t after = call_with(0, SYS_getpid, 0, 0, 0, &r);
	CHECK(after & IF);
}

/* RF in r11 must not come back to life by IRET or SYSRET in a way the user could notice. */
static void rf(void)
{
	long r;
	uint64_t after = call_with(RF, SYS_getpid, 0, 0, 0, &r);

	CHECK(r == getpid() && (after & RF) == 0);
}

static void tf_syscall(void)
{
	long r;

	call_with(TF, SYS_getpid, 0, 0, 0, &r);
}

static void tf_later(void)
{
	char c;

	puts("ready");
	if (read(0, &c, 1) == 1)
		tf_syscall();
}

static void tf_int80(void)
{
	long r;

	int80_with(TF, 9999, &r);
}

static void tf_fault(void)
{
	char *p = map_pages(1, PROT_READ | PROT_WRITE);

	__asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; movb $1, (%0); nop" ::"r"(p)
			 : "memory", "cc");
}

static void tf_unknown_call(void)
{
	long r;

	call_with(TF | NT | AC | DF, 9999, 0, 0, 0, &r);
}

/* Every door with hostile flags, until a line comes in on stdin: for tests/fault/doors.py. */
static void storm(void)
{
	struct pollfd in = { .fd = 0, .events = POLLIN };
	long r;

	puts("ready");
	do {
		char *p = map_pages(64, PROT_READ | PROT_WRITE);
		for (int i = 0; i < 64; i++) {
			call_with(DF | AC | NT | ID, 9999, 0, 0, 0, &r);
			int80_with(DF | AC | NT | ID, 9999, &r);
			__asm__ volatile("pushfq; pushfq; orl $0x44400, (%%rsp); popfq; movb $1, "
					 "(%0); popfq" ::"r"(p + i * PAGE)
					 : "memory", "cc");
		}
		munmap(p, 64 * PAGE);
	} while (poll(&in, 1, 0) != 1);
}

static void everything(void)
{
	kept(DF | AC | NT | ID | CF | OF, "all at once");
}

static const struct fault_case cases[] = {
	{ "df", df, LIVES, "=" },
	{ "df-page-fault", df_fault, LIVES, "=" },
	{ "df-interrupts", df_spin, LIVES, "=" },
	{ "df-int80", df_int80, LIVES, "=" },
	{ "ac", ac, LIVES, "=" },
	{ "nt", nt, LIVES, "=" },
	{ "id", id, LIVES, "=" },
	{ "arithmetic", arithmetic, LIVES, "=" },
	{ "all-at-once", everything, LIVES, "=" },
	{ "iopl", iopl, LIVES, "=" },
	{ "iopl-then-cli", iopl_then_cli, DIES_SEGV, "=" },
	{ "clear-if", clear_if, LIVES, "=" },
	{ "rf", rf, LIVES, "=" },
	{ "tf-syscall", tf_syscall, DIES_TRAP, "=" },
	{ "tf-int80", tf_int80, DIES_TRAP, "=" },
	{ "tf-page-fault", tf_fault, DIES_TRAP, "=" },
	{ "tf-unknown-call", tf_unknown_call, DIES_TRAP, "=" },
};

int main(int argc, char **argv)
{
	/* not in the table: these wait for a word from tests/fault/doors.py */
	static const struct fault_case waiting[] = { { "storm", storm, LIVES, "-" },
						     { "tf-later", tf_later, DIES_TRAP, "-" } };

	for (int i = 0; i < 2; i++)
		if (argc == 2 && !strcmp(argv[1], waiting[i].name))
			return fault_main(argc, argv, waiting, 2);
	return fault_main(argc, argv, cases, sizeof cases / sizeof *cases);
}
