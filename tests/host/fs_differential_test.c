/* SPDX-License-Identifier: MIT */
/*
 * The handlers of sys/ against the host's own kernel: random calls are made on both, in a
 * fresh directory of a tmpfs and in ours, and must answer alike: results, errno, stat,
 * link texts, working directory, file contents. A failing run prints its seed and calls;
 * give the seed (and a count) as arguments to repeat it alone.
 *
 * Needs the right to chroot (root, or a user namespace); without it the test says so and
 * passes.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fake_kernel.h"
#include "gen/sysproto.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/path.h"

#define CLONE_NEWUSER 0x10000000 /* <sched.h> has a sched_yield that is not ours */
#define SEEDS 300
#define STEPS 1500
#define SLOTS 6

static u64 random_state;
static char log_text[STEPS][220];
static u32 log_count;
static u64 seed;

static u32 pick(u32 n)
{
	random_state = random_state * 6364136223846793005ull + 1442695040888963407ull;
	return (u32)(random_state >> 33) % n;
}

/* ---- paths ---- */

static const char *random_path(char *buf)
{
	static const char *const names[] = { "a", "b", "c", "d", "a", "b", "c", ".", "..", "e" };
	static char too_long[300];
	u32 parts = 1 + pick(3);
	char *p = buf;
	if (pick(200) == 0)
		return memset(too_long, 'x', 256);
	if (pick(100) == 0)
		return "";
	if (pick(3) == 0)
		*p++ = '/';
	for (u32 i = 0; i < parts; i++)
		p += sprintf(p, "%s%s", i ? pick(10) ? "/" : "//" : "",
			     names[pick(sizeof names / sizeof *names)]);
	if (pick(8) == 0)
		p = stpcpy(p, "/");
	*p = 0;
	return pick(100) ? buf : "/";
}

static uaddr_t addr(const void *p)
{
	return (uaddr_t)p;
}

/* ---- one call on both sides ---- */

struct both {
	long host, ours;
};

#define HOST(...)                               \
	({                                      \
		long r_ = syscall(__VA_ARGS__); \
		r_ < 0 ? -(long)errno : r_;     \
	})

static void report(const char *what)
{
	printf("seed %lu: %s\n", (unsigned long)seed, what);
	for (u32 i = log_count > 40 ? log_count - 40 : 0; i < log_count; i++)
		printf("  %s\n", log_text[i]);
	fflush(stdout);
	_exit(1);
}

static void compare(struct both r, bool exact)
{
	char text[100];
	bool same = r.host < 0 || r.ours < 0 || exact ? r.host == r.ours : true;
	if (same)
		return;
	snprintf(text, sizeof text, "host %ld, ours %ld after", r.host, r.ours);
	report(text);
}

static void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void note(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(log_text[log_count++], sizeof log_text[0], fmt, ap);
	va_end(ap);
}

/* ---- descriptors: the same slot on both sides ---- */

static struct both slots[SLOTS];

static void slot_close(u32 n)
{
	if (slots[n].host < 0)
		return;
	struct both r = { HOST(SYS_close, slots[n].host), sys_close((int)slots[n].ours) };
	slots[n].host = slots[n].ours = -1;
	compare(r, true);
}

static void compare_stat(long host, const struct stat *a, long ours, const struct l64_stat *b)
{
	compare((struct both){ host, ours }, true);
	if (host < 0)
		return;
	if (a->st_mode != b->st_mode || a->st_nlink != b->st_nlink)
		report("stat: mode or nlink differ after");
	if (!S_ISDIR(a->st_mode) && a->st_size != b->st_size)
		report("stat: size differs after");
	if (S_ISREG(a->st_mode) && a->st_blocks != b->st_blocks)
		report("stat: blocks differ after");
}

/* ---- calls on names ---- */

