/* SPDX-License-Identifier: MIT */
/*
 * A memory object: what a mapping, exec or a read takes pages from. Embedded in the
 * thing that owns the pages (a ramfs inode, say) and reference counted.
 */
#ifndef KERNEL_MM_VMOBJ_H
#define KERNEL_MM_VMOBJ_H

#include "base/types.h"

struct page;
struct vmobj;

struct vmobj_ops {
	/*
	 * The page that holds bytes [pgoff * PAGE_SIZE, +PAGE_SIZE), with a reference for the
	 * caller. A page past the last byte of the object: -ENXIO (the fault becomes SIGBUS).
	 * for_write: the caller will write through it (shared mapping). May sleep.
	 */
	err_t (*page_get)(struct vmobj *obj, u64 pgoff, bool for_write, struct page **out);
	/* Copies n bytes at off; short at the end of the object: *done says. May sleep. */
	err_t (*read)(struct vmobj *obj, u64 off, void *buf, u64 n, u64 *done);
	u64 (*size)(struct vmobj *obj);
	void (*release)(struct vmobj *obj); /* the last reference is gone */
};

struct vmobj {
	const struct vmobj_ops *ops;
	u32 refs;
};

static inline void vmobj_ref(struct vmobj *obj)
{
	__atomic_fetch_add(&obj->refs, 1, __ATOMIC_RELAXED);
}

static inline void vmobj_unref(struct vmobj *obj)
{
	if (obj && __atomic_fetch_sub(&obj->refs, 1, __ATOMIC_ACQ_REL) == 1)
		obj->ops->release(obj);
}

#endif
