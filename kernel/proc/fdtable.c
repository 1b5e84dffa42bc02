/* SPDX-License-Identifier: MIT */
/*
 * A process's table of descriptors: an array of slots that grows by doubling.
 *
 * Everything is under table->lock, but no reference is dropped there: a file that leaves
 * the table is released after the lock, since its release may sleep. `lowest` is a lower
 * bound of the first free slot, so that open, which must find the lowest free number,
 * does not search from 0 each time. It may be nslots: then the table is full.
 */
#include "gen/errno.h"
#include "cpu/speculation.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/proc/file.h"

#define FIRST_SLOTS 32

err_t fdtable_new(struct fdtable **out)
{
	struct fdtable *t = kzalloc(sizeof *t);
	if (!t)
		return -ENOMEM;
	t->refs = 1;
	*out = t;
	return 0;
}

void fdtable_unref(struct fdtable *t)
{
	if (!t || __atomic_fetch_sub(&t->refs, 1, __ATOMIC_ACQ_REL) != 1)
		return;
	for (u32 i = 0; i < t->nslots; i++)
		file_unref(t->slots[i].file);
	kfree(t->slots);
	kfree(t);
}

/* lock held: the slot of an open descriptor, or NULL. Negative numbers are huge as u32. */
static struct fd_slot *slot_of(struct fdtable *t, int fd)
{
	if ((u32)fd >= t->nslots || !t->slots[fd].file)
		return NULL;
	return &t->slots[index_clamp((u32)fd, t->nslots)];
}

/* lock held: makes slot n exist. */
static err_t grow_to(struct fdtable *t, u32 n)
{
	if (n < t->nslots)
		return 0;
	u64 nslots = t->nslots ? t->nslots : FIRST_SLOTS;
	while (nslots <= n)
		nslots *= 2;
	struct fd_slot *slots =
		krealloc(t->slots, t->nslots * sizeof *slots, nslots * sizeof *slots);
	if (!slots)
		return -ENOMEM;
	for (u64 i = t->nslots; i < nslots; i++)
		slots[i] = (struct fd_slot){ NULL, false };
	t->slots = slots;
	t->nslots = (u32)nslots;
	return 0;
}

err_t fd_get(struct fdtable *t, int fd, struct file **out)
{
	spin_guard(&t->lock);
	struct fd_slot *slot = slot_of(t, fd);
	if (!slot)
		return -EBADF;
	file_ref(slot->file);
	*out = slot->file;
	return 0;
}

err_t fd_install(struct fdtable *t, struct file *f, u32 min, u32 limit, bool cloexec, int *fd)
{
	spin_guard(&t->lock);
	u32 n = min > t->lowest ? min : t->lowest;
	while (n < t->nslots && t->slots[n].file)
		n++;
	if (n >= limit)
		return -EMFILE;
	err_t e = grow_to(t, n);
	if (e)
		return e;
	t->slots[n] = (struct fd_slot){ f, cloexec };
	if (min <= t->lowest)
		t->lowest = n + 1;
	*fd = (int)n;
	return 0;
}

/* lock held: empties a slot; the caller unrefs what was in it after the lock. */
static struct file *take_slot(struct fdtable *t, u32 n)
{
	struct file *f = t->slots[n].file;
	t->slots[n] = (struct fd_slot){ NULL, false };
	if (f && n < t->lowest)
		t->lowest = n;
	return f;
}

err_t fd_replace(struct fdtable *t, struct file *f, int fd, u32 limit, bool cloexec)
{
	struct file *old;
	if ((u32)fd >= limit)
		return -EBADF;
	{
		spin_guard(&t->lock);
		err_t e = grow_to(t, (u32)fd);
		if (e)
			return e;
		old = t->slots[fd].file;
		t->slots[fd] = (struct fd_slot){ f, cloexec };
	}
	file_unref(old);
	return 0;
}

err_t fd_close(struct fdtable *t, int fd)
{
	struct file *f;
	{
		spin_guard(&t->lock);
		if (!slot_of(t, fd))
			return -EBADF;
		f = take_slot(t, (u32)fd);
	}
	file_unref(f);
	return 0;
}

err_t fd_get_cloexec(struct fdtable *t, int fd, bool *cloexec)
{
	spin_guard(&t->lock);
	struct fd_slot *slot = slot_of(t, fd);
	if (!slot)
		return -EBADF;
	*cloexec = slot->cloexec;
	return 0;
}

err_t fd_set_cloexec(struct fdtable *t, int fd, bool cloexec)
{
	spin_guard(&t->lock);
	struct fd_slot *slot = slot_of(t, fd);
	if (!slot)
		return -EBADF;
	slot->cloexec = cloexec;
	return 0;
}

/* Takes the next open file of *n..last out of the table; NULL: none is left. */
static struct file *take_next(struct fdtable *t, u32 *n, u32 last, bool only_cloexec)
{
	spin_guard(&t->lock);
	for (; *n < t->nslots && *n <= last; (*n)++) {
		struct fd_slot *slot = &t->slots[*n];
		if (slot->file && (slot->cloexec || !only_cloexec))
			return take_slot(t, *n);
	}
	return NULL;
}

static void close_all(struct fdtable *t, u32 first, u32 last, bool only_cloexec)
{
	struct file *f;
	for (u32 n = first; (f = take_next(t, &n, last, only_cloexec));)
		file_unref(f);
}

static void mark_all(struct fdtable *t, u32 first, u32 last)
{
	spin_guard(&t->lock);
	for (u32 n = first; n < t->nslots && n <= last; n++)
		t->slots[n].cloexec = t->slots[n].file != NULL;
}

void fd_close_range(struct fdtable *t, u32 first, u32 last, bool only_mark_cloexec)
{
	if (only_mark_cloexec)
		mark_all(t, first, last);
	else
		close_all(t, first, last, false);
}

void fdtable_exec(struct fdtable *t)
{
	close_all(t, 0, UINT32_MAX, true);
}
