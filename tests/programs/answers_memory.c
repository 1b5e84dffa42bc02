/* SPDX-License-Identifier: MIT */
/* What the memory calls answer to good and to bad arguments. */
#define _GNU_SOURCE
#include "answers.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#define PAGE 4096ul
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
#define HOLE ((void *)0x10000000) /* nothing is mapped there */
#define TOP 0x7ffffffff000ul

static char *four; /* four pages, then one that is not mapped, then more */
static char *read_only;

static void anonymous(void)
{
	WORKED(call(mmap, 0, 0, RW, ANON, -1, 0));
	WORKED(call(mmap, 0, PAGE, RW, MAP_ANONYMOUS, -1, 0));
	WORKED(call(mmap, 0, PAGE, RW, MAP_ANONYMOUS | 3, -1, 0));
	WORKED(call(mmap, 0, PAGE, RW, ANON, -1, 1));
	WORKED(call(mmap, 1, PAGE, RW, ANON | MAP_FIXED, -1, 0));
	WORKED(call(mmap, KERNEL_HALF, PAGE, RW, ANON | MAP_FIXED, -1, 0));
	WORKED(call(mmap, KERNEL_HALF, PAGE, RW, ANON, -1, 0));
	WORKED(call(mmap, TOP, PAGE, RW, ANON | MAP_FIXED, -1, 0));
	WORKED(call(mmap, TOP - PAGE, 2 * PAGE, RW, ANON | MAP_FIXED, -1, 0));
	WORKED(call(mmap, 0, -1ul, RW, ANON, -1, 0));
	WORKED(call(mmap, 0, 1ul << 46, RW, ANON, -1, 0));
	WORKED(call(mmap, 0, 1ul << 47, PROT_NONE, ANON | MAP_NORESERVE, -1, 0));
	WORKED(call(mmap, 0, PAGE, 0xffffff0, ANON, -1, 0));
	WORKED(call(mmap, 0, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0));
	WORKED(call(mmap, 0, PAGE, RW, ANON | MAP_GROWSDOWN, -1, 0));
	WORKED(call(mmap, four, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
	ANSWER(call(mmap, 0, PAGE, RW, ANON | MAP_32BIT, -1, 0) >> 31);
	WORKED(call(mmap, 0, 1ul << 31, RW, ANON | MAP_32BIT | MAP_NORESERVE, -1, 0));
}

static void files(void)
{
	int file = open("/proc/self/exe", O_RDONLY), dir = open("/", O_RDONLY);
	int sink = open("/dev/null", O_WRONLY);

	WORKED(call(mmap, 0, PAGE, RW, MAP_PRIVATE, -1, 0));
	WORKED(call(mmap, 0, PAGE, RW, MAP_PRIVATE, 99, 0));
	WORKED(call(mmap, 0, PAGE, RW, MAP_SHARED, file, 0));
	WORKED(call(mmap, 0, PAGE, PROT_READ, MAP_SHARED, file, 0));
	WORKED(call(mmap, 0, PAGE, RW, MAP_PRIVATE, file, 0));
	WORKED(call(mmap, 0, PAGE, PROT_READ, MAP_SHARED_VALIDATE, file, 0));
	WORKED(call(mmap, 0, PAGE, PROT_READ, MAP_SHARED_VALIDATE | MAP_SYNC, file, 0));
	WORKED(call(mmap, 0, PAGE, PROT_READ, 0, file, 0));
	WORKED(call(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE | MAP_GROWSDOWN, file, 0));
	WORKED(call(mmap, 0, 0, PROT_READ, MAP_PRIVATE, file, 0));
	WORKED(call(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, dir, 0));
	WORKED(call(mmap, 0, PAGE, PROT_READ, MAP_PRIVATE, sink, 0));
	close(file);
	close(dir);
	close(sink);
}

static void unmap_and_protect(void)
{
	ANSWER(call(munmap, four + 1, PAGE));
	ANSWER(call(munmap, four, 0));
	ANSWER(call(munmap, KERNEL_HALF, PAGE));
	ANSWER(call(munmap, HOLE, PAGE));
	ANSWER(call(munmap, four, -1ul));
	ANSWER(call(munmap, four, -PAGE));
	ANSWER(call(mprotect, four + 1, PAGE, PROT_READ));
	ANSWER(call(mprotect, four, 0, PROT_READ));
	ANSWER(call(mprotect, four, -1ul, PROT_READ));
	ANSWER(call(mprotect, four, PAGE, 0x100));
	ANSWER(call(mprotect, four, PAGE, RW | 8));
	ANSWER(call(mprotect, four, 5 * PAGE, RW));
	ANSWER(call(mprotect, KERNEL_HALF, PAGE, RW));
	ANSWER(call(mprotect, HOLE, PAGE, RW));
	ANSWER(call(mprotect, four, PAGE, RW | PROT_GROWSDOWN | PROT_GROWSUP));
	ANSWER(call(mprotect, four, PAGE, RW | PROT_GROWSDOWN));
	ANSWER(call(mprotect, four, 1, RW));
}

static void remap_refusals(char *a)
{
	WORKED(call(mremap, a + 1, PAGE, PAGE, MREMAP_MAYMOVE, 0));
	WORKED(call(mremap, a, 2 * PAGE, 0, MREMAP_MAYMOVE, 0));
	WORKED(call(mremap, a, 2 * PAGE, PAGE, 8, 0));
	WORKED(call(mremap, a, 2 * PAGE, PAGE, MREMAP_FIXED, a));
	WORKED(call(mremap, a, 0, PAGE, MREMAP_MAYMOVE, 0));
	WORKED(call(mremap, HOLE, PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0));
	WORKED(call(mremap, a, 2 * PAGE, 2 * PAGE, MREMAP_DONTUNMAP, 0));
	WORKED(call(mremap, a, 2 * PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0));
	WORKED(call(mremap, a, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, a + PAGE));
	WORKED(call(mremap, a, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, KERNEL_HALF));
	WORKED(call(mremap, a, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, 1));
	WORKED(call(mremap, a, -1ul, 2 * PAGE, MREMAP_MAYMOVE, 0));
	WORKED(call(mremap, a, 2 * PAGE, -1ul, MREMAP_MAYMOVE, 0));
	WORKED(call(mremap, a, 2 * PAGE, 1ul << 47, MREMAP_MAYMOVE, 0));
}

static void remap(void)
{
	char *a = mmap(0, 2 * PAGE, RW, ANON, -1, 0), *b, *c;

	a[0] = 7;
	a[PAGE] = 8;
	remap_refusals(a);
	b = (char *)call(mremap, a, 2 * PAGE, 1 << 20, MREMAP_MAYMOVE, 0);
	ANSWER(b[0] * 10 + b[PAGE] + b[2 * PAGE]);
	c = (char *)call(mremap, b, 1 << 20, 1 << 20, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0);
	ANSWER(c != b);
	ANSWER(c[0] * 10 + c[PAGE]);
	ANSWER(b[0] + b[PAGE]);
	ANSWER(call(mremap, c, 1 << 20, PAGE, 0, 0) == (long)c);
	ANSWER(call(msync, c + PAGE, PAGE, MS_SYNC));
}

static void advice(void)
{
	ANSWER(call(madvise, four, PAGE, 99));
	ANSWER(call(madvise, four, PAGE, -1));
	ANSWER(call(madvise, four + 1, PAGE, MADV_NORMAL));
	ANSWER(call(madvise, four, 0, MADV_NORMAL));
	ANSWER(call(madvise, four, -1ul, MADV_NORMAL));
	ANSWER(call(madvise, four, 5 * PAGE, MADV_WILLNEED));
	ANSWER(call(madvise, four, 5 * PAGE, MADV_DONTNEED));
	four[0] = 5;
	ANSWER(call(madvise, four, PAGE, MADV_DONTNEED));
	ANSWER(four[0]);
	ANSWER(call(madvise, KERNEL_HALF, PAGE, MADV_DONTNEED));
	ANSWER(call(madvise, four, PAGE, MADV_FREE));
	ANSWER(call(madvise, four, PAGE, MADV_DONTFORK));
	ANSWER(call(madvise, four, PAGE, MADV_DONTDUMP));
	ANSWER(call(madvise, four, PAGE, 20));
	ANSWER(call(madvise, four, PAGE, 21));
	ANSWER(call(madvise, HOLE, PAGE, 22)); /* MADV_POPULATE_READ */
	ANSWER(call(madvise, four, 2 * PAGE, 22));
	ANSWER(call(madvise, four, 2 * PAGE, 23)); /* MADV_POPULATE_WRITE */
	ANSWER(call(madvise, read_only, PAGE, 23));
	ANSWER(call(madvise, read_only, PAGE, 22));
}

static void sync_and_residency(void)
{
	unsigned char seen[16] = { 0 };

	ANSWER(call(msync, four, PAGE, MS_ASYNC | MS_SYNC));
	ANSWER(call(msync, four, PAGE, 8));
	ANSWER(call(msync, four + 1, PAGE, MS_SYNC));
	ANSWER(call(msync, four, 5 * PAGE, MS_SYNC));
	ANSWER(call(msync, four, 0, MS_SYNC));
	ANSWER(call(msync, four, PAGE, 0));
	ANSWER(call(msync, KERNEL_HALF, PAGE, MS_SYNC));
	ANSWER(call(msync, four, -1ul, MS_SYNC));
	four[0] = 1;
	ANSWER(call(mincore, four, PAGE, seen));
	ANSWER(seen[0] & 1);
	ANSWER(call(mincore, four + 1, PAGE, seen));
	ANSWER(call(mincore, four, 5 * PAGE, seen));
	ANSWER(call(mincore, four, PAGE, BAD));
	ANSWER(call(mincore, four, PAGE, KERNEL_HALF));
	ANSWER(call(mincore, KERNEL_HALF, PAGE, seen));
	ANSWER(call(mincore, four, 0, seen));
	ANSWER(call(mincore, four, -1ul, seen));
}

static void locking(void)
{
	ANSWER(call(mlock, four, PAGE));
	ANSWER(call(mlock, four + 5, 1));
	ANSWER(call(mlock, four, 5 * PAGE));
	ANSWER(call(mlock, KERNEL_HALF, PAGE));
	ANSWER(call(mlock, four, 0));
	ANSWER(call(mlock, four, -1ul));
	ANSWER(call(mlock, read_only, PAGE));
	ANSWER(call(munlock, four, PAGE));
	ANSWER(call(munlock, four, 5 * PAGE));
	ANSWER(call(mlockall, 0));
	ANSWER(call(mlockall, 8));
	ANSWER(call(mlockall, MCL_ONFAULT));
	ANSWER(call(munlockall));
}

int main(void)
{
	four = mmap(0, 16 * PAGE, RW, ANON, -1, 0);
	read_only = mmap(0, PAGE, PROT_READ, ANON, -1, 0);
	munmap(four + 4 * PAGE, PAGE);
	anonymous();
	files();
	unmap_and_protect();
	remap();
	advice();
	sync_and_residency();
	locking();
	return 0;
}
