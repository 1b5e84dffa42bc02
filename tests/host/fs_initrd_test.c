/* SPDX-License-Identifier: MIT */
/*
 * kernel/fs/initrd.c and what is mounted over it: every type of entry, missing
 * directories, hard links, pages used in place, read-only, and archives that are refused.
 */
#include "check.h"

#include <stdlib.h>

#include "calls.h"
#include "cpio_build.h"
#include "kernel/fs/initrd.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/vfs.h"
#include "kernel/mm/page.h"

static struct archive a;
static char big[10000];

static void file(const char *name, const char *text)
{
	archive_add(&a, (struct archive_entry){ .name = name,
						.mode = 0100644,
						.mtime = 1000,
						.data = text,
						.len = (u32)strlen(text) });
}

static int boot(void **state)
{
	(void)state;
	for (u32 i = 0; i < sizeof big; i++)
		big[i] = (char)(i % 251);
	file(".lstar", "exec=/bin/x");
	archive_add(&a, (struct archive_entry){ .name = ".", .mode = 040700, .mtime = 5 });
	archive_add(&a, (struct archive_entry){ .name = "etc", .mode = 040750, .mtime = 123 });
	file("etc/motd", "hello");
	file("./etc//deep/er/x", "deep");
	archive_add(&a, (struct archive_entry){ .name = "bin/big",
						.mode = 0100755,
						.data = big,
						.len = 10000,
						.align = 4096 });
	archive_add(&a, (struct archive_entry){
				.name = "lib", .mode = 0120777, .data = "etc/deep", .len = 8 });
	file("lib/through", "link");
	archive_add(&a,
		    (struct archive_entry){ .name = "one", .mode = 0100600, .ino = 9, .nlink = 2 });
	archive_add(&a, (struct archive_entry){ .name = "two",
						.mode = 0100600,
						.ino = 9,
						.nlink = 2,
						.data = "2",
						.len = 1 });
	archive_add(&a, (struct archive_entry){
				.name = "null", .mode = 020666, .rdev_major = 1, .rdev_minor = 3 });
	archive_add(&a, (struct archive_entry){ .name = "tmp/given",
						.mode = 0100644,
						.data = big,
						.len = 9000,
						.align = 4096 });
	file("dev/hidden", "x");
	file("twice", "first");
	file("twice", "second");
	archive_end(&a);
	fake_boot(a.bytes, a.len, NULL);
	return 0;
}

static void contents(const char *path, const char *want, u64 n)
{
	static char buf[20000];
	int fd = open_(path, LINUX_O_RDONLY);
	assert_true(fd >= 0);
	assert_int_equal(sys_read(fd, out(buf), sizeof buf), n);
	assert_memory_equal(buf, want, n);
	assert_int_equal(sys_close(fd), 0);
}

static void test_tree(void **state)
{
	const char *bytes;
	u64 len;
	(void)state;
	initrd_config(&bytes, &len);
	assert_int_equal(len, 11);
	assert_memory_equal(bytes, "exec=/bin/x", 11);
	assert_int_equal(sys_access(str("/.lstar"), 0), -ENOENT);
	contents("/etc/motd", "hello", 5);
	contents("/etc/deep/er/x", "deep", 4);
	contents("/lib/through", "link", 4);
	contents("/etc/deep/through", "link", 4);
	contents("/one", "2", 1);
	contents("/two", "2", 1);
	contents("/twice", "second", 6);
	assert_int_equal(stat_("/one").st_ino, stat_("/two").st_ino);
	assert_int_equal(stat_("/one").st_nlink, 2);
	assert_int_equal(stat_("/etc").st_mode, 040750);
	assert_int_equal(stat_("/etc").st_mtim.tv_sec, 123);
	assert_int_equal(stat_("/etc/deep").st_mode, 040755);
	assert_int_equal(stat_("/").st_mode, 040700);
	assert_int_equal(stat_("/etc/motd").st_mtim.tv_sec, 1000);
	assert_int_equal(stat_("/null").st_rdev, 0x103);
	assert_int_equal(stat_("/bin/big").st_mode, 0100755);
	assert_int_equal(sys_access(str("/dev/hidden"), 0), -ENOENT);
}

