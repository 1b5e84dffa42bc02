/* SPDX-License-Identifier: MIT */
/*
 * Address spaces: a sorted tree of non-overlapping VMAs over a pmap. Pages come on
 * demand (kernel/mm/fault.c). All lengths and addresses are page multiples unless said
 * otherwise; everything may sleep and is serialised by the address space's mutex.
 */
#ifndef KERNEL_MM_ASPACE_H
#define KERNEL_MM_ASPACE_H

#include <bsd/sys/tree.h>

#include "base/types.h"
#include "base/uaddr.h"
#include "kernel/mm/vmobj.h"
#include "kernel/sched/wait.h"
#include "machine/pmap.h"

enum vma_flags {
	VMA_READ = 1 << 0,
	VMA_WRITE = 1 << 1,
	VMA_EXEC = 1 << 2,
	VMA_SHARED = 1 << 3,
	VMA_GROWSDOWN = 1 << 4, /* the stack: grows on faults below it, down to its limit */
	VMA_BRK = 1 << 5,
};
#define VMA_PROT (VMA_READ | VMA_WRITE | VMA_EXEC)

struct vma {
	RB_ENTRY(vma) node;
	uaddr_t start, end;
	u32 flags;
	struct vmobj *obj; /* NULL: anonymous, zero-filled */
	u64 pgoff;	   /* page of obj at start */
	/* Bytes of obj at and past this file offset read as zeros in this mapping (ELF: p_filesz
	 * ends inside a page). UINT64_MAX: no such limit. */
	u64 obj_limit;
};

RB_HEAD(vma_tree, vma);

struct aspace {
	struct pmap pmap;
	u32 refs;
	/* under lock */
	struct mutex lock;
	struct vma_tree vmas;
	struct vma *last_hit;
	u64 total_pages; /* of all VMAs */
	uaddr_t top;	 /* nothing is ever mapped from here on: USER_TOP, less for i386 programs */
	uaddr_t mmap_base; /* hintless mappings go below it, top down */
	uaddr_t brk_start, brk;
	u64 limit_bytes;       /* RLIMIT_AS */
	u64 data_limit_bytes;  /* RLIMIT_DATA: brk */
	u64 stack_limit_bytes; /* RLIMIT_STACK, fixed at exec */
};

MUST_CHECK err_t aspace_new(struct aspace **out);
void aspace_unref(struct aspace *as); /* NULL is fine; frees every page with the last reference */

struct map_request {
	uaddr_t addr;	   /* hint, or the place when fixed */
	u64 len;	   /* bytes > 0; rounded up */
	u32 flags;	   /* VMA_* */
	bool fixed;	   /* exactly at addr, replacing what is there */
	bool noreplace;	   /* with fixed: -EEXIST when something is there */
	bool populate;	   /* fill in now; failure to is not an error */
	bool noreserve;	   /* may exceed what memory could ever hold */
	struct vmobj *obj; /* takes a reference of its own; NULL: anonymous */
	u64 pgoff;
	u64 obj_limit; /* UINT64_MAX unless ELF */
	uaddr_t below; /* a place found for it ends at or below this; 0: anywhere */
};
/* -EINVAL, -ENOMEM, -EEXIST, -EPERM (below USER_BOTTOM). */
MUST_CHECK err_t aspace_map(struct aspace *as, const struct map_request *req, uaddr_t *where);
/* Ranges may contain holes; -EINVAL when not aligned or not in user space. */
MUST_CHECK err_t aspace_unmap(struct aspace *as, uaddr_t start, u64 len);
/* -ENOMEM when part of the range is not mapped (what came before is changed, as POSIX allows). */
MUST_CHECK err_t aspace_protect(struct aspace *as, uaddr_t start, u64 len, u32 prot);

#define REMAP_MAYMOVE 1
#define REMAP_FIXED 2
#define REMAP_DONTUNMAP 4
#define REMAP_LOW 8 /* a place found for it lies below 4 GiB */
MUST_CHECK err_t aspace_remap(struct aspace *as, uaddr_t old, u64 old_len, u64 new_len, u32 flags,
			      uaddr_t new_addr, uaddr_t *where);
/* Linux's brk: the new break, or the old one when it cannot be had. */
uaddr_t aspace_brk(struct aspace *as, uaddr_t want);
/* MADV_DONTNEED: drops the pages; they read as zeros (or the file) again. -ENOMEM over holes. */
MUST_CHECK err_t aspace_discard(struct aspace *as, uaddr_t start, u64 len);
/* mincore: one byte per page; -ENOMEM over holes. vec has room for len / PAGE_SIZE bytes. */
MUST_CHECK err_t aspace_resident(struct aspace *as, uaddr_t start, u64 len, u8 *vec);
/* True when all of [start, start+len) is mapped with at least these VMA_PROT bits. */
bool aspace_mapped(struct aspace *as, uaddr_t start, u64 len, u32 prot);
/* Makes it the one user addresses refer to on this CPU. */
void aspace_activate(struct aspace *as);
u64 aspace_resident_pages(struct aspace *as);

/* What a page fault was, in no CPU's bits. */
#define FAULT_WRITE 1
#define FAULT_EXEC 2
/*
 * Resolves a fault on a user address. 0: retry the instruction. -EFAULT: no mapping,
 * -EACCES: protection (both SIGSEGV), -ENXIO: past the end of the object (SIGBUS),
 * -ENOMEM.
 */
MUST_CHECK err_t aspace_fault(struct aspace *as, uaddr_t addr, u32 access);

#endif
