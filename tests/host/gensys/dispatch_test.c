/* SPDX-License-Identifier: MIT */
/*
 * The generated dispatch with no kernel under it: handlers that only note what they were
 * given, for the small tables of tests/host/gensys/in. Built and run by test_gensys.py.
 */
#include <stdio.h>
#include <string.h>

#include "cpu/frame.h"
#include "gen/errno.h"
#include "gen/sysdesc.h"
#include "gen/sysproto.h"

static const char *who;
static u64 seen[6];
static int failures;

#define NOTE(...)                                      \
	do {                                           \
		const u64 values[6] = { __VA_ARGS__ }; \
		who = __func__;                        \
		memcpy(seen, values, sizeof seen);     \
	} while (0)

#define CHECK(cond)                                                            \
	do {                                                                   \
		if (!(cond)) {                                                 \
			printf("FAIL %s:%d: %s\n", __FILE__, __LINE__, #cond); \
			failures++;                                            \
		}                                                              \
	} while (0)

long sys_read(int fd, uout_char buf, u64 count)
{
	NOTE((u64)fd, buf.a, count);
	return 1;
}

long sys_open(ustr_t path, u32 flags)
{
	NOTE(path.a, flags);
	return 2;
}

long sys_wait(uin_pair want, uout_pair left)
{
	NOTE(want.a, left.a);
	return 3;
}

long sys_wait32(uin_u32 want)
{
	NOTE(want.a);
	return 9;
}

long sys_control(int fd, u32 cmd, u64 arg)
{
	NOTE((u64)fd, cmd, arg);
	return 4;
}

long sys_seek(int fd, s64 pos, u32 how, uaddr_t where, u64 a, uinout_u32 both)
{
	NOTE((u64)fd, (u64)pos, how, where, a, both.a);
	return 5;
}

long sys_exit(int status)
{
	printf("exit(%d) was called\n", status);
	__builtin_trap();
}

long sys_getpid(void)
{
	NOTE(0);
	return 6;
}

long sys_fork(struct trapframe *tf)
{
	NOTE(tf->rip);
	return 7;
}

long sys_exec(ustr_t path, ustrv_t argv, ustr_t name, struct trapframe *tf)
{
	NOTE(path.a, argv.a, name.a, tf->rip);
	return 8;
}

/* Upper halves that must not reach a handler of 32-bit values. */
#define NOISE 0xdeadbeef00000000ull

static void linux64_calls(void)
{
	struct trapframe tf = {
		.orig_rax = NOISE | 7,
		.rdi = NOISE | 3,
		.rsi = (u64)-5,
		.rdx = NOISE | 9,
		.r10 = NOISE,
		.r8 = ~0ull,
		.r9 = 0x7fffffffffffull,
	};

	CHECK(dispatch_linux64(&tf) == 5 && !strcmp(who, "sys_seek"));
	CHECK(seen[0] == 3 && (s64)seen[1] == -5 && seen[2] == 9);
	CHECK(seen[3] == NOISE && seen[4] == ~0ull && seen[5] == 0x7fffffffffffull);
	tf = (struct trapframe){ .orig_rax = 0, .rdi = 0xffffffff, .rsi = NOISE, .rdx = ~0ull };
	CHECK(dispatch_linux64(&tf) == 1 && (s64)seen[0] == -1 && seen[1] == NOISE);
	CHECK(seen[2] == ~0ull);
	tf = (struct trapframe){ .orig_rax = 59, .rdi = 1, .rsi = 2, .rdx = 3, .rip = 4 };
	CHECK(dispatch_linux64(&tf) == 8 && seen[0] == 1 && seen[1] == 2 && seen[2] == 3);
	CHECK(seen[3] == 4);
	tf = (struct trapframe){ .orig_rax = 39 };
	CHECK(dispatch_linux64(&tf) == 6);
}

/* Arguments come in an array; noise cut off, then signs restored. */
static void linux32_calls(void)
{
	struct trapframe tf = { .orig_rax = 7 };
	const u64 six[6] = { NOISE | 0xffffffff, NOISE | 0xfffffffb, NOISE | 9,
			     NOISE | 0xfffff000, NOISE | 0xffffffff, NOISE | 0x1000 };
	const u64 three[6] = { 1, NOISE | 2, NOISE | 3 };

	CHECK(dispatch_linux32(&tf, six) == 5 && !strcmp(who, "sys_seek"));
	CHECK((s64)seen[0] == -1 && (s64)seen[1] == -5 && seen[2] == 9);
	CHECK(seen[3] == 0xfffff000 && seen[4] == 0xffffffff && seen[5] == 0x1000);
	tf = (struct trapframe){ .orig_rax = 3 };
	CHECK(dispatch_linux32(&tf, three) == 1 && seen[1] == 2 && seen[2] == 3);
	/* a name that is another call's in this ABI, and a handler of two names */
	tf = (struct trapframe){ .orig_rax = 4 };
	CHECK(dispatch_linux32(&tf, three) == 9 && !strcmp(who, "sys_wait32") && seen[0] == 1);
	tf = (struct trapframe){ .orig_rax = 21 };
	CHECK(dispatch_linux32(&tf, three) == 6);
}

static void native_calls(void)
{
	struct trapframe tf = { .orig_rax = 302, .rdi = 3, .rsi = 0x1000, .rdx = 1 };

	CHECK(dispatch_native(&tf) == 1 && seen[0] == 3 && seen[1] == 0x1000 && seen[2] == 1);
	tf.orig_rax = 303;
	CHECK(dispatch_native(&tf) == -ENOSYS);
}

/* Holes, the first number after the last, and the ends of every integer type. */
static void unknown_numbers(void)
{
	static const u64 numbers[] = { 61,	   304,	       1000,  0x7fffffff,      0x80000000,
				       0xffffffff, NOISE | 61, ~0ull, 1ull << 32 | 61, 0x40000000 };
	struct trapframe tf = { 0 };
	const u64 args[6] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		tf.orig_rax = numbers[i];
		CHECK(dispatch_linux64(&tf) == -ENOSYS);
		CHECK(dispatch_linux32(&tf, args) == -ENOSYS);
		CHECK(dispatch_native(&tf) == -ENOSYS);
	}
	tf.orig_rax = 1;
	CHECK(dispatch_linux64(&tf) == -ENOSYS);
	tf.orig_rax = 57;
	CHECK(dispatch_linux32(&tf, args) == -ENOSYS && dispatch_linux64(&tf) == 7);
}