static void test_in_place(void **state)
{
	struct vmobj *obj;
	struct page *pg;
	(void)state;
	contents("/bin/big", big, sizeof big);
	assert_int_equal(vfs_open_exec(current_fs(), "/bin/big", &obj), 0);
	assert_int_equal(obj->ops->page_get(obj, 1, false, &pg), 0);
	/* in the archive itself */
	assert_true((u8 *)page_kva(pg) < fake_ram + a.len);
	assert_memory_equal(page_kva(pg), big + 4096, 4096);
	page_unref(pg);
	/* the last page is a copy, with zeros where the archive has its next header */
	assert_int_equal(obj->ops->page_get(obj, 2, false, &pg), 0);
	assert_true((u8 *)page_kva(pg) > fake_ram + a.len);
	assert_memory_equal(page_kva(pg), big + 8192, 10000 - 8192);
	for (u32 i = 10000 - 8192; i < 4096; i++)
		assert_int_equal(((u8 *)page_kva(pg))[i], 0);
	page_unref(pg);
	assert_int_equal(obj->ops->page_get(obj, 3, false, &pg), -ENXIO);
	/* a writer gets a page of his own */
	assert_int_equal(obj->ops->page_get(obj, 0, true, &pg), 0);
	assert_true((u8 *)page_kva(pg) > fake_ram + a.len);
	assert_memory_equal(page_kva(pg), big, 4096);
	page_unref(pg);
	vmobj_unref(obj);
	assert_int_equal(vfs_open_exec(current_fs(), "/etc/motd", &obj), -EACCES);
	assert_int_equal(vfs_open_exec(current_fs(), "/etc", &obj), -EACCES);
	assert_int_equal(vfs_open_exec(current_fs(), "/nothing", &obj), -ENOENT);
}

static void test_read_only(void **state)
{
	(void)state;
	assert_int_equal(open_("/etc/motd", LINUX_O_WRONLY), -EROFS);
	assert_int_equal(open_("/etc/motd", LINUX_O_RDONLY | LINUX_O_TRUNC), -EROFS);
	assert_int_equal(open_("/etc/new", LINUX_O_RDWR | LINUX_O_CREAT), -EROFS);
	assert_true(open_("/etc/motd", LINUX_O_RDONLY | LINUX_O_CREAT) >= 0);
	assert_int_equal(sys_mkdir(str("/etc/d"), 0755), -EROFS);
	assert_int_equal(sys_mkdir(str("/etc"), 0755), -EEXIST);
	assert_int_equal(sys_unlink(str("/etc/motd")), -EROFS);
	assert_int_equal(sys_unlink(str("/etc/none")), -EROFS);
	assert_int_equal(sys_rmdir(str("/etc")), -EROFS);
	assert_int_equal(sys_rmdir(str("/tmp")), -EROFS);
	assert_int_equal(sys_rename(str("/one"), str("/three")), -EROFS);
	assert_int_equal(sys_rename(str("/one"), str("/tmp/three")), -EXDEV);
	assert_int_equal(sys_link(str("/one"), str("/tmp/three")), -EXDEV);
	assert_int_equal(sys_truncate(str("/one"), 0), -EROFS);
	assert_int_equal(sys_chmod(str("/one"), 0), -EROFS);
	assert_int_equal(sys_chown(str("/one"), 1, 1), -EROFS);
	assert_int_equal(sys_access(str("/one"), LINUX_W_OK), -EROFS);
	assert_int_equal(sys_access(str("/null"), LINUX_W_OK), 0);
	assert_int_equal(sys_utimes(str("/one"), (uin_timeval){ .a = 0 }), -EROFS);
	/* a device on it can be written */
	int fd = open_("/null", LINUX_O_WRONLY);
	assert_int_equal(sys_write(fd, in("x"), 1), 1);
}