static void do_open(void)
{
	static const u32 bits[] = { O_CREAT,	 O_EXCL,     O_TRUNC,	 O_APPEND,
				    O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_PATH };
	char buf[100];
	const char *path = random_path(buf);
	u32 n = pick(SLOTS), flags = pick(3);
	for (u32 i = 0; i < sizeof bits / sizeof *bits; i++)
		flags |= pick(4) == 0 ? bits[i] : 0;
	if (flags & O_CREAT)
		flags &= ~(u32)O_DIRECTORY; /* kernels disagree with each other */
	slot_close(n);
	note("open(\"%s\", %#o) in slot %u", path, flags, n);
	slots[n].host = HOST(SYS_openat, AT_FDCWD, path, flags, 0644);
	slots[n].ours = sys_openat(AT_FDCWD, (ustr_t){ addr(path) }, flags, 0644);
	compare(slots[n], false);
	if (slots[n].host >= 0)
		compare((struct both){ HOST(SYS_fcntl, slots[n].host, F_GETFL),
				       sys_fcntl((int)slots[n].ours, F_GETFL, 0) },
			true);
}

static void do_two_paths(void)
{
	static const char *const names[] = { "link",   "linkat+follow",	      "rename",
					     "rename", "renameat2+noreplace", "renameat2+exchange",
					     "symlink" };
	char buf1[100], buf2[100];
	const char *a = random_path(buf1), *b = random_path(buf2);
	ustr_t ua = { addr(a) }, ub = { addr(b) };
	u32 which = pick(7);
	struct both r;
	note("%s(\"%s\", \"%s\")", names[which], a, b);
	switch (which) {
	case 0:
		r = (struct both){ HOST(SYS_link, a, b), sys_link(ua, ub) };
		break;
	case 1:
		r = (struct both){ HOST(SYS_linkat, AT_FDCWD, a, AT_FDCWD, b, AT_SYMLINK_FOLLOW),
				   sys_linkat(AT_FDCWD, ua, AT_FDCWD, ub, AT_SYMLINK_FOLLOW) };
		break;
	case 2:
	case 3:
		r = (struct both){ HOST(SYS_rename, a, b), sys_rename(ua, ub) };
		break;
	case 4:
	case 5:
		r = (struct both){ HOST(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, which - 3),
				   sys_renameat2(AT_FDCWD, ua, AT_FDCWD, ub, which - 3) };
		break;
	default:
		r = (struct both){ HOST(SYS_symlink, a, b), sys_symlink(ua, ub) };
	}
	compare(r, true);
}

static void do_one_path(void)
{
	static const char *const names[] = { "mkdir",	 "mkdir",  "rmdir", "unlink",
					     "unlink",	 "chdir",  "mknod", "chmod",
					     "truncate", "access", "creat", "lchown" };
	char buf[100];
	const char *path = random_path(buf);
	ustr_t u = { addr(path) };
	u32 which = pick(12), arg = pick(8);
	struct both r;
	note("%s(\"%s\", %u)", names[which], path, arg);
	switch (which) {
	case 0:
	case 1:
		r = (struct both){ HOST(SYS_mkdir, path, 0750 + arg), sys_mkdir(u, 0750 + arg) };
		break;
	case 2:
		r = (struct both){ HOST(SYS_rmdir, path), sys_rmdir(u) };
		break;
	case 3:
	case 4:
		r = (struct both){ HOST(SYS_unlink, path), sys_unlink(u) };
		break;
	case 5:
		r = (struct both){ HOST(SYS_chdir, path), sys_chdir(u) };
		break;
	case 6:
		r = (struct both){ HOST(SYS_mknod, path, S_IFREG | 0600, 0),
				   sys_mknod(u, S_IFREG | 0600, 0) };
		break;
	case 7:
		r = (struct both){ HOST(SYS_chmod, path, 0700 + arg), sys_chmod(u, 0700 + arg) };
		break;
	case 8:
		r = (struct both){ HOST(SYS_truncate, path, arg * 1000),
				   sys_truncate(u, arg * 1000) };
		break;
	case 9:
		r = (struct both){ HOST(SYS_access, path, arg), sys_access(u, arg) };
		break;
	case 10:
		r = (struct both){ HOST(SYS_mknod, path, S_IFSOCK | 0600, 0),
				   sys_mknod(u, S_IFSOCK | 0600, 0) };
		break;
	default:
		r = (struct both){ HOST(SYS_lchown, path, 1000, arg), sys_lchown(u, 1000, arg) };
	}
	compare(r, true);
}

