/* SPDX-License-Identifier: MIT */
/*
 * No memory is lost, and running out of it changes nothing: blocks and pages are counted
 * before and after; then every allocation in turn of every operation fails.
 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "calls.h"
#include "kernel/fs/inode.h"

static u64 pages_before, blocks_before;
static char page[4096];

static int boot(void **state)
{
	(void)state;
	fake_boot(NULL, 0, NULL);
	/* the descriptor table grows once, and stays */
	assert_int_equal(sys_close(open_("/tmp", LINUX_O_RDONLY)), 0);
	return 0;
}

static void remember(void)
{
	pages_before = fake_pages_used;
	blocks_before = fake_blocks_used;
}

static void nothing_lost(void)
{
	assert_int_equal(fake_pages_used, pages_before);
	assert_int_equal(fake_blocks_used, blocks_before);
}

static void test_files(void **state)
{
	(void)state;
	remember();
	for (int round = 0; round < 3; round++) {
		int fd = open_("/tmp/f", LINUX_O_RDWR | LINUX_O_CREAT);
		for (int i = 0; i < 40; i++)
			assert_int_equal(sys_pwrite64(fd, in(page), 4096, (s64)i * 1234567), 4096);
		assert_int_equal(sys_pwrite64(fd, in(page), 1, INT64_MAX - 1), 1);
		assert_int_equal(sys_pwrite64(fd, in(page), 2, INT64_MAX - 1), 1);
		assert_int_equal(sys_pwrite64(fd, in(page), 2, INT64_MAX), -EFBIG);
		assert_int_equal(sys_ftruncate(fd, 5000), 0);
		assert_true(fake_pages_used - pages_before <= 2);
		assert_int_equal(sys_unlink(str("/tmp/f")), 0);
		assert_int_equal(sys_pwrite64(fd, in(page), 4096, 9000), 4096); /* still there */
		assert_int_equal(sys_close(fd), 0);
		nothing_lost();
	}
}

static void test_names(void **state)
{
	(void)state;
	remember();
	assert_int_equal(sys_mkdir(str("/tmp/d"), 0755), 0);
	assert_int_equal(sys_mkdir(str("/tmp/d/e"), 0755), 0);
	assert_int_equal(sys_mkdir(str("/tmp/x"), 0755), 0);
	assert_int_equal(sys_symlink(str("somewhere/else"), str("/tmp/d/l")), 0);
	assert_int_equal(sys_close(open_("/tmp/d/f", LINUX_O_CREAT)), 0);
	assert_int_equal(sys_link(str("/tmp/d/f"), str("/tmp/d/g")), 0);
	assert_int_equal(sys_rename(str("/tmp/d/g"), str("/tmp/d/f")), 0); /* the same file */
	assert_int_equal(sys_rename(str("/tmp/d/e"), str("/tmp/x")), 0);
	assert_int_equal(sys_rename(str("/tmp/d/f"), str("/tmp/d/l")), 0);
	/* a directory that is gone but somebody's working directory, and its parent too */
	assert_int_equal(sys_mkdir(str("/tmp/x/y"), 0755), 0);
	assert_int_equal(sys_chdir(str("/tmp/x/y")), 0);
	assert_int_equal(sys_rmdir(str("/tmp/x/y")), 0);
	assert_int_equal(sys_rmdir(str("/tmp/x")), 0);
	assert_int_equal(sys_getcwd(out(page), sizeof page), -ENOENT);
	assert_int_equal(open_("f", LINUX_O_CREAT), -ENOENT);
	assert_int_equal(sys_access(str("."), 0), 0);
	assert_int_equal(sys_access(str("../../d"), 0), 0);
	assert_int_equal(sys_chdir(str("/")), 0);
	assert_int_equal(sys_unlink(str("/tmp/d/g")), 0);
	assert_int_equal(sys_unlink(str("/tmp/d/l")), 0);
	assert_int_equal(sys_rmdir(str("/tmp/d")), 0);
	nothing_lost();
}

static void test_full(void **state)
{
	struct l64_statfs st;
	long wrote, total = 0;
	(void)state;
	remember();
	int fd = open_("/tmp/f", LINUX_O_RDWR | LINUX_O_CREAT);
	while ((wrote = sys_write(fd, in(page), sizeof page)) > 0)
		total += wrote;
	assert_int_equal(wrote, -ENOSPC);
	assert_int_equal(sys_statfs(str("/tmp"), (uout_statfs){ .a = (uaddr_t)&st }), 0);
	assert_int_equal(total, st.f_blocks * st.f_bsize);
	assert_int_equal(st.f_bfree, 0);
	assert_int_equal(sys_fallocate(fd, 0, total, 1), -ENOSPC);
	assert_int_equal(sys_close(fd), 0);
	assert_int_equal(sys_unlink(str("/tmp/f")), 0);
	nothing_lost();
}