/* What the archive has in /tmp lies in the tmpfs: it can be changed, the archive cannot. */
static void test_writable(void **state)
{
	static char copy[sizeof a.bytes];
	char buf[10];
	(void)state;
	memcpy(copy, fake_ram, a.len);
	assert_int_equal(stat_("/tmp/given").st_dev, stat_("/tmp").st_dev);
	int fd = open_("/tmp/given", LINUX_O_RDWR);
	assert_int_equal(sys_pwrite64(fd, in("changed"), 7, 4090), 7);
	assert_int_equal(sys_pread64(fd, out(buf), 9, 4089), 9);
	assert_memory_equal(buf + 1, "changed", 7);
	assert_int_equal(buf[0], big[4089]);
	assert_int_equal(buf[8], big[4097]);
	assert_int_equal(sys_fallocate(fd, 3, 100, 5000), 0);
	assert_int_equal(sys_pread64(fd, out(buf), 3, 99), 3);
	assert_true(buf[0] == big[99] && buf[1] == 0);
	assert_int_equal(sys_ftruncate(fd, 10), 0);
	assert_int_equal(sys_ftruncate(fd, 9000), 0);
	assert_int_equal(sys_pread64(fd, out(buf), 3, 9), 3);
	assert_true(buf[0] == big[9] && buf[1] == 0);
	assert_int_equal(sys_pread64(fd, out(buf), 3, 5000), 3);
	assert_int_equal(buf[0], 0);
	assert_memory_equal(fake_ram, copy, a.len);
	assert_int_equal(sys_unlink(str("/tmp/given")), 0);
	assert_int_equal(sys_close(fd), 0);
}

static void test_mounts(void **state)
{
	char buf[100];
	(void)state;
	assert_int_equal(stat_("/tmp").st_mode, 041777);
	assert_int_not_equal(stat_("/tmp").st_dev, stat_("/").st_dev);
	assert_int_equal(sys_chdir(str("/tmp/..//tmp/../etc/../tmp/.")), 0);
	assert_int_equal(sys_getcwd(out(buf), sizeof buf), 5);
	assert_string_equal(buf, "/tmp");
	assert_int_equal(sys_chdir(str("..")), 0);
	assert_int_equal(sys_getcwd(out(buf), 2), 2);
	assert_string_equal(buf, "/");
	assert_int_equal(sys_getcwd(out(buf), 1), -ERANGE);
	struct fs_context *fs;
	assert_int_equal(fs_context_new("/lib/made/here", &fs), 0);
	u64 len;
	assert_int_equal(vfs_getcwd(fs, buf, sizeof buf, &len), 0);
	assert_string_equal(buf, "/etc/deep/made/here");
	fs_context_unref(fs);
	assert_int_equal(fs_context_new("/etc/motd/x", &fs), -ENOTDIR);
	assert_int_equal(vfs_resolve(current_fs(), "lib/../deep/./through", buf, sizeof buf), 0);
	assert_string_equal(buf, "/etc/deep/through");
}

/* ---- archives that must be refused, with a reason ---- */

static void refuse(struct archive_entry e1, struct archive_entry e2)
{
	static struct archive bad;
	const char *why = NULL;
	bad.len = 0;
	archive_add(&bad, e1);
	archive_add(&bad, e2);
	archive_end(&bad);
	memcpy(fake_ram + (8 << 20), bad.bytes, bad.len);
	assert_int_equal(fs_init(), 0);
	assert_true(initrd_unpack(8 << 20, bad.len, &why) < 0);
	assert_non_null(why);
}

static void test_refused(void **state)
{
	static char name[300];
	const struct archive_entry f = { .name = "f", .mode = 0100644 };
	const struct archive_entry d = { .name = "f", .mode = 040755 };
	(void)state;
	memset(name, 'n', 256);
	refuse(f, d);
	refuse(d, f);
	refuse(f, (struct archive_entry){ .name = "f/x", .mode = 0100644 });
	refuse(f, (struct archive_entry){ .name = name, .mode = 0100644 });
	refuse(f, (struct archive_entry){ .name = "x/..", .mode = 0100644 });
	refuse(f, (struct archive_entry){ .name = "///", .mode = 0100644 });
	refuse(f, (struct archive_entry){ .name = "t", .mode = 0170644 });
	refuse(f, (struct archive_entry){ .name = "l", .mode = 0120777 });
	refuse(f, (struct archive_entry){ .name = "l", .mode = 0120777, .data = "a\0b", .len = 3 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),	  cmocka_unit_test(test_in_place),
		cmocka_unit_test(test_read_only), cmocka_unit_test(test_mounts),
		cmocka_unit_test(test_writable),  cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, boot, NULL);
}
