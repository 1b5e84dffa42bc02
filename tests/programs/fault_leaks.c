/* SPDX-License-Identifier: MIT */
/*
 * Nothing of the kernel's, or of anybody's past, may come out: padding of structures the
 * kernel fills, memory given for the first time, memory given back and given again, the tail
 * of the program's own last pages. Security rows 19 and 24, errata E12.
 */
#include "fault.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <time.h>

static unsigned char first[8192], second[8192];

/* A kernel-half address in an aligned word: what no structure may hold. */
static int holds_kernel_address(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i + 8 <= n; i += 8) {
		uint64_t v;
		memcpy(&v, p + i, 8);
		if (v >= 0xffff800000000000ul && v < 0xffffffffffff0000ul)
			return 1;
	}
	return 0;
}

/*
 * Makes the same call into a buffer of 0xa5 and one of 0x5a. A byte the kernel does not write
 * differs between the two in exactly that way; `size` bytes must be written, none beyond.
 */
static void filled(const char *what, long nr, long a, int index, long b, long c, size_t size)
{
	long args[2][4], r[2];
	size_t holes = 0, beyond = 0;

	memset(first, 0xa5, sizeof first);
	memset(second, 0x5a, sizeof second);
	for (int i = 0; i < 2; i++) {
		long rest[3] = { a, b, c };
		for (int n = 0, from = 0; n < 4; n++)
			args[i][n] = n == index ? (long)(i ? second : first) : rest[from++ % 3];
		register long r10 __asm__("r10") = args[i][3];
		__asm__ volatile("syscall"
				 : "=a"(r[i])
				 : "0"(nr), "D"(args[i][0]), "S"(args[i][1]), "d"(args[i][2]),
				   "r"(r10)
				 : "rcx", "r11", "memory");
	}
	for (size_t i = 0; i < sizeof first; i++) {
		int untouched = first[i] == 0xa5 && second[i] == 0x5a;
		holes += i < size && untouched;
		beyond += i >= size && !untouched;
	}
	printf("%s: %s, %zu bytes not written, %zu beyond, %s\n", what,
	       r[0] >= 0 && r[1] >= 0 ? "ok" : "FAIL", holes, beyond,
	       holds_kernel_address(first, size) ? "FAIL kernel address" : "clean");
	check_failures +=
		r[0] < 0 || r[1] < 0 || holes || beyond || holds_kernel_address(first, size);
}

static void structures(void)
{
	int fd = open("/dev/null", O_RDONLY);

	filled("uname", SYS_uname, 0, 0, 0, 0, sizeof(struct utsname));
	filled("fstat", SYS_fstat, fd, 1, 0, 0, sizeof(struct stat));
	filled("stat", SYS_stat, (long)"/", 1, 0, 0, sizeof(struct stat));
	filled("statfs", SYS_statfs, (long)"/tmp", 1, 0, 0, sizeof(struct statfs));
	filled("rusage", SYS_getrusage, 0, 1, 0, 0, sizeof(struct rusage));
	filled("rlimit", SYS_getrlimit, RLIMIT_STACK, 1, 0, 0, sizeof(struct rlimit));
	filled("timespec", SYS_clock_gettime, CLOCK_MONOTONIC, 1, 0, 0, sizeof(struct timespec));
	filled("resolution", SYS_clock_getres, CLOCK_MONOTONIC, 1, 0, 0, sizeof(struct timespec));
	filled("times", SYS_times, 0, 0, 0, 0, sizeof(struct tms));
	filled("timeval", SYS_gettimeofday, 0, 0, 0, 0, 16);
	struct sysinfo info;
	filled("sysinfo", SYS_sysinfo, 0, 0, 0, 0, sizeof info);
}

/* Five arguments, so by hand: statx with everything asked for. */
static void statx_structure(void)
{
	memset(first, 0xa5, sizeof first);
	memset(second, 0x5a, sizeof second);
	CHECK(statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, (struct statx *)first) == 0);
	CHECK(statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, (struct statx *)second) == 0);
	size_t holes = 0;
	for (size_t i = 0; i < sizeof(struct statx); i++)
		holes += first[i] == 0xa5 && second[i] == 0x5a;
	CHECK(holes == 0 && first[sizeof(struct statx)] == 0xa5);
	CHECK(!holds_kernel_address(first, sizeof(struct statx)));
}

