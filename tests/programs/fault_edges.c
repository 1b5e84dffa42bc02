/* SPDX-License-Identifier: MIT */
/*
 * The end of the user's half. The last page below the hole is never mapped, so that the
 * address after a SYSCALL is canonical by construction; the page before it is an ordinary
 * one. Errata E11, E21; security rows 1, 2, 20, 22.
 */
#include "fault.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <sys/utsname.h>

#define LAST (USER_END - PAGE) /* the last page a program can have */

/* The last page, executable. It may already belong to the stack: then take it over. */
static unsigned char *last_page(void)
{
	void *p = mmap((void *)LAST, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (p == MAP_FAILED)
		NEED(mprotect((void *)LAST, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) == 0);
	return (void *)LAST;
}

static long call_at(unsigned char *code, long rax)
{
	__asm__ volatile("call *%1" : "+a"(rax) : "r"(code) : "rcx", "r11", "memory", "cc");
	return rax;
}

static void refused(void)
{
	static const struct {
		unsigned long at, size;
	} wrong[] = {
		{ USER_END, PAGE },	 { USER_END, 2 * PAGE }, { LAST, 2 * PAGE },
		{ NON_CANONICAL, PAGE }, { KERNEL_HALF, PAGE },	 { -PAGE, PAGE },
		{ -2 * PAGE, 4 * PAGE }, { PAGE * 16, -PAGE },
	};

	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		void *at = (void *)wrong[i].at;
		long r = call3(SYS_munmap, wrong[i].at, wrong[i].size, 0);
		printf("munmap %u: %ld\n", i, r);
		CHECK(r == -EINVAL);
		CHECK_ERRNO((long)mmap(at, wrong[i].size, PROT_READ,
				       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
			    ENOMEM);
		r = call3(SYS_mprotect, wrong[i].at, wrong[i].size, PROT_READ);
		CHECK(r == -ENOMEM);
	}
}

static void works(void)
{
	unsigned char *end = last_page() + PAGE;

	memcpy(end - 3, "\x0f\x05\xc3", 3); /* syscall; ret */
	for (int i = 0; i < 100000; i++)
		if (call_at(end - 3, SYS_getpid) != getpid())
			NEED(!"getpid from the last page");
	end[-1] = 'x';
	CHECK(call3(SYS_write, 1, (long)end - 1, 1) == 1);
	CHECK(call3(SYS_write, 1, (long)end - 1, 2) == -EFAULT);
	CHECK(call3(SYS_write, 1, (long)end, 1) == -EFAULT);
	CHECK(call3(SYS_uname, (long)end - 1, 0, 0) == -EFAULT);
}

static void syscall_last(void)
{
	unsigned char *end = last_page() + PAGE;

	memcpy(end - 2, "\x0f\x05", 2);
	call_at(end - 2, SYS_getpid);
}

static void unknown_last(void)
{
	unsigned char *end = last_page() + PAGE;

	memcpy(end - 2, "\x0f\x05", 2);
	call_at(end - 2, 9999);
}

static void int80_last(void)
{
	unsigned char *end = last_page() + PAGE;

	memcpy(end - 2, "\xcd\x80", 2);
	call_at(end - 2, 9999);
}

static void int3_last(void)
{
	unsigned char *end = last_page() + PAGE;

	end[-1] = 0xcc;
	call_at(end - 1, 0);
}

static void half_instruction(void)
{
	unsigned char *end = last_page() + PAGE;

	end[-1] = 0x0f;
	call_at(end - 1, SYS_getpid);
}

static void jump_to_end(void)
{
	((void (*)(void))opaque(USER_END))();
}
static void jump_to_hole(void)
{
	__asm__ volatile("jmp *%0" ::"r"(NON_CANONICAL - 1));
}

/* TF makes the trap's saved address the first one beyond. */
static void step_last(void)
{
	unsigned char *end = last_page() + PAGE;

	memcpy(end - 2, "\x0f\x05", 2);
	__asm__ volatile("pushfq; orl $0x100, (%%rsp); popfq; jmp *%0" ::"r"(end - 2), "a"(39)
			 : "memory", "cc");
}

/* Lengths and sums that wrap, through every bulk call. */
static void wrapping(void)
{
	static char buf[16];
	int zero = open("/dev/zero", O_RDWR);
	struct iovec v[2] = { { buf, 16 }, { buf, -1ul } };
	long end = USER_END;

	CHECK(call3(SYS_read, zero, end - 16, 32) == -EFAULT);
	CHECK(call3(SYS_read, zero, -16, 32) == -EFAULT);
	CHECK(call3(SYS_read, zero, (long)buf, -1) == -EFAULT || errno == 0);
	CHECK(call3(SYS_write, zero, KERNEL_HALF, 0x7fffffff) == -EFAULT);
	CHECK(call3(SYS_write, zero, end - 1, -1) == -EFAULT);
	CHECK(call3(SYS_writev, zero, (long)v, 2) == -EINVAL);
	v[1] = (struct iovec){ (void *)KERNEL_TEXT, 16 };
	long r = call3(SYS_readv, zero, (long)v, 2);
	CHECK(r == 16 || r == -EFAULT);
	CHECK(call3(SYS_writev, zero, -16, 2) == -EFAULT);
	CHECK(call3(SYS_writev, zero, end - 8, 1) == -EFAULT);
	CHECK(call3(SYS_readv, zero, (long)v, 0x100000001) == 16);
	CHECK(call3(SYS_getrandom, end - 8, 16, 0) == -EFAULT);
	CHECK(call3(SYS_getrandom, KERNEL_TEXT, 16, 0) == -EFAULT);
}

/* Strings that end where the mapping ends, and that do not. */
static void strings(void)
{
	char *p = map_pages(2, PROT_READ | PROT_WRITE);

	munmap(p + PAGE, PAGE);
	memset(p, 'a', PAGE);
	strcpy(p + PAGE - 10, "/dev/null");
	CHECK(call3(SYS_open, (long)p + PAGE - 10, O_RDONLY, 0) > 2);
	p[PAGE - 1] = 'x';
	CHECK(call3(SYS_open, (long)p + PAGE - 10, O_RDONLY, 0) == -EFAULT);
	CHECK(call3(SYS_open, (long)p + PAGE, O_RDONLY, 0) == -EFAULT);
	CHECK(call3(SYS_open, USER_END - 1, O_RDONLY, 0) == -EFAULT);
	CHECK(call3(SYS_open, -1, O_RDONLY, 0) == -EFAULT);
	CHECK(call3(SYS_open, NON_CANONICAL - 1, O_RDONLY, 0) == -EFAULT);
	struct utsname *u = (void *)(p + PAGE - sizeof *u + 1);
	CHECK(call3(SYS_uname, (long)u, 0, 0) == -EFAULT);
	CHECK(call3(SYS_uname, (long)u - 1, 0, 0) == 0);
}

static const struct fault_case cases[] = {
	{ "refused", refused, LIVES, "=" },
	{ "last-page-works", works, LIVES, "=" },
	{ "syscall-as-last-bytes", syscall_last, DIES_SEGV, "=" },
	{ "unknown-call-as-last-bytes", unknown_last, DIES_SEGV, "=" },
	{ "int80-as-last-bytes", int80_last, DIES_SEGV, "=" },
	{ "int3-as-last-byte", int3_last, DIES_TRAP, "=" },
	{ "half-an-instruction", half_instruction, DIES_SEGV, "=" },
	{ "jump-to-end", jump_to_end, DIES_SEGV, "=" },
	{ "jump-below-hole", jump_to_hole, DIES_SEGV, "=" },
	{ "step-over-last-syscall", step_last, DIES_TRAP, "=" },
	{ "wrapping-lengths", wrapping, LIVES, "=" },
	{ "strings-at-the-edge", strings, LIVES, "=" },
};

FAULT_MAIN(cases)