static void do_stat(void)
{
	char buf[100];
	const char *path = random_path(buf);
	struct stat a;
	struct l64_stat b;
	u32 flags = (pick(2) ? AT_SYMLINK_NOFOLLOW : 0) | (pick(3) ? 0 : AT_EMPTY_PATH);
	u32 n = pick(SLOTS);
	int host_dir = pick(2) ? (int)slots[n].host : AT_FDCWD;
	int our_dir = host_dir == AT_FDCWD ? AT_FDCWD : (int)slots[n].ours;
	note("fstatat(slot %d, \"%s\", %#x)", host_dir == AT_FDCWD ? -1 : (int)n, path, flags);
	long host = HOST(SYS_newfstatat, host_dir, path, &a, flags);
	long ours = sys_newfstatat(our_dir, (ustr_t){ addr(path) }, (uout_stat){ .a = addr(&b) },
				   flags);
	compare_stat(host, &a, ours, &b);
}

static void do_readlink(void)
{
	char buf[100], a[200] = "", b[200] = "";
	const char *path = random_path(buf);
	u32 size = pick(5) ? 100 : pick(4);
	note("readlink(\"%s\", %u)", path, size);
	struct both r = { HOST(SYS_readlink, path, a, size),
			  sys_readlink((ustr_t){ addr(path) }, (uout_char){ .a = addr(b) }, size) };
	compare(r, true);
	if (strcmp(a, b))
		report("link texts differ after");
}

static void do_getcwd(void)
{
	char a[200] = "", b[200] = "";
	u32 size = pick(4) ? 200 : pick(6);
	note("getcwd(%u)", size);
	struct both r = { HOST(SYS_getcwd, a, size),
			  sys_getcwd((uout_char){ .a = addr(b) }, size) };
	compare(r, true);
	if (r.host > 0 && strcmp(a, b))
		report("working directories differ after");
}

static u64 hash_names(const char *buf, long n, u64 sum)
{
	for (long at = 0; at < n;) {
		const struct l64_dirent64 *d = (const void *)(buf + at);
		u64 h = 1469598103934665603ull + d->d_type;
		for (const char *p = d->d_name; *p; p++)
			h = (h ^ (u8)*p) * 1099511628211ull;
		sum += h; /* order does not count */
		at += d->d_reclen;
	}
	return sum;
}

static void do_list(void)
{
	u32 n = pick(SLOTS), size = 30 + pick(60);
	char a[200] __attribute__((aligned(8))), b[200] __attribute__((aligned(8)));
	u64 sum_a = 0, sum_b = 0;
	long host, ours;
	note("list slot %u by %u", n, size);
	compare((struct both){ HOST(SYS_lseek, slots[n].host, 0, SEEK_SET),
			       sys_lseek((int)slots[n].ours, 0, SEEK_SET) },
		true);
	do {
		host = HOST(SYS_getdents64, slots[n].host, a, size);
		sum_a = hash_names(a, host, sum_a);
	} while (host > 0);
	do {
		ours = sys_getdents64((int)slots[n].ours, (uout_dirents64){ .a = addr(b) }, size);
		sum_b = hash_names(b, ours, sum_b);
	} while (ours > 0);
	compare((struct both){ host, ours }, true);
	if (sum_a != sum_b)
		report("entries differ after");
}

/* ---- calls on bytes ---- */

static char data[70000], back_a[70000], back_b[70000];

static void do_write(void)
{
	u32 n = pick(SLOTS), len = pick(3) ? pick(100) : pick(20000), at = pick(40000);
	u32 from = pick(1000);
	bool here = pick(2);
	note("%s slot %u, %u bytes at %u", here ? "write" : "pwrite", n, len, at);
	if (here)
		compare((struct both){ HOST(SYS_write, slots[n].host, data + from, len),
				       sys_write((int)slots[n].ours,
						 (uin_char){ .a = addr(data + from) }, len) },
			true);
	else
		compare((struct both){ HOST(SYS_pwrite64, slots[n].host, data + from, len, at),
				       sys_pwrite64((int)slots[n].ours,
						    (uin_char){ .a = addr(data + from) }, len,
						    at) },
			true);
}

