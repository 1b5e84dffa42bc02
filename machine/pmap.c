/* SPDX-License-Identifier: MIT */
/*
 * Four-level page tables (SDM vol. 3, 4.5). Tables are reached through the direct map.
 * The upper half of every root holds the same 256 entries, all present from kernel_map_init
 * on, so a later kernel mapping is seen by every address space without copying.
 */
#include "machine/pmap.h"
#include "cpu/features.h"
#include "cpu/irq.h"
#include "cpu/msr.h"
#include "cpu/percpu.h"
#include "gen/errno.h"
#include "lib/string.h"
#include "machine/pmap_impl.h"
#include "machine/smp.h"

struct pmap kernel_pmap;

/*
 * What each CPU has in CR3. A CPU without user code to run keeps the last tables loaded but is
 * lazy about them: nobody interrupts it for a change; it compares generations before it runs
 * user code again. Whoever changes a table counts the generation up first and looks for lazy
 * CPUs then, a CPU that stops being lazy does it the other way round: one of the two sees the
 * other.
 */
static struct cpu_tables {
	struct pmap *pm;
	u64 generation; /* of pm, when its translations here were last known good */
	bool lazy;
} loaded[CPUS_MAX];

static u64 *table(paddr_t pa)
{
	return pa_to_kva(pa);
}

static u32 index_of(vaddr_t va, u32 level)
{
	return (va >> (PAGE_SHIFT + 9 * level)) & 511;
}

u64 pte_make(paddr_t pa, u32 prot)
{
	if (prot & PMAP_NONE)
		return (~pa & PTE_ADDR) | PTE_HELD;
	u64 pte = pa | PTE_PRESENT | PTE_ACCESSED;
	if (prot & PMAP_WRITE)
		pte |= PTE_WRITE | PTE_DIRTY;
	if (prot & PMAP_USER)
		pte |= PTE_USER;
	else if (cpu_features.pge)
		pte |= PTE_GLOBAL;
	if (prot & PMAP_UNCACHED)
		pte |= PTE_PCD | PTE_PWT;
	if (!(prot & PMAP_EXEC) && cpu_features.nx)
		pte |= PTE_NX;
	return pte;
}

static u32 pte_prot(u64 pte)
{
	if (!(pte & PTE_PRESENT))
		return PMAP_NONE;
	return (pte & PTE_WRITE ? PMAP_WRITE : 0) | (pte & PTE_USER ? PMAP_USER : 0) |
	       (pte & PTE_NX ? 0 : PMAP_EXEC);
}

/* The entry for va at the lowest level, or NULL where a table is missing and create is off
 * or memory is out. Upper entries allow everything; the last one decides. */
static u64 *walk(struct pmap *pm, vaddr_t va, bool create)
{
	u64 *t = table(pm->root);
	for (u32 level = 3; level > 0; level--) {
		u64 *e = &t[index_of(va, level)];
		if (!(*e & PTE_PRESENT)) {
			paddr_t pa;
			if (!create || pmap_table_alloc(&pa))
				return NULL;
			*e = pa | PTE_PRESENT | PTE_WRITE | (va < USER_HALF_END ? PTE_USER : 0);
		}
		if (*e & PTE_LARGE)
			return NULL;
		t = table(*e & PTE_ADDR);
	}
	return &t[index_of(va, 0)];
}

err_t pmap_init(struct pmap *pm)
{
	err_t err = pmap_table_alloc(&pm->root);
	if (err)
		return err;
	memcpy(table(pm->root) + 256, table(kernel_pmap.root) + 256, 256 * sizeof(u64));
	pm->lock = (struct spinlock)SPINLOCK_INIT;
	pm->npages = 0;
	return 0;
}

static void free_tables(u64 *t, u32 level, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		if (!(t[i] & PTE_PRESENT))
			continue;
		if (level > 1)
			free_tables(table(t[i] & PTE_ADDR), level - 1, 512);
		pmap_table_free(t[i] & PTE_ADDR);
	}
}

static void leave(void *arg)
{
	if (loaded[this_cpu()->id].pm == arg)
		pmap_activate(&kernel_pmap);
}

void pmap_destroy(struct pmap *pm)
{
	u64 flags = irq_save();
	leave(pm);
	if (smp_ncpus > 1 && pm->cpus)
		smp_call(pm->cpus, leave, pm);
	irq_restore(flags);
	free_tables(table(pm->root), 3, 256);
	pmap_table_free(pm->root);
	pm->root = 0;
}

static void tables_load(struct cpu_tables *c, struct pmap *pm)
{
	c->generation = __atomic_load_n(&pm->generation, __ATOMIC_SEQ_CST);
	cr3_write(pm->root);
}

