/* SPDX-License-Identifier: MIT */
/*
 * Calls of group @mem: flags and ranges are judged here with Linux's answers, the work is
 * kernel/mm/aspace.h's. Manual: mmap(2), mremap(2), madvice(2) and their neighbours.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/mm/aspace.h"
#include "kernel/proc/file.h"
#include "kernel/proc/proc.h"
#include "sys/mem_impl.h"

/* Where MAP_32BIT puts things: the second GiB, from its top down, as Linux. */
#define LOW_MAP_START 0x40000000ull
#define LOW_MAP_END 0x80000000ull

/* What MAP_SHARED_VALIDATE promises to know (Linux's LEGACY_MAP_MASK). */
#define MAP_KNOWN                                                                              \
	(LINUX_MAP_TYPE | LINUX_MAP_FIXED | LINUX_MAP_ANONYMOUS | LINUX_MAP_32BIT |            \
	 LINUX_MAP_GROWSDOWN | LINUX_MAP_DENYWRITE | LINUX_MAP_EXECUTABLE | LINUX_MAP_LOCKED | \
	 LINUX_MAP_NORESERVE | LINUX_MAP_POPULATE | LINUX_MAP_NONBLOCK | LINUX_MAP_STACK |     \
	 LINUX_MAP_HUGETLB | LINUX_MAP_FIXED_NOREPLACE)

#define PROT_KNOWN (LINUX_PROT_READ | LINUX_PROT_WRITE | LINUX_PROT_EXEC | LINUX_PROT_SEM)

static struct aspace *current_aspace(void)
{
	return current_proc()->aspace;
}

static u32 vma_prot(u64 prot)
{
	return (prot & LINUX_PROT_READ ? VMA_READ : 0) | (prot & LINUX_PROT_WRITE ? VMA_WRITE : 0) |
	       (prot & LINUX_PROT_EXEC ? VMA_EXEC : 0);
}

/* False: the range wraps or leaves user space. */
static bool page_range(uaddr_t start, u64 len, u64 *bytes)
{
	*bytes = align_up(len, PAGE_SIZE);
	return *bytes >= len && user_range_ok(start, *bytes);
}

static bool file_may(const struct file *f, u32 access)
{
	u32 mode = f->flags & LINUX_O_ACCMODE;
	return mode == LINUX_O_RDWR || mode == access;
}

/* Sharing type and permissions of a file mapping. */
static err_t check_file_map(const struct file *f, u64 prot, u64 flags)
{
	switch (flags & LINUX_MAP_TYPE) {
	case LINUX_MAP_SHARED_VALIDATE:
		if (flags & ~(u64)MAP_KNOWN)
			return -EOPNOTSUPP;
		/* fall through */
	case LINUX_MAP_SHARED:
		if ((prot & LINUX_PROT_WRITE) && !file_may(f, LINUX_O_WRONLY))
			return -EACCES;
		/* fall through */
	case LINUX_MAP_PRIVATE:
		break;
	default:
		return -EINVAL;
	}
	if (!file_may(f, LINUX_O_RDONLY))
		return -EACCES;
	if (!f->ops->mmap)
		return -ENODEV;
	return flags & LINUX_MAP_GROWSDOWN ? -EINVAL : 0;
}

static err_t check_anon_map(u64 flags)
{
	u64 type = flags & LINUX_MAP_TYPE;

	if (type == LINUX_MAP_SHARED)
		return flags & LINUX_MAP_GROWSDOWN ? -EINVAL : 0;
	return type == LINUX_MAP_PRIVATE ? 0 : -EINVAL;
}

/* MAP_32BIT is rare: it tries one place after the other. */
static err_t map_low(struct map_request *req, uaddr_t *where)
{
	u64 bytes = align_up(req->len, PAGE_SIZE);

	if (bytes < req->len || bytes > LOW_MAP_END - LOW_MAP_START)
		return -ENOMEM;
	req->fixed = req->noreplace = true;
	for (req->addr = LOW_MAP_END - bytes; req->addr >= LOW_MAP_START; req->addr -= bytes) {
		err_t e = aspace_map(current_aspace(), req, where);
		if (e != -EEXIST)
			return e;
	}
	return -ENOMEM;
}

static long map(struct map_request *req, u64 flags)
{
	uaddr_t where;
	err_t e;

	if ((flags & LINUX_MAP_32BIT) && !req->fixed)
		e = map_low(req, &where);
	else
		e = aspace_map(current_aspace(), req, &where);
	return e ? e : (long)where;
}

static long map_file(struct map_request *req, u64 prot, u64 flags, int fd)
{
	struct file *f;
	long result;
	err_t e = fd_get(current_proc()->fds, fd, &f);

	if (e)
		return e;
	e = req->len ? check_file_map(f, prot, flags) : -EINVAL;
	if (!e)
		e = f->ops->mmap(f, &req->obj);
	result = e;
	if (!e) {
		result = map(req, flags);
		vmobj_unref(req->obj);
	}
	file_unref(f);
	return result;
}

