/* SPDX-License-Identifier: MIT */
/*
 * mmap, munmap, mprotect, mremap of anonymous memory: what is zero, what is kept, what is
 * refused. Addresses are not printed, only what must be true of them.
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Sizes for both widths of addresses. */
#define WIDE (sizeof(long) == 8)
#define USER_END (WIDE ? 0x7ffffffff000 : 0xfffff000)
#define TOO_MUCH ((size_t)(WIDE ? 1ll << 47 : 0xf0000000))
#define LARGE ((size_t)(WIDE ? 1ll << 36 : 1ll << 30))
#define PAGE 4096ul
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static unsigned char *map(size_t pages, int prot)
{
	return mmap(NULL, pages * PAGE, prot, ANON, -1, 0);
}

static int all(const unsigned char *p, size_t size, unsigned char value)
{
	while (size--)
		if (*p++ != value)
			return 0;
	return 1;
}

static void holes(void)
{
	unsigned char *p = map(16, PROT_READ | PROT_WRITE);

	NEED(p != MAP_FAILED);
	CHECK((uintptr_t)p % PAGE == 0 && all(p, 16 * PAGE, 0));
	memset(p, 0x5a, 16 * PAGE);
	CHECK(munmap(p + 4 * PAGE, 3 * PAGE) == 0);
	CHECK(munmap(p + 4 * PAGE, 3 * PAGE) == 0);
	CHECK(all(p, 4 * PAGE, 0x5a) && all(p + 7 * PAGE, 9 * PAGE, 0x5a));
	CHECK(mmap(p + 5 * PAGE, PAGE, PROT_READ | PROT_WRITE, ANON | MAP_FIXED, -1, 0) ==
	      p + 5 * PAGE);
	CHECK(all(p + 5 * PAGE, PAGE, 0));
	CHECK(mmap(p, 2 * PAGE, PROT_READ | PROT_WRITE, ANON | MAP_FIXED, -1, 0) == p);
	CHECK(all(p, 2 * PAGE, 0) && all(p + 2 * PAGE, 2 * PAGE, 0x5a));
	CHECK(mmap(p + 2 * PAGE, PAGE, PROT_READ, ANON | MAP_FIXED_NOREPLACE, -1, 0) ==
		      MAP_FAILED &&
	      errno == EEXIST);
	CHECK(munmap(p, 16 * PAGE) == 0);
}

