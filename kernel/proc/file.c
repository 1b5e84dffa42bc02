/* SPDX-License-Identifier: MIT */
/*
 * Open file descriptions: creation and the end of the last reference. What a file does is
 * its ops' business (kernel/fs, kernel/ipc); what a process calls it is fdtable.c's.
 *
 * file_unref may sleep, because release may: never call it under a spinlock.
 */
#include "gen/errno.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/proc/file.h"

err_t file_new(const struct file_ops *ops, u32 flags, struct file **out)
{
	struct file *f = kzalloc(sizeof *f);
	if (!f)
		return -ENOMEM;
	f->ops = ops;
	f->flags = flags;
	f->refs = 1;
	mutex_init(&f->lock);
	*out = f;
	return 0;
}

void file_unref(struct file *f)
{
	if (!f || __atomic_fetch_sub(&f->refs, 1, __ATOMIC_ACQ_REL) != 1)
		return;
	if (f->ops->release)
		f->ops->release(f);
	kfree(f);
}