long map_memory(uaddr_t addr, u64 length, u64 prot, u64 flags, int fd, s64 offset, uaddr_t below)
{
	bool shared = (flags & LINUX_MAP_TYPE) != LINUX_MAP_PRIVATE;
	struct map_request req = {
		.addr = addr,
		.len = length,
		.flags = vma_prot(prot) | (shared ? VMA_SHARED : 0) |
			 (flags & LINUX_MAP_GROWSDOWN ? VMA_GROWSDOWN : 0),
		.fixed = flags & (LINUX_MAP_FIXED | LINUX_MAP_FIXED_NOREPLACE),
		.noreplace = flags & LINUX_MAP_FIXED_NOREPLACE,
		.populate =
			(flags & LINUX_MAP_LOCKED) ||
			(flags & (LINUX_MAP_POPULATE | LINUX_MAP_NONBLOCK)) == LINUX_MAP_POPULATE,
		.noreserve = flags & LINUX_MAP_NORESERVE,
		.pgoff = (u64)offset >> PAGE_SHIFT,
		.obj_limit = UINT64_MAX,
		.below = below,
	};
	err_t e;

	if (!(flags & LINUX_MAP_ANONYMOUS))
		return map_file(&req, prot, flags, fd);
	if (!length)
		return -EINVAL;
	if (flags & LINUX_MAP_HUGETLB)
		return -ENOMEM; /* there are no huge pages to hand out */
	e = check_anon_map(flags);
	return e ? e : map(&req, flags);
}

long sys_mmap(uaddr_t addr, u64 length, u64 prot, u64 flags, int fd, s64 offset)
{
	if (offset & (s64)(PAGE_SIZE - 1))
		return -EINVAL;
	return map_memory(addr, length, prot, flags, fd, offset, 0);
}

long sys_munmap(uaddr_t addr, u64 length)
{
	return aspace_unmap(current_aspace(), addr, length);
}

long sys_mprotect(uaddr_t addr, u64 length, u64 prot)
{
	u64 bytes;

	if (!is_aligned(addr, PAGE_SIZE))
		return -EINVAL;
	if (!length)
		return 0;
	if (!page_range(addr, length, &bytes))
		return -ENOMEM;
	/* PROT_GROWSDOWN and PROT_GROWSUP are for loaders that make a stack executable later. */
	if (prot & ~(u64)PROT_KNOWN)
		return -EINVAL;
	return aspace_protect(current_aspace(), addr, bytes, vma_prot(prot));
}

long remap_memory(uaddr_t addr, u64 old_length, u64 new_length, u64 flags, uaddr_t new_addr,
		  bool low)
{
	uaddr_t where;
	err_t e;

	if (flags & ~(u64)(LINUX_MREMAP_MAYMOVE | LINUX_MREMAP_FIXED | LINUX_MREMAP_DONTUNMAP))
		return -EINVAL;
	if ((flags & (LINUX_MREMAP_FIXED | LINUX_MREMAP_DONTUNMAP)) &&
	    !(flags & LINUX_MREMAP_MAYMOVE))
		return -EINVAL;
	if ((flags & LINUX_MREMAP_DONTUNMAP) && old_length != new_length)
		return -EINVAL;
	e = aspace_remap(current_aspace(), addr, old_length, new_length,
			 (flags & LINUX_MREMAP_MAYMOVE ? REMAP_MAYMOVE : 0) |
				 (flags & LINUX_MREMAP_FIXED ? REMAP_FIXED : 0) |
				 (flags & LINUX_MREMAP_DONTUNMAP ? REMAP_DONTUNMAP : 0) |
				 (low ? REMAP_LOW : 0),
			 new_addr, &where);
	return e ? e : (long)where;
}

long sys_mremap(uaddr_t addr, u64 old_length, u64 new_length, u64 flags, uaddr_t new_addr)
{
	return remap_memory(addr, old_length, new_length, flags, new_addr, false);
}

long sys_brk(uaddr_t end)
{
	return (long)aspace_brk(current_aspace(), end);
}

/* Brings pages in as if the program had touched them; -ENOMEM over holes. */
static err_t touch(uaddr_t start, u64 bytes, u32 access)
{
	struct aspace *as = current_aspace();

	for (u64 off = 0; off < bytes; off += PAGE_SIZE) {
		err_t e = aspace_fault(as, start + off, access);
		if (e)
			return e == -EFAULT ? -ENOMEM : e == -EACCES ? -EINVAL : -EFAULT;
	}
	return 0;
}

