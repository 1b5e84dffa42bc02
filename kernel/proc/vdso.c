/* SPDX-License-Identifier: MIT */
/*
 * The vDSO pages: made once, shared by all programs, read-only to them. Writing to one gives
 * a program a copy of its own like any private mapping (a debugger's breakpoint, say).
 *
 * The 64-bit object is [data page][image]; the 32-bit one is the image alone, with the way
 * across that this CPU has: SYSENTER on Intel's, SYSCALL on AMD's, INT 0x80 on others. QEMU
 * would take either; silicon does not (docs/hazards/sysenter.md).
 */
#include "kernel/proc/vdso.h"

#include "cpu/desc.h"
#include "cpu/features.h"
#include "gen/errno.h"
#include "gen/vdso32_offsets.h"
#include "kernel/mm/aspace.h"
#include "kernel/mm/page.h"
#include "lib/string.h"
#include "machine/clock.h"
#include "vdso/vvar.h"

_Static_assert(VVAR_CPU_SELECTOR == CPU_NUMBER_SELECTOR, "what the vDSO looks up");

extern const u8 vdso64_image[], vdso64_image_end[], vdso32_image[], vdso32_image_end[];

#define PAGES_MAX 4

static struct vdso {
	struct vmobj obj; /* its first reference is never given back */
	struct page *pages[PAGES_MAX];
	u32 npages;
} vdso64, vdso32;

static struct vvar *vvar;

static err_t vdso_page_get(struct vmobj *obj, u64 pgoff, bool for_write, struct page **out)
{
	struct vdso *v = container_of(obj, struct vdso, obj);

	if (pgoff >= v->npages)
		return -ENXIO;
	page_ref(v->pages[pgoff]);
	*out = v->pages[pgoff];
	return 0;
}

static u64 vdso_size(struct vmobj *obj)
{
	return container_of(obj, struct vdso, obj)->npages * PAGE_SIZE;
}

static err_t vdso_read(struct vmobj *obj, u64 off, void *buf, u64 n, u64 *done)
{
	struct vdso *v = container_of(obj, struct vdso, obj);
	u64 size = vdso_size(obj);

	n = off < size ? min_u64(n, size - off) : 0;
	for (*done = 0; *done < n;) {
		u64 at = (off + *done) % PAGE_SIZE, part = min_u64(n - *done, PAGE_SIZE - at);
		memcpy((u8 *)buf + *done, (u8 *)page_kva(v->pages[(off + *done) / PAGE_SIZE]) + at,
		       part);
		*done += part;
	}
	return 0;
}

static void vdso_release(struct vmobj *obj)
{
}

static const struct vmobj_ops vdso_ops = { vdso_page_get, vdso_read, vdso_size, vdso_release };

/* Pages for an image, with room for so many in front of it. */
static err_t vdso_fill(struct vdso *v, u32 in_front, const u8 *image, const u8 *end)
{
	u64 bytes = (u64)(end - image);

	v->obj = (struct vmobj){ .ops = &vdso_ops, .refs = 1 };
	v->npages = in_front + (u32)(align_up(bytes, PAGE_SIZE) / PAGE_SIZE);
	if (v->npages > PAGES_MAX)
		return -ENOMEM;
	for (u32 i = 0; i < v->npages; i++) {
		err_t e = page_alloc_zero(&v->pages[i]);
		if (e)
			return e;
	}
	for (u64 off = 0; off < bytes; off += PAGE_SIZE)
		memcpy(page_kva(v->pages[in_front + off / PAGE_SIZE]), image + off,
		       min_u64(bytes - off, PAGE_SIZE));
	return 0;
}

/* The way across goes over the no-ops; code and sequence lie in the image's first page. */
static void choose_sequence(void)
{
	u8 *image = page_kva(vdso32.pages[0]);
	u64 from;

	_Static_assert(VDSO32_landing < PAGE_SIZE &&
			       VDSO32_by_syscall + VDSO32_SEQUENCE_BYTES < PAGE_SIZE &&
			       VDSO32_by_sysenter + VDSO32_SEQUENCE_BYTES < PAGE_SIZE,
		       "in the first page");
	if (cpu_features.vendor == VENDOR_INTEL && cpu_features.sysenter)
		from = VDSO32_by_sysenter;
	else if (cpu_features.vendor == VENDOR_AMD)
		from = VDSO32_by_syscall;
	else
		return;
	memcpy(image + VDSO32_sequence, image + from, VDSO32_SEQUENCE_BYTES);
}

void vdso_clock_update(void)
{
	struct clock_scale scale;

	clock_scale_get(&scale);
	__atomic_store_n(&vvar->seq, vvar->seq + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	vvar->tsc_start = scale.tsc_start;
	vvar->ns_per_tick = scale.ns_per_tick;
	vvar->epoch_ns = scale.epoch_ns;
	__atomic_store_n(&vvar->seq, vvar->seq + 1, __ATOMIC_RELEASE);
}

err_t vdso_init(void)
{
	err_t e = vdso_fill(&vdso64, 1, vdso64_image, vdso64_image_end);

	if (!e)
		e = vdso_fill(&vdso32, 0, vdso32_image, vdso32_image_end);
	if (e)
		return e;
	vvar = page_kva(vdso64.pages[0]);
	vdso_clock_update();
	choose_sequence();
	return 0;
}

err_t vdso_map(struct aspace *as, bool class32, struct vdso_places *out)
{
	struct vdso *v = class32 ? &vdso32 : &vdso64;
	struct map_request req = {
		.len = v->npages * PAGE_SIZE,
		.flags = VMA_READ | VMA_EXEC,
		.obj = &v->obj,
		.obj_limit = UINT64_MAX,
	};
	uaddr_t where;
	err_t e = aspace_map(as, &req, &where);

	if (e)
		return e;
	if (class32) {
		*out = (struct vdso_places){ where, where + VDSO32_kernel_vsyscall,
					     where + VDSO32_landing };
		return 0;
	}
	*out = (struct vdso_places){ .ehdr = where + PAGE_SIZE };
	return aspace_protect(as, where, PAGE_SIZE, VMA_READ); /* data */
}