/* ---- failing allocations ---- */

static long op_create(void)
{
	long fd = open_("/tmp/new", LINUX_O_CREAT | LINUX_O_RDWR);
	return fd < 0 ? fd : sys_close((int)fd);
}
static long op_mkdir(void)
{
	return sys_mkdir(str("/tmp/new"), 0755);
}
static long op_symlink(void)
{
	return sys_symlink(str("x"), str("/tmp/new"));
}
static long op_rename(void)
{
	return sys_rename(str("/tmp/a"), str("/tmp/new"));
}
static long op_link(void)
{
	return sys_link(str("/tmp/a"), str("/tmp/new"));
}
static long op_write(void)
{
	int fd = open_("/tmp/a", LINUX_O_RDWR);
	if (fd < 0)
		return fd;
	long r = sys_pwrite64(fd, in(page), 4096, 1ll << 40);
	long e = sys_close(fd);
	return r == 4096 ? e : r;
}
static long op_long_path(void)
{
	static char path[2000];
	memset(path, '/', sizeof path - 1);
	memcpy(path + 1980, "tmp/a", 6);
	return sys_access(str(path), 0);
}
static long op_list(void)
{
	int fd = open_("/tmp", LINUX_O_RDONLY);
	if (fd < 0)
		return fd;
	long r = sys_getdents64(fd, (uout_dirents64){ .a = (uaddr_t)page }, sizeof page);
	long e = sys_close(fd);
	return r < 0 ? r : e;
}
static long op_fd_link(void)
{
	long r = sys_readlink(str("/proc/self/fd/0"), out(page), 100);
	return r < 0 ? r : 0;
}
static long op_readv(void)
{
	const struct l64_iovec v[2] = { { (uaddr_t)page, 1 }, { (uaddr_t)page, 1 } };
	int fd = open_("/dev/zero", LINUX_O_RDONLY);
	if (fd < 0)
		return fd;
	long r = sys_readv(fd, (uin_iovec){ .a = (uaddr_t)v }, 2);
	long e = sys_close(fd);
	return r == 2 ? e : r;
}
static long op_poll(void)
{
	struct l64_pollfd p = { 1, LINUX_POLLOUT, 0 };
	long r = sys_poll((uinout_pollfd){ .a = (uaddr_t)&p }, 1, 0);
	return r == 1 ? 0 : r;
}
static long op_dup_far(void)
{
	long r = sys_dup2(0, 900);
	return r < 0 ? r : sys_close(900);
}

static void clean(void)
{
	fake_alloc_budget = -1;
	if (sys_access(str("/tmp/a"), 0))
		assert_int_equal(sys_rename(str("/tmp/new"), str("/tmp/a")), 0);
	if (sys_unlink(str("/tmp/new")) == -EISDIR)
		assert_int_equal(sys_rmdir(str("/tmp/new")), 0);
	assert_int_equal(sys_truncate(str("/tmp/a"), 0), 0);
}

static void test_no_memory(void **state)
{
	static long (*const ops[])(void) = { op_create,	 op_mkdir, op_symlink, op_rename,
					     op_link,	 op_write, op_list,    op_long_path,
					     op_fd_link, op_readv, op_poll,    op_dup_far };
	(void)state;
	op_dup_far();
	op_create();
	assert_int_equal(sys_rename(str("/tmp/new"), str("/tmp/a")), 0);
	remember();
	for (u32 n = 0; n < sizeof ops / sizeof *ops; n++) {
		long r = -ENOMEM;
		int budget = 0;
		for (; r; budget++) {
			fake_alloc_budget = budget;
			r = ops[n]();
			fake_alloc_budget = -1;
			if (r && r != -ENOMEM && r != -ENOSPC)
				fail_msg("op %u with %d allocations: %ld", n, budget, r);
			assert_true(budget < 50);
			clean();
			nothing_lost();
		}
	}
	assert_int_equal(sys_unlink(str("/tmp/a")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_no_memory),
	};
	return cmocka_run_group_tests(tests, boot, NULL);
}