long sys_madvise(uaddr_t addr, u64 length, int advice)
{
	struct aspace *as = current_aspace();
	bool discard = advice == LINUX_MADV_DONTNEED || advice == LINUX_MADV_DONTNEED_LOCKED;
	u64 bytes;

	switch (advice) {
	case LINUX_MADV_NORMAL:
	case LINUX_MADV_RANDOM:
	case LINUX_MADV_SEQUENTIAL:
	case LINUX_MADV_WILLNEED:
	case LINUX_MADV_DONTNEED:
	case LINUX_MADV_DONTNEED_LOCKED:
	case LINUX_MADV_FREE: /* "the kernel may keep them": it does */
	case LINUX_MADV_DONTFORK:
	case LINUX_MADV_DOFORK:
	case LINUX_MADV_HUGEPAGE:
	case LINUX_MADV_NOHUGEPAGE:
	case LINUX_MADV_DONTDUMP:
	case LINUX_MADV_DODUMP:
	case LINUX_MADV_COLD:
	case LINUX_MADV_PAGEOUT:
	case LINUX_MADV_POPULATE_READ:
	case LINUX_MADV_POPULATE_WRITE:
		break;
	default:
		return -EINVAL;
	}
	bytes = align_up(length, PAGE_SIZE);
	if (!is_aligned(addr, PAGE_SIZE) || bytes < length || addr + bytes < addr)
		return -EINVAL;
	if (!bytes)
		return 0;
	if (!user_range_ok(addr, bytes))
		return -ENOMEM;
	if (discard)
		return aspace_discard(as, addr, bytes);
	if (advice == LINUX_MADV_POPULATE_READ)
		return touch(addr, bytes, 0);
	if (advice == LINUX_MADV_POPULATE_WRITE)
		return touch(addr, bytes, FAULT_WRITE);
	return aspace_mapped(as, addr, bytes, 0) ? 0 : -ENOMEM;
}

/* Mapped pages are the file's pages: there is nothing to write back. */
long sys_msync(uaddr_t addr, u64 length, int flags)
{
	u64 bytes;

	if (flags & ~(LINUX_MS_ASYNC | LINUX_MS_INVALIDATE | LINUX_MS_SYNC))
		return -EINVAL;
	if (!is_aligned(addr, PAGE_SIZE))
		return -EINVAL;
	if ((flags & LINUX_MS_ASYNC) && (flags & LINUX_MS_SYNC))
		return -EINVAL;
	bytes = align_up(length, PAGE_SIZE); /* a length that wraps is 0 here, as on Linux */
	if (!user_range_ok(addr, bytes))
		return -ENOMEM;
	return bytes == 0 || aspace_mapped(current_aspace(), addr, bytes, 0) ? 0 : -ENOMEM;
}

long sys_mincore(uaddr_t addr, u64 length, uout_pagevec vec)
{
	u8 chunk[128];
	u64 bytes;

	if (!is_aligned(addr, PAGE_SIZE))
		return -EINVAL;
	if (!page_range(addr, length, &bytes))
		return -ENOMEM;
	if (!user_range_ok(vec.a, bytes >> PAGE_SHIFT))
		return -EFAULT;
	for (u64 off = 0; off < bytes;) {
		u64 n = min_u64((bytes - off) >> PAGE_SHIFT, sizeof chunk);
		err_t e = aspace_resident(current_aspace(), addr + off, n << PAGE_SHIFT, chunk);
		if (!e)
			e = copyout(vec.a + (off >> PAGE_SHIFT), chunk, n);
		if (e)
			return e;
		off += n << PAGE_SHIFT;
	}
	return 0;
}

/* Nothing is ever paged out: locking brings pages in, and there is nothing to undo. */
static long lock_range(uaddr_t addr, u64 length, bool populate)
{
	struct aspace *as = current_aspace();
	uaddr_t start = align_down(addr, PAGE_SIZE);
	u64 bytes = align_up(length + (addr - start), PAGE_SIZE);

	if (start + bytes < start)
		return -EINVAL;
	if (!bytes) /* nothing, or a length that wraps: the same to Linux */
		return 0;
	if (!user_range_ok(start, bytes) || !aspace_mapped(as, start, bytes, 0))
		return -ENOMEM;
	for (u64 off = 0; populate && off < bytes; off += PAGE_SIZE) {
		bool writable = aspace_mapped(as, start + off, PAGE_SIZE, VMA_WRITE);
		if (aspace_fault(as, start + off, writable ? FAULT_WRITE : 0))
			return -ENOMEM;
	}
	return 0;
}

long sys_mlock(uaddr_t addr, u64 length)
{
	return lock_range(addr, length, true);
}

long sys_munlock(uaddr_t addr, u64 length)
{
	return lock_range(addr, length, false);
}

long sys_mlockall(int flags)
{
	const int known = LINUX_MCL_CURRENT | LINUX_MCL_FUTURE | LINUX_MCL_ONFAULT;

	if (!flags || (flags & ~known) || flags == LINUX_MCL_ONFAULT)
		return -EINVAL;
	return 0;
}

long sys_munlockall(void)
{
	return 0;
}