static void protection(void)
{
	unsigned char *p = map(8, PROT_NONE);

	NEED(p != MAP_FAILED);
	CHECK(mprotect(p + PAGE, 3 * PAGE, PROT_READ | PROT_WRITE) == 0);
	memset(p + PAGE, 1, 3 * PAGE);
	CHECK(mprotect(p + 2 * PAGE, PAGE, PROT_READ) == 0 && p[2 * PAGE] == 1);
	/* the kernel may not write through the read-only page either */
	int zero = open("/dev/zero", O_RDONLY);
	CHECK_ERRNO(read(zero, p + 2 * PAGE, 10), EFAULT);
	close(zero);
	CHECK(mprotect(p + 2 * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
	p[2 * PAGE] = 2;
	/* by number: musl rounds the address before it asks */
	CHECK_ERRNO(syscall(SYS_mprotect, p + 1, PAGE, PROT_READ), EINVAL);
	CHECK(munmap(p + 7 * PAGE, PAGE) == 0);
	CHECK_ERRNO(mprotect(p, 8 * PAGE, PROT_READ), ENOMEM);
	CHECK(mprotect(p, 0, PROT_READ) == 0);
	CHECK(munmap(p, 8 * PAGE) == 0);
}

static void moving(void)
{
	unsigned char *p = map(4, PROT_READ | PROT_WRITE), *q;

	NEED(p != MAP_FAILED);
	memset(p, 7, 4 * PAGE);
	q = mremap(p, 4 * PAGE, 2 * PAGE, 0);
	CHECK(q == p && all(q, 2 * PAGE, 7));
	q = mremap(p, 2 * PAGE, 4000 * PAGE, MREMAP_MAYMOVE);
	NEED(q != MAP_FAILED);
	CHECK(all(q, 2 * PAGE, 7) && all(q + 2 * PAGE, 100 * PAGE, 0));
	q[4000 * PAGE - 1] = 9;
	unsigned char *place = map(3, PROT_NONE);
	p = mremap(q, 3 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, place);
	CHECK(p == place && all(p, 2 * PAGE, 7));
	CHECK(q[4000 * PAGE - 1] == 9);
	CHECK_ERRNO((long)mremap(q + 1, PAGE, PAGE, 0), EINVAL);
	CHECK_ERRNO((long)mremap(p, 3 * PAGE, 0, 0), EINVAL);
	CHECK_ERRNO((long)mremap(q, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
	CHECK(munmap(p, 3 * PAGE) == 0 && munmap(q, 4000 * PAGE) == 0);
}

static void refusals(void)
{
	CHECK_ERRNO((long)mmap(NULL, 0, PROT_READ, ANON, -1, 0), EINVAL);
	CHECK_ERRNO((long)mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_ERRNO((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 999, 0), EBADF);
	CHECK_ERRNO((long)mmap((void *)(uintptr_t)USER_END, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0),
		    ENOMEM);
	CHECK_ERRNO((long)mmap((void *)1, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0), EINVAL);
	CHECK_ERRNO((long)mmap(NULL, TOO_MUCH, PROT_READ, ANON | MAP_NORESERVE, -1, 0), ENOMEM);
	CHECK_ERRNO((long)mmap(NULL, -PAGE, PROT_READ, ANON, -1, 0), ENOMEM);
	CHECK_ERRNO(munmap((void *)1, PAGE), EINVAL);
	CHECK_ERRNO(munmap((void *)PAGE, 0), EINVAL);
	CHECK_ERRNO(munmap((void *)(uintptr_t)USER_END, PAGE), EINVAL);
	CHECK_ERRNO(munmap((void *)PAGE, -PAGE), EINVAL);
}

static void large(void)
{
	unsigned char *p = mmap(NULL, LARGE, PROT_NONE, ANON | MAP_NORESERVE, -1, 0);

	NEED(p != MAP_FAILED);
	CHECK(mprotect(p + (LARGE / 2), PAGE, PROT_READ | PROT_WRITE) == 0);
	p[LARGE / 2] = 1;
	CHECK(madvise(p + (LARGE / 2), PAGE, MADV_DONTNEED) == 0 && p[LARGE / 2] == 0);
	CHECK(munmap(p, LARGE) == 0);
	/* many small neighbours with different protection, then everything at once */
	p = map(2000, PROT_READ);
	for (int i = 0; i < 2000; i += 2)
		if (mprotect(p + i * PAGE, PAGE, PROT_READ | PROT_WRITE) || (p[i * PAGE] = 1) != 1)
			NEED(!"mprotect of a single page");
	CHECK(mprotect(p, 2000 * PAGE, PROT_READ | PROT_WRITE) == 0);
	int sum = 0;
	for (int i = 0; i < 2000; i++)
		sum += p[i * PAGE];
	CHECK(sum == 1000);
	CHECK(munmap(p, 2000 * PAGE) == 0);
}

/* What user code may not read, a call may not read for it; the bytes stay. */
static void nobody(void)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	strcpy(p, "kept");
	CHECK(mprotect(p, PAGE, PROT_NONE) == 0);
	CHECK_ERRNO(write(1, p, 4), EFAULT);
	CHECK_ERRNO(readlink("/proc/self/exe", p, 4), EFAULT);
	CHECK(mprotect(p, PAGE, PROT_READ) == 0 && strcmp(p, "kept") == 0);
}

int main(void)
{
	nobody();
	holes();
	protection();
	moving();
	refusals();
	large();
	return check_failures != 0;
}
