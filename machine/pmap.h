/* SPDX-License-Identifier: MIT */
/*
 * Page tables. A pmap is one 4-level tree; its upper half (the kernel) is shared by all.
 * No policy: who may map what where is kernel/mm's business.
 *
 * Four levels also on CPUs with LA57: the canonical limit then stays at bit 47 and
 * USER_TOP holds everywhere.
 */
#ifndef MACHINE_PMAP_H
#define MACHINE_PMAP_H

#include "base/types.h"
#include "cpu/spinlock.h"

/* Kernel address map (boot/kernel.ld has the image's own base). */
#define DIRECT_MAP_BASE 0xffff800000000000ull  /* all RAM, read-write, not executable */
#define KSTACK_AREA_BASE 0xffffc00000000000ull /* kernel stacks, each over a guard page */
#define MMIO_AREA_BASE 0xffffd00000000000ull   /* device registers, uncached */
#define KERNEL_IMAGE_BASE 0xffffffff80000000ull

static inline void *pa_to_kva(paddr_t pa)
{
	return (void *)(DIRECT_MAP_BASE + pa);
}
/* Of an address inside the direct map. */
static inline paddr_t kva_to_pa(const void *kva)
{
	return (vaddr_t)kva - DIRECT_MAP_BASE;
}

enum pmap_prot {
	PMAP_READ = 0, /* a present page can always be read */
	PMAP_WRITE = 1 << 0,
	PMAP_EXEC = 1 << 1,
	PMAP_USER = 1 << 2,
	PMAP_UNCACHED = 1 << 3,
	PMAP_NONE = 1 << 4, /* keeps the page, allows nothing; no other bit counts */
};

struct pmap {
	paddr_t root; /* of the PML4 */
	struct spinlock lock;
	u64 npages; /* user pages mapped: RSS */
	/* atomic */
	u64 cpus;	/* bit n set while CPU n may hold translations of it */
	u64 generation; /* counts the changes that make translations wrong */
};

MUST_CHECK err_t pmap_init(struct pmap *pm); /* empty lower half; -ENOMEM */
void pmap_destroy(struct pmap *pm);	     /* frees tables; all user pages must be unmapped */
/* CR3 is written only when it changes. Interrupts off. */
void pmap_activate(struct pmap *pm);
/* The calling CPU will touch no user address before it activates again. Interrupts off. */
void pmap_idle(void);

/* Maps one page, replacing nothing: the slot must be empty. -ENOMEM for a table. */
MUST_CHECK err_t pmap_map(struct pmap *pm, vaddr_t va, paddr_t pa, u32 prot);
/* Empties the slot. True when a page was there; its address in *pa. The caller flushes. */
bool pmap_unmap(struct pmap *pm, vaddr_t va, paddr_t *pa);
/* Changes the protection of the page at va if there is one. The caller flushes. */
void pmap_protect(struct pmap *pm, vaddr_t va, u32 prot);
/* The page at va and its protection. */
bool pmap_lookup(struct pmap *pm, vaddr_t va, paddr_t *pa, u32 *prot);
/* First va >= start and < end whose page-table page exists, or end: lets walkers skip holes. */
vaddr_t pmap_next_table(struct pmap *pm, vaddr_t start, vaddr_t end);
/* Forgets the translations of a range on every CPU that may hold them, and returns when they are
 * gone; before that no page that was there may be given to anybody else. Not under a spinlock:
 * it waits for CPUs that may be waiting for the lock. */
void pmap_flush(struct pmap *pm, vaddr_t start, vaddr_t end);

extern struct pmap kernel_pmap;

/* Upcalls: table pages come from the kernel's page allocator, zeroed. */
MUST_CHECK err_t pmap_table_alloc(paddr_t *pa);
void pmap_table_free(paddr_t pa);

#endif
