/* SPDX-License-Identifier: MIT */
/*
 * kernel/mm/uio.c: checks of ranges, moves over several ranges in all step sizes, faults in
 * the middle, the cut at UIO_MAX_BYTES.
 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "fake_kernel.h"
#include "gen/errno.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/uio.h"
#include "kernel/mm/uio_kernel.h"

static uaddr_t addr(const void *p)
{
	return (uaddr_t)p;
}

static void test_ranges(void **state)
{
	struct uio u;
	(void)state;
	assert_int_equal(uio_init(&u, UIO_TO_USER, USER_TOP - 1, 1), 0);
	assert_int_equal(uio_init(&u, UIO_TO_USER, USER_TOP, 0), 0);
	assert_int_equal(uio_init(&u, UIO_TO_USER, USER_TOP, 1), -EFAULT);
	assert_int_equal(uio_init(&u, UIO_TO_USER, USER_TOP - 1, 2), -EFAULT);
	assert_int_equal(uio_init(&u, UIO_TO_USER, ~0ull, 1), -EFAULT);
	assert_int_equal(uio_init(&u, UIO_TO_USER, 0x10000, ~0ull), -EFAULT);
	assert_int_equal(uio_init(&u, UIO_TO_USER, 0xffff800000000000ull, 1), -EFAULT);
	assert_int_equal(uio_init(&u, UIO_TO_USER, 0x10000, 1ull << 40), 0);
	assert_int_equal(u.resid, UIO_MAX_BYTES);
}

static err_t init_vec(struct uio *u, enum uio_dir dir, const struct uio_range *r, u32 n)
{
	struct uio_range *copy = kmalloc(n * sizeof *r);
	memcpy(copy, r, n * sizeof *r);
	return uio_init_vec(u, dir, copy, n);
}

static void test_vec_checks(void **state)
{
	struct uio u;
	(void)state;
	const struct uio_range negative[] = { { 0x10000, 1 }, { 0x20000, 1ull << 63 } };
	const struct uio_range sum[] = { { 0x10000, INT64_MAX }, { 0x10000, 1 } };
	const struct uio_range fault[] = { { 0x10000, 1 }, { USER_TOP, 1 } };
	const struct uio_range large[] = { { 0x10000, 0x7ffff000 },
					   { 0x10000, 8 },
					   { 0x10000, 0 } };
	assert_int_equal(init_vec(&u, UIO_TO_USER, negative, 2), -EINVAL);
	uio_end(&u);
	assert_int_equal(init_vec(&u, UIO_TO_USER, sum, 2), -EINVAL);
	uio_end(&u);
	assert_int_equal(init_vec(&u, UIO_TO_USER, fault, 2), -EFAULT);
	uio_end(&u);
	assert_int_equal(init_vec(&u, UIO_TO_USER, large, 3), 0);
	assert_int_equal(u.resid, UIO_MAX_BYTES);
	uio_end(&u);
	assert_int_equal(fake_blocks_used, 0);
}

/* 40 bytes spread over ranges, some of them empty, moved in steps of each size. */
static void test_moves(void **state)
{
	char user[100], kernel[40], want[40];
	(void)state;
	for (int i = 0; i < 40; i++)
		want[i] = (char)(i + 1);
	for (u64 step = 1; step <= 41; step++) {
		const struct uio_range r[] = { { addr(user), 0 },	{ addr(user) + 50, 7 },
					       { addr(user), 0 },	{ addr(user) + 3, 1 },
					       { addr(user) + 10, 32 }, { addr(user), 0 } };
		struct uio u;
		u64 moved, total = 0;
		memset(user, 0, sizeof user);
		memcpy(kernel, want, 40);
		assert_int_equal(init_vec(&u, UIO_TO_USER, r, 6), 0);
		while (u.resid) {
			assert_int_equal(uio_move(&u, kernel + total, step, &moved), 0);
			total += moved;
		}
		assert_int_equal(total, 40);
		assert_memory_equal(user + 50, want, 7);
		assert_memory_equal(user + 3, want + 7, 1);
		assert_memory_equal(user + 10, want + 8, 32);
		uio_end(&u);

		memset(kernel, 0, sizeof kernel);
		assert_int_equal(init_vec(&u, UIO_FROM_USER, r, 6), 0);
		for (total = 0; u.resid; total += moved)
			assert_int_equal(uio_move(&u, kernel + total, step, &moved), 0);
		assert_memory_equal(kernel, want, 40);
		uio_end(&u);
	}
	assert_int_equal(fake_blocks_used, 0);
}

static void test_fault(void **state)
{
	static char user[10000], kernel[10000];
	struct uio u;
	u64 moved;
	(void)state;
	memset(user, 1, sizeof user);
	fake_fault_start = addr(user) + 5000;
	fake_fault_end = addr(user) + 6000;
	assert_int_equal(uio_init(&u, UIO_FROM_USER, addr(user), sizeof user), 0);
	assert_int_equal(uio_move(&u, kernel, sizeof user, &moved), -EFAULT);
	assert_int_equal(moved, 5000);
	assert_int_equal(u.resid, 5000);
	assert_int_equal(uio_init(&u, UIO_TO_USER, addr(user), sizeof user), 0);
	assert_int_equal(uio_zero(&u, sizeof user, &moved), -EFAULT);
	assert_int_equal(moved, 5000);
	assert_int_equal(user[4999], 0);
	assert_int_equal(user[5000], 1);
	/* dropping bytes does not look at them */
	assert_int_equal(uio_init(&u, UIO_FROM_USER, addr(user), sizeof user), 0);
	assert_int_equal(uio_zero(&u, sizeof user, &moved), 0);
	assert_int_equal(moved, 10000);
	fake_fault_start = fake_fault_end = 0;
}

static void test_kernel(void **state)
{
	char a[10] = "abcdefghi", b[10];
	struct uio u;
	u64 moved;
	(void)state;
	fake_fault_start = addr(a); /* not looked at: it is no user memory */
	fake_fault_end = addr(a) + 10;
	uio_init_kernel(&u, UIO_FROM_USER, a, 10);
	assert_int_equal(uio_move(&u, b, 4, &moved), 0);
	assert_int_equal(uio_move(&u, b + 4, 100, &moved), 0);
	assert_int_equal(moved, 6);
	assert_string_equal(b, "abcdefghi");
	uio_end(&u);
	fake_fault_start = fake_fault_end = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges), cmocka_unit_test(test_vec_checks),
		cmocka_unit_test(test_moves),  cmocka_unit_test(test_fault),
		cmocka_unit_test(test_kernel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