static void do_read(void)
{
	u32 n = pick(SLOTS), len = pick(3) ? pick(100) : pick(60000), at = pick(40000);
	struct both r;
	bool here = pick(2);
	note("%s slot %u, %u bytes at %u", here ? "read" : "pread", n, len, at);
	if (here)
		r = (struct both){ HOST(SYS_read, slots[n].host, back_a, len),
				   sys_read((int)slots[n].ours, (uout_char){ .a = addr(back_b) },
					    len) };
	else
		r = (struct both){ HOST(SYS_pread64, slots[n].host, back_a, len, at),
				   sys_pread64((int)slots[n].ours, (uout_char){ .a = addr(back_b) },
					       len, at) };
	compare(r, true);
	if (r.host > 0 && memcmp(back_a, back_b, (u64)r.host))
		report("contents differ after");
}

/* Runs with fallocate, and runs with SEEK_DATA and SEEK_HOLE. */
static bool reserves(void)
{
	return seed % 2;
}

static void do_seek(void)
{
	u32 n = pick(SLOTS), whence = pick(6);
	s64 off = (s64)pick(50000) - 10000;
	struct stat st;
	/* tmpfs calls memory that was reserved but not written a hole; we do not remember which. */
	if (whence > SEEK_END && reserves())
		return;
	/* Positions in a directory mean nothing elsewhere. */
	if (slots[n].host >= 0 && !fstat((int)slots[n].host, &st) && S_ISDIR(st.st_mode))
		return;
	note("lseek(slot %u, %ld, %u)", n, (long)off, whence);
	compare((struct both){ HOST(SYS_lseek, slots[n].host, off, whence),
			       sys_lseek((int)slots[n].ours, off, whence) },
		true);
}

static void do_size(void)
{
	static const int modes[] = { 0, FALLOC_FL_KEEP_SIZE,
				     FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE };
	u32 n = pick(SLOTS), which = pick(4);
	s64 at = (s64)pick(40000) - 100, len = (s64)pick(20000) - 20;
	if (which < 2 && !reserves())
		return;
	note("%s(slot %u, %ld, %ld)", which == 3 ? "ftruncate" : "fallocate", n, (long)at,
	     (long)len);
	if (which == 3)
		compare((struct both){ HOST(SYS_ftruncate, slots[n].host, at),
				       sys_ftruncate((int)slots[n].ours, at) },
			true);
	else
		compare((struct both){ HOST(SYS_fallocate, slots[n].host, modes[which], at, len),
				       sys_fallocate((int)slots[n].ours, modes[which], at, len) },
			true);
}

static void do_fd(void)
{
	u32 n = pick(SLOTS), which = pick(4);
	struct stat a;
	struct l64_stat b;
	int h = (int)slots[n].host, o = (int)slots[n].ours;
	note("fd call %u on slot %u", which, n);
	switch (which) {
	case 0: {
		long host = HOST(SYS_fstat, h, &a);
		compare_stat(host, &a, sys_fstat(o, (uout_stat){ .a = addr(&b) }), &b);
		break;
	}
	case 1:
		compare((struct both){ HOST(SYS_fchdir, h), sys_fchdir(o) }, true);
		break;
	case 2:
		compare((struct both){ HOST(SYS_fsync, h), sys_fsync(o) }, true);
		break;
	default:
		compare((struct both){ HOST(SYS_fchmod, h, 0640), sys_fchmod(o, 0640) }, true);
	}
}

/* What sendfile does inside one file depends on the kernel's chunk size: not compared. */
static bool same_file(u32 a, u32 b)
{
	struct stat st, st2;
	return slots[a].host >= 0 && slots[b].host >= 0 && !fstat((int)slots[a].host, &st) &&
	       !fstat((int)slots[b].host, &st2) && st.st_ino == st2.st_ino;
}

