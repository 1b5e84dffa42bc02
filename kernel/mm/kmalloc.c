/* SPDX-License-Identifier: MIT */
/*
 * Slabs of one page per class (32 bytes to 2 KiB), page blocks above. A slab page keeps
 * its header at its start, so an address tells its slab; a block's struct page tells
 * its order. Empty slabs go back to the page allocator but for one per class.
 */
#include "kernel/mm/kmalloc.h"
#include "cpu/spinlock.h"
#include "kernel/mm/page.h"
#include "lib/string.h"

#define SLAB_MAGIC 0x51ab51abu
#define CLASS_MIN_SHIFT 5
#define CLASS_COUNT \
	6 /* 32 64 128 256 512 1024; larger: pages (half a page would waste the header's half) */

struct slab {
	u32 magic;
	u16 class, used;
	void *free; /* chain through the free objects */
	struct slab *next, *prev;
};
#define SLAB_HEADER 64 /* objects stay aligned to 32 and the first to a cache line */
_Static_assert(sizeof(struct slab) <= SLAB_HEADER, "header fits");

static struct class
{
	struct spinlock lock;
	struct slab *partial; /* slabs with a free object */
	u32 nempty;
} classes[CLASS_COUNT];

static u32 object_size(u32 class)
{
	return 1u << (class + CLASS_MIN_SHIFT);
}

static void partial_add(struct class *c, struct slab *s)
{
	s->prev = NULL;
	s->next = c->partial;
	if (s->next)
		s->next->prev = s;
	c->partial = s;
}

static void partial_del(struct class *c, struct slab *s)
{
	if (s->prev)
		s->prev->next = s->next;
	else
		c->partial = s->next;
	if (s->next)
		s->next->prev = s->prev;
}

static struct slab *slab_new(u32 class)
{
	struct page *pg;
	if (page_alloc(&pg))
		return NULL;
	struct slab *s = page_kva(pg);
	*s = (struct slab){ .magic = SLAB_MAGIC, .class = (u16) class };
	u32 size = object_size(class);
	for (u64 off = PAGE_SIZE - size; off >= SLAB_HEADER; off -= size) {
		void **obj = (void **)((u8 *)s + off);
		*obj = s->free;
		s->free = obj;
	}
	return s;
}

static void *class_alloc(u32 class)
{
	struct class *c = &classes[class];
	spin_guard(&c->lock);
	struct slab *s = c->partial;
	if (!s) {
		s = slab_new(class);
		if (!s)
			return NULL;
		partial_add(c, s);
		c->nempty++;
	}
	if (s->used++ == 0)
		c->nempty--;
	void **obj = s->free;
	s->free = *obj;
	if (!s->free)
		partial_del(c, s);
	return obj;
}

static void class_free(struct slab *s, void **obj)
{
	struct class *c = &classes[s->class];
	spin_guard(&c->lock);
	bool was_full = !s->free;
	*obj = s->free;
	s->free = obj;
	if (was_full)
		partial_add(c, s);
	if (--s->used > 0)
		return;
	if (c->nempty++ == 0)
		return;
	c->nempty--;
	partial_del(c, s);
	s->magic = 0;
	page_unref(page_of_pa(kva_to_pa(s)));
}

static void *block_alloc(u64 size)
{
	u32 order = 0;
	while (order <= PAGE_MAX_ORDER && (PAGE_SIZE << order) < size)
		order++;
	struct page *pg;
	if (order > PAGE_MAX_ORDER || page_alloc_order(order, &pg))
		return NULL;
	return page_kva(pg);
}

void *kmalloc(u64 size)
{
	if (size > (1u << (CLASS_MIN_SHIFT + CLASS_COUNT - 1)))
		return block_alloc(size);
	u32 class = 0;
	while (object_size(class) < size)
		class ++;
	return class_alloc(class);
}

void *kzalloc(u64 size)
{
	void *p = kmalloc(size);
	if (p)
		memset(p, 0, size);
	return p;
}

void *krealloc(void *old, u64 old_size, u64 new_size)
{
	void *p = kmalloc(new_size);
	if (!p)
		return NULL;
	if (old)
		memcpy(p, old, min_u64(old_size, new_size));
	kfree(old);
	return p;
}

/* Blocks start on a page boundary, slab objects never do. */
void kfree(void *p)
{
	if (!p)
		return;
	if (is_aligned((vaddr_t)p, PAGE_SIZE)) {
		page_unref(page_of_pa(kva_to_pa(p)));
		return;
	}
	class_free((struct slab *)align_down((vaddr_t)p, PAGE_SIZE), p);
}
