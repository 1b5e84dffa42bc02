/* SPDX-License-Identifier: MIT */
/*
 * Takes all there is of something, in a small guest: memory, page tables, mappings, files,
 * descriptors. The program gets an error or is killed; the kernel goes on and, where the
 * program survives, what was given back can be had again. Security row 33. Not for the host.
 */
#include "fault.h"

#include <fcntl.h>
#include <sys/stat.h>

#define KILLED "137"

/* Reserves far more than the machine has and touches it until somebody says stop. */
static void touch_all(void)
{
	size_t size = 1ul << 34;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return; /* refused at once: right as well */
	for (size_t at = 0; at < size; at += PAGE)
		p[at] = 1;
}

/* One page in every 2 MiB: page tables take as much as the pages. */
static void sparse(void)
{
	size_t size = 1ul << 40;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return;
	for (size_t at = 0; at < size; at += 2ul << 20)
		p[at] = 1;
}

/* Populated in the kernel, by a read into untouched memory. */
static void touch_by_read(void)
{
	size_t size = 1ul << 34;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int zero = open("/dev/zero", O_RDONLY);

	if (p == MAP_FAILED)
		return;
	for (size_t at = 0; at < size; at += 1 << 20)
		if (read(zero, p + at, 1 << 20) < 0)
			return;
}

/* Single pages of alternating protection: a record each, until ENOMEM. */
static void mappings(void)
{
	size_t pages = 400000, made;
	char *p = mmap(NULL, pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		       -1, 0);

	if (p == MAP_FAILED)
		return;
	for (made = 0; made < pages; made += 2)
		if (mprotect(p + made * PAGE, PAGE, PROT_READ))
			break;
	CHECK(made < pages && errno == ENOMEM);
	CHECK(munmap(p, pages * PAGE) == 0);
	p = map_pages(100, PROT_READ | PROT_WRITE);
	memset(p, 1, 100 * PAGE);
	CHECK(p[99 * PAGE] == 1);
}

static void grow_break(void)
{
	unsigned long step = 1 << 20, got = 0;

	while (sbrk(step) != (void *)-1 && got < 1ul << 34) {
		memset((char *)sbrk(0) - step, 1, step);
		got += step;
	}
	CHECK(errno == ENOMEM);
}

/* Fills /tmp, makes room, and uses it. */
static void fill_tmp(void)
{
	static char block[1 << 16];
	int fd = open("/tmp/full", O_CREAT | O_RDWR, 0600);
	long total = 0, n;

	NEED(fd >= 0);
	memset(block, 1, sizeof block);
	while ((n = write(fd, block, sizeof block)) > 0)
		total += n;
	CHECK(n == -1 && (errno == ENOSPC || errno == ENOMEM) && total > 1 << 20);
	CHECK(ftruncate(fd, 0) == 0);
	long again = 0;
	while ((n = write(fd, block, sizeof block)) > 0 && again < total - (1 << 20))
		again += n;
	CHECK(again >= total - (1 << 20));
	close(fd);
	CHECK(unlink("/tmp/full") == 0);
}

/* Empty files until there is no room for one more name. */
static void many_files(void)
{
	char name[64];
	long made = 0;

	for (; made < 2000000; made++) {
		snprintf(name, sizeof name, "/tmp/a-rather-long-name-for-an-empty-file-%ld", made);
		int fd = open(name, O_CREAT | O_WRONLY, 0600);
		if (fd < 0)
			break;
		close(fd);
	}
	CHECK(made > 1000 && made < 2000000 && (errno == ENOSPC || errno == ENOMEM));
	CHECK(unlink(name) == -1);
	for (long i = 0; i < made; i++) {
		snprintf(name, sizeof name, "/tmp/a-rather-long-name-for-an-empty-file-%ld", i);
		if (unlink(name))
			NEED(!"removed again");
	}
	CHECK(open("/tmp/one", O_CREAT | O_WRONLY, 0600) >= 0);
}

/* Directories in directories, by relative names. */
static void deep_tree(void)
{
	long depth = 0;

	NEED(chdir("/tmp") == 0);
	while (depth < 100000 && mkdir("d", 0700) == 0 && chdir("d") == 0)
		depth++;
	CHECK(depth > 500);
	char path[100];
	CHECK(getcwd(path, sizeof path) == NULL);
	while (depth > 0 && chdir("..") == 0 && rmdir("d") == 0)
		depth--;
	CHECK(depth == 0);
}

static void descriptors(void)
{
	long made = 0;

	while (made < 10000000 && dup(1) >= 0)
		made++;
	CHECK(made < 10000000 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM));
	CHECK(syscall(SYS_close_range, 3, ~0u, 0) == 0 && dup(1) == 3);
}

/* The same address space filled and emptied many times: nothing may be lost on the way. */
static void no_leak(void)
{
	for (int i = 0; i < 60; i++) {
		char *p = mmap(NULL, 1ul << 30, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p == MAP_FAILED)
			NEED(!"address space");
		for (size_t at = 0; at < 1ul << 30; at += 2ul << 20)
			p[at] = 1;
		if (munmap(p, 1ul << 30))
			NEED(!"given back");
		int fd = open("/tmp/again", O_CREAT | O_RDWR | O_TRUNC, 0600);
		if (fd < 0 || ftruncate(fd, 1 << 20) || pwrite(fd, "x", 1, 500000) != 1 ||
		    close(fd) || unlink("/tmp/again"))
			NEED(!"file");
	}
	CHECK(1);
}

static const struct fault_case cases[] = {
	{ "touch-all", touch_all, KILLED "/" LIVES, "-" },
	{ "sparse", sparse, KILLED "/" LIVES, "-" },
	{ "touch-by-read", touch_by_read, KILLED "/" LIVES, "-" },
	{ "mappings", mappings, KILLED "/" LIVES, "-" },
	{ "grow-break", grow_break, KILLED "/" LIVES, "-" },
	{ "fill-tmp", fill_tmp, LIVES, "-" },
	{ "many-files", many_files, KILLED "/" LIVES, "-" },
	{ "deep-tree", deep_tree, LIVES, "-" },
	{ "descriptors", descriptors, LIVES, "-" },
	{ "no-leak", no_leak, LIVES, "-" },
};

FAULT_MAIN(cases)