void pmap_activate(struct pmap *pm)
{
	u32 cpu = this_cpu()->id;
	struct cpu_tables *c = &loaded[cpu];
	struct pmap *old = c->pm;

	__atomic_store_n(&c->lazy, false, __ATOMIC_SEQ_CST);
	if (old == pm) {
		if (__atomic_load_n(&pm->generation, __ATOMIC_SEQ_CST) != c->generation)
			tables_load(c, pm);
		return;
	}
	/* The mark before the load: whoever changes a table after we may have read it sees it. */
	__atomic_fetch_or(&pm->cpus, 1ull << cpu, __ATOMIC_SEQ_CST);
	c->pm = pm;
	tables_load(c, pm);
	if (old)
		__atomic_fetch_and(&old->cpus, ~(1ull << cpu), __ATOMIC_SEQ_CST);
}

void pmap_idle(void)
{
	__atomic_store_n(&loaded[this_cpu()->id].lazy, true, __ATOMIC_SEQ_CST);
}

err_t pmap_map(struct pmap *pm, vaddr_t va, paddr_t pa, u32 prot)
{
	spin_guard(&pm->lock);
	u64 *e = walk(pm, va, true);
	if (!e)
		return -ENOMEM;
	*e = pte_make(pa, prot);
	pm->npages++;
	return 0;
}

bool pmap_unmap(struct pmap *pm, vaddr_t va, paddr_t *pa)
{
	spin_guard(&pm->lock);
	u64 *e = walk(pm, va, false);
	if (!e || !pte_filled(*e))
		return false;
	*pa = pte_pa(*e);
	*e = 0;
	pm->npages--;
	return true;
}

void pmap_protect(struct pmap *pm, vaddr_t va, u32 prot)
{
	spin_guard(&pm->lock);
	u64 *e = walk(pm, va, false);
	if (e && pte_filled(*e))
		*e = pte_make(pte_pa(*e), prot);
}

bool pmap_lookup(struct pmap *pm, vaddr_t va, paddr_t *pa, u32 *prot)
{
	spin_guard(&pm->lock);
	u64 *e = walk(pm, va, false);
	if (!e || !pte_filled(*e))
		return false;
	*pa = pte_pa(*e);
	*prot = pte_prot(*e);
	return true;
}

vaddr_t pmap_next_table(struct pmap *pm, vaddr_t start, vaddr_t end)
{
	while (start < end) {
		u64 *t = table(pm->root);
		u32 level = 3;
		while (level > 0) {
			u64 e = t[index_of(start, level)];
			if (!(e & PTE_PRESENT))
				break;
			t = table(e & PTE_ADDR);
			level--;
		}
		if (level == 0)
			return start;
		start = align_down(start, 1ull << (PAGE_SHIFT + 9 * level)) +
			(1ull << (PAGE_SHIFT + 9 * level));
	}
	return end;
}

/*
 * Page by page up to a point, then everything: a long run of INVLPG costs more than the
 * refills it saves.
 */
#define FLUSH_ALL_PAGES 32

struct flush {
	struct pmap *pm;
	vaddr_t start, end;
	u64 generation;
};

static void flush_pages(vaddr_t start, vaddr_t end)
{
	for (vaddr_t va = start; va < end; va += PAGE_SIZE)
		__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

static void flush_kernel(void *arg)
{
	const struct flush *f = arg;
	flush_pages(f->start, f->end);
}

static void flush_user(void *arg)
{
	const struct flush *f = arg;
	struct cpu_tables *c = &loaded[this_cpu()->id];
	if (c->pm != f->pm || c->generation >= f->generation)
		return;
	/* A generation we missed may have had another range. */
	if (c->generation + 1 != f->generation || f->end - f->start > FLUSH_ALL_PAGES * PAGE_SIZE) {
		tables_load(c, f->pm);
		return;
	}
	flush_pages(f->start, f->end);
	c->generation = f->generation;
}

static u64 cpus_in_use(const struct pmap *pm)
{
	u64 mask = __atomic_load_n(&pm->cpus, __ATOMIC_SEQ_CST);
	for (u32 i = 0; i < smp_ncpus; i++)
		if (__atomic_load_n(&loaded[i].lazy, __ATOMIC_SEQ_CST))
			mask &= ~(1ull << i);
	return mask & ~(1ull << this_cpu()->id);
}

void pmap_flush(struct pmap *pm, vaddr_t start, vaddr_t end)
{
	struct flush f = { pm, start, end, 0 };
	u64 flags = irq_save(); /* the CPU we are on must not change between here and there */
	if (start >= USER_HALF_END) {
		flush_kernel(&f);
		smp_call(UINT64_MAX, flush_kernel, &f);
	} else {
		f.generation = __atomic_add_fetch(&pm->generation, 1, __ATOMIC_SEQ_CST);
		flush_user(&f);
		u64 mask = cpus_in_use(pm);
		if (mask)
			smp_call(mask, flush_user, &f);
	}
	irq_restore(flags);
}