static void descriptors(void)
{
	const struct call_desc *d = sysdesc_find(ABI_LINUX64, 6);

	CHECK(d && !strcmp(d->name, "control") && d->nargs == 3);
	CHECK(!sysdesc_find(ABI_LINUX64, 5) && !sysdesc_find(ABI_LINUX64, 61));
	CHECK(!sysdesc_find(ABI_LINUX64, ~0ull) && !sysdesc_find(ABI_LINUX32, 57));
	CHECK(!strcmp(sysdesc_find(ABI_LINUX32, 4)->name, "wait"));
	CHECK(sysdesc_find(ABI_LINUX32, 4) != sysdesc_find(ABI_LINUX64, 4));
	CHECK(sysdesc_find(ABI_NATIVE, 302) == sysdesc_find(ABI_LINUX32, 3));
	CHECK(sysdesc_variant(SET_request, 0x7710)->show == SHOW_timespec);
	CHECK(sysdesc_variant(SET_request, 0x20)->class == ARG_PATH);
	CHECK(sysdesc_variant(SET_request, 0x40)->show == SHOW_none);
	CHECK(!sysdesc_variant(SET_request, 0x50));
}

int main(void)
{
	linux64_calls();
	linux32_calls();
	native_calls();
	unknown_numbers();
	descriptors();
	return failures != 0;
}