/* Between the records of getdents64 there is padding: it may stay as it was, or be zero. */
static void directory_entries(void)
{
	int fd = open("/dev", O_RDONLY | O_DIRECTORY);
	int dirty = 0;

	memset(first, 0xa5, sizeof first);
	long n = syscall(SYS_getdents64, fd, first, sizeof first);
	NEED(n > 0);
	for (long at = 0; at < n;) {
		struct dirent64 *e = (void *)(first + at);
		unsigned char *p = (unsigned char *)e->d_name + strlen(e->d_name) + 1,
			      *end = first + at + e->d_reclen;
		for (; p < end; p++)
			dirty |= *p != 0xa5 && *p != 0;
		at += e->d_reclen;
	}
	CHECK(dirty == 0);
	CHECK(first[n] == 0xa5);
}

static long nonzero(const unsigned char *p, size_t n)
{
	long count = 0;

	for (size_t i = 0; i < n; i++)
		count += p[i] != 0;
	return count;
}

/* Memory as it comes, and as it comes back after being written, given back and asked for again. */
static void fresh_memory(void)
{
	for (int round = 0; round < 4; round++) {
		size_t pages = 4000;
		unsigned char *p = map_pages(pages, PROT_READ | PROT_WRITE);
		if (nonzero(p, pages * PAGE)) {
			printf("FAIL %ld dirty bytes in round %d\n", nonzero(p, pages * PAGE),
			       round);
			check_failures++;
		}
		memset(p, 0xdb, pages * PAGE);
		if (round % 2 == 0)
			munmap(p, pages * PAGE);
		else
			CHECK(madvise(p, pages * PAGE, MADV_DONTNEED) == 0 &&
			      nonzero(p, pages * PAGE) == 0);
	}
	unsigned char *heap = sbrk(1 << 20);
	NEED(heap != (void *)-1);
	memset(heap, 0xdb, 1 << 20);
	CHECK(sbrk(-(1 << 20)) != (void *)-1 && sbrk(1 << 20) == heap);
	unsigned char *whole = (unsigned char *)(((uintptr_t)heap + PAGE - 1) & -PAGE);
	CHECK(nonzero(whole, heap + (1 << 20) - whole - PAGE) == 0);
}

/* The stack below what is in use, and the ends of the pages that hold data and bss. */
extern char end[], edata[];
static void program_image(void)
{
	volatile unsigned char here;
	unsigned char *low = (unsigned char *)((uintptr_t)&here & -PAGE) - 40 * PAGE;

	CHECK(nonzero(low, 30 * PAGE) == 0);
	unsigned char *tail = (unsigned char *)end,
		      *page_end = (unsigned char *)(((uintptr_t)end + PAGE - 1) & -PAGE);
	CHECK(nonzero(tail, page_end - tail) == 0);
}

/* A file made longer reads as zeros even where memory was dirty before. */
static void file_holes(void)
{
	char path[] = "/tmp/lstar-leak-XXXXXX";
	static unsigned char dirt[64 * 1024];
	int fd = mkstemp(path);

	NEED(fd >= 0);
	memset(dirt, 0xdb, sizeof dirt);
	CHECK(write(fd, dirt, sizeof dirt) == sizeof dirt && ftruncate(fd, 100) == 0 &&
	      ftruncate(fd, sizeof dirt) == 0);
	CHECK(pread(fd, dirt, sizeof dirt, 0) == sizeof dirt &&
	      nonzero(dirt + 100, sizeof dirt - 100) == 0 && dirt[99] == 0xdb);
	CHECK(ftruncate(fd, 0) == 0 && pwrite(fd, "x", 1, 50000) == 1);
	CHECK(pread(fd, dirt, sizeof dirt, 0) == 50001 && nonzero(dirt, 50000) == 0);
	close(fd);
	unlink(path);
}

static const struct fault_case cases[] = {
	{ "structures", structures, LIVES, "=" },
	{ "statx", statx_structure, LIVES, "=" },
	{ "directory-entries", directory_entries, LIVES, "=" },
	{ "fresh-memory", fresh_memory, LIVES, "=" },
	{ "program-image", program_image, LIVES, "=" },
	{ "file-holes", file_holes, LIVES, "=" },
};

FAULT_MAIN(cases)