static void do_copy(void)
{
	u32 from = pick(SLOTS), to = pick(SLOTS), n = pick(3) ? pick(3000) : pick(50000);
	bool sendfile = pick(2) && !same_file(from, to);
	uinout_loff none = { .a = 0 };
	struct stat st;
	if (slots[from].host >= 0 && !fstat((int)slots[from].host, &st) && !S_ISREG(st.st_mode))
		return; /* kernels differ in what else they copy from */
	note("%s slot %u to slot %u, %u bytes", sendfile ? "sendfile" : "copy_file_range", from, to,
	     n);
	if (from == to)
		return;
	if (sendfile)
		compare(
			(struct both){
				HOST(SYS_sendfile, slots[to].host, slots[from].host, NULL, n),
				sys_sendfile((int)slots[to].ours, (int)slots[from].ours, none, n) },
			true);
	else
		compare((struct both){ HOST(SYS_copy_file_range, slots[from].host, NULL,
					    slots[to].host, NULL, n, 0),
				       sys_copy_file_range((int)slots[from].ours, none,
							   (int)slots[to].ours, none, n, 0) },
			true);
}

/* ---- a run ---- */

static void step(void)
{
	static void (*const calls[])(void) = { do_open,	    do_open,	 do_two_paths, do_two_paths,
					       do_one_path, do_one_path, do_one_path,  do_stat,
					       do_readlink, do_getcwd,	 do_list,      do_write,
					       do_write,    do_read,	 do_seek,      do_size,
					       do_fd,	    do_copy };
	calls[pick(sizeof calls / sizeof *calls)]();
}

/* Our side starts in a directory of its own, which is its root. */
static void enter_ours(const char *name)
{
	struct fs_context *fs = current_fs();
	struct walk w;
	if (sys_mkdir((ustr_t){ addr(name) }, 0755) || path_find(fs, NULL, name, WALK_FOLLOW, &w))
		abort();
	inode_unref(fs->root);
	inode_unref(fs->cwd);
	fs->root = inode_ref(w.inode);
	fs->cwd = inode_ref(w.inode);
	walk_end(&w);
}

static void run(u64 which)
{
	char name[40];
	seed = which;
	random_state = which * 0x9e3779b97f4a7c15ull + 1;
	log_count = 0;
	snprintf(name, sizeof name, "/tmp/run%lu", (unsigned long)which);
	enter_ours(name);
	snprintf(name, sizeof name, "/run%lu", (unsigned long)which);
	if (mkdir(name, 0755) || chroot(name) || chdir("/"))
		abort();
	for (u32 i = 0; i < SLOTS; i++)
		slots[i].host = slots[i].ours = -1;
	while (log_count < STEPS)
		step();
	for (u32 i = 0; i < SLOTS; i++)
		slot_close(i);
}

/* Out of the run's root again, on both sides. */
static void leave(int host_root)
{
	struct fs_context *fs = current_fs();
	if (fchdir(host_root) || chroot("."))
		abort();
	inode_unref(fs->root);
	inode_unref(fs->cwd);
	fs->root = inode_ref(fs_root());
	fs->cwd = inode_ref(fs_root());
}

static bool enter_host(void)
{
	static char dir[] = "/dev/shm/lstarXXXXXX";
	if (geteuid() != 0 && syscall(SYS_unshare, CLONE_NEWUSER))
		return false;
	return mkdtemp(dir) && chdir(dir) == 0 && chroot(".") == 0;
}

int main(int argc, char **argv)
{
	for (u32 i = 0; i < sizeof data; i++)
		data[i] = (char)(i * 7 + i / 251);
	if (!enter_host()) {
		printf("skipped: no right to chroot\n");
		return 0;
	}
	umask(022);
	fake_boot(NULL, 0, NULL);
	int host_root = open("/", O_PATH | O_DIRECTORY);
	u64 first = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	u64 count = argc > 2 ? strtoull(argv[2], NULL, 0) : argc > 1 ? 1 : SEEDS;
	for (u64 s = first; s < first + count; s++) {
		run(s);
		leave(host_root);
	}
	fake_shutdown();
	printf("%lu runs of %d calls alike\n", (unsigned long)count, STEPS);
	fflush(stdout);
	_exit(0); /* the leak checker needs the /proc that chroot has hidden */
}
