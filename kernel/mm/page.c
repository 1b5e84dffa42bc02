/* SPDX-License-Identifier: MIT */
/*
 * Binary buddies (Knuth, TAOCP vol. 1, 2.5). A free block of 2^k pages is in list k and
 * marked at its first page; freeing merges with the buddy as long as it is free whole.
 */
#include "kernel/mm/page.h"
#include "base/guards.h"
#include "cpu/spinlock.h"
#include "gen/errno.h"
#include "kernel/mm/page_impl.h"
#include "lib/string.h"

struct page *page_array;
u64 page_count;

static struct spinlock lock = SPINLOCK_INIT;
static struct page *free_list[PAGE_MAX_ORDER + 1];
static u64 total_pages, free_pages;

static void list_add(struct page *pg, u32 order)
{
	pg->order = (u8)order;
	pg->free = 1;
	pg->prev = NULL;
	pg->next = free_list[order];
	if (pg->next)
		pg->next->prev = pg;
	free_list[order] = pg;
}

static void list_del(struct page *pg)
{
	if (pg->prev)
		pg->prev->next = pg->next;
	else
		free_list[pg->order] = pg->next;
	if (pg->next)
		pg->next->prev = pg->prev;
	pg->free = 0;
}

/* With the lock held. */
static void block_free(u64 index, u32 order)
{
	free_pages += 1ull << order;
	while (order < PAGE_MAX_ORDER) {
		u64 buddy = index ^ (1ull << order);
		if (buddy >= page_count || !page_array[buddy].free ||
		    page_array[buddy].order != order)
			break;
		list_del(&page_array[buddy]);
		index &= ~(1ull << order);
		order++;
	}
	list_add(&page_array[index], order);
}

void page_add_range(paddr_t start, paddr_t end)
{
	spin_guard(&lock);
	u64 i = align_up(start, PAGE_SIZE) >> PAGE_SHIFT, last = end >> PAGE_SHIFT;
	while (i < last) {
		u32 order = PAGE_MAX_ORDER;
		while ((i & ((1ull << order) - 1)) || i + (1ull << order) > last)
			order--;
		total_pages += 1ull << order;
		block_free(i, order);
		i += 1ull << order;
	}
}

err_t page_alloc_order(u32 order, struct page **out)
{
	spin_guard(&lock);
	u32 k = order;
	while (k <= PAGE_MAX_ORDER && !free_list[k])
		k++;
	if (k > PAGE_MAX_ORDER)
		return -ENOMEM;
	struct page *pg = free_list[k];
	list_del(pg);
	while (k > order) {
		k--;
		list_add(pg + (1ull << k), k);
	}
	pg->order = (u8)order;
	pg->refs = 1;
	free_pages -= 1ull << order;
	*out = pg;
	return 0;
}

err_t page_alloc(struct page **out)
{
	return page_alloc_order(0, out);
}

err_t page_alloc_zero(struct page **out)
{
	err_t err = page_alloc_order(0, out);
	if (!err && GUARD_PAGE_ZERO)
		memset(page_kva(*out), 0, PAGE_SIZE);
	return err;
}

void page_unref(struct page *pg)
{
	if (__atomic_fetch_sub(&pg->refs, 1, __ATOMIC_ACQ_REL) != 1)
		return;
	spin_guard(&lock);
	block_free((u64)(pg - page_array), pg->order);
}

void page_stats(struct page_stats *out)
{
	spin_guard(&lock);
	out->total = total_pages;
	out->free = free_pages;
}

/* Page tables come from here (machine/pmap.h). */
err_t pmap_table_alloc(paddr_t *pa)
{
	struct page *pg;
	err_t err = page_alloc_zero(&pg);
	if (!err)
		*pa = page_pa(pg);
	return err;
}

void pmap_table_free(paddr_t pa)
{
	page_unref(page_of_pa(pa));
}
