/* SPDX-License-Identifier: MIT */
/*
 * Kernel stacks. Each has a slot of twice its size in an area of its own; the lower half of
 * a slot is never mapped, so an overflow faults (and, with no stack to push on, becomes a
 * double fault on its IST stack) instead of writing into a neighbour.
 */
#include "base/guards.h"
#include "cpu/spinlock.h"
#include "gen/errno.h"
#include "kernel/mm/init.h"
#include "kernel/mm/page.h"
#include "machine/pmap.h"

#define SLOT_SIZE (2 * KSTACK_SIZE)
#define SLOT_COUNT 65536ull
#define CACHE_MAX 16

static struct spinlock lock = SPINLOCK_INIT;
static vaddr_t cache[CACHE_MAX]; /* tops of mapped stacks nobody uses */
static u32 ncached;
static u64 next_slot;

static err_t stack_map(vaddr_t bottom)
{
	for (vaddr_t va = bottom; va < bottom + KSTACK_SIZE; va += PAGE_SIZE) {
		struct page *pg;
		err_t err = page_alloc_zero(&pg);
		if (err)
			return err;
		err = pmap_map(&kernel_pmap, va, page_pa(pg), PMAP_WRITE);
		if (err) {
			page_unref(pg);
			return err;
		}
	}
	return 0;
}

static void stack_unmap(vaddr_t bottom)
{
	paddr_t pa[KSTACK_SIZE / PAGE_SIZE];
	u32 n = 0;
	for (vaddr_t va = bottom; va < bottom + KSTACK_SIZE; va += PAGE_SIZE)
		if (pmap_unmap(&kernel_pmap, va, &pa[n]))
			n++;
	pmap_flush(&kernel_pmap, bottom, bottom + KSTACK_SIZE);
	while (n)
		page_unref(page_of_pa(pa[--n]));
}

static vaddr_t cache_take(void)
{
	spin_guard(&lock);
	return ncached ? cache[--ncached] : 0;
}

static u64 slot_take(void)
{
	spin_guard(&lock);
	return next_slot < SLOT_COUNT ? next_slot++ : SLOT_COUNT;
}

err_t kstack_alloc(vaddr_t *top)
{
	*top = cache_take();
	if (*top)
		return 0;
	u64 slot = slot_take();
	if (slot == SLOT_COUNT)
		return -ENOMEM;
	vaddr_t bottom = KSTACK_AREA_BASE + slot * SLOT_SIZE + KSTACK_SIZE;
	err_t err = stack_map(bottom);
	if (!err && !GUARD_STACK_GUARD)
		err = stack_map(bottom - KSTACK_SIZE);
	if (err) {
		stack_unmap(bottom);
		return err;
	}
	*top = bottom + KSTACK_SIZE;
	return 0;
}

static bool cache_put(vaddr_t top)
{
	spin_guard(&lock);
	if (ncached == CACHE_MAX)
		return false;
	cache[ncached++] = top;
	return true;
}

void kstack_free(vaddr_t top)
{
	if (!cache_put(top))
		stack_unmap(top - KSTACK_SIZE); /* the slot is not used again: there are plenty */
}

bool kstack_is_guard(vaddr_t addr)
{
	if (addr < KSTACK_AREA_BASE || addr >= KSTACK_AREA_BASE + SLOT_COUNT * SLOT_SIZE)
		return false;
	return (addr - KSTACK_AREA_BASE) % SLOT_SIZE < KSTACK_SIZE;
}
