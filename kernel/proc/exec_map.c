/* SPDX-License-Identifier: MIT */
/*
 * exec, first half: the file's headers, and a fresh address space made from them.
 * Nothing here touches the running image, so every failure is harmless.
 *
 * File pages are mapped privately and come on demand; a segment's tail beyond p_filesz
 * reads as zeros by the mapping's obj_limit, so no page is copied before it is touched.
 *
 * Where things go at random follows Linux on x86-64: the stack's top below the end of user
 * space, the mmap area below the stack's possible extent, position-independent programs
 * around two thirds of user space (i386: one third), the break up to 32 MiB behind the last
 * segment.
 */
#include "kernel/mm/aspace.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/page.h"
#include "kernel/proc/exec_impl.h"
#include "kernel/proc/personality.h"
#include "machine/random.h"

#include "gen/errno.h"
#include "gen/flags.h"

/* Numbers of random pages are powers of two. */
static const struct layout {
	u64 pie_base, pie_random_pages, mmap_random_pages, stack_random_pages;
} layout64 = { 0x555555554000, 1 << 28, 1 << 28, 1 << 22 },
  layout32 = { 0x56555000, 1 << 8, 1 << 8, 1 << 11 };

#define BRK_RANDOM_PAGES ((32ull << 20) / PAGE_SIZE)

#define STACK_GUARD_GAP (256 * PAGE_SIZE) /* between a full-grown stack and the mmap area */
#define STACK_GAP_MIN (128ull << 20)
#define STACK_FIRST_ROOM (128ull * 1024) /* mapped below the first stack pointer, as Linux */

#define NOTE_BYTES_MAX 4096 /* of one note segment; brands stand at the beginning */
#define NATIVE_BRAND "Lstar"

static const char out_of_memory[] = "out of memory while the program was being loaded";

/* page_limit is a power of two. */
static u64 random_pages(u64 page_limit)
{
	u64 r;

	random_bytes(&r, sizeof r);
	return (r & (page_limit - 1)) << PAGE_SHIFT;
}

/* All n bytes or an error: a file may have shrunk since its size was asked. */
static err_t read_exactly(struct vmobj *file, u64 off, void *buf, u64 n)
{
	u64 done = 0;
	err_t e = file->ops->read(file, off, buf, n, &done);

	if (!e && done < n)
		return -ENOEXEC;
	return e;
}

static err_t refuse_native(struct vmobj *file, const struct elf_plan *plan, const char **why)
{
	u64 off, size, align, done;
	void *buf = kmalloc(NOTE_BYTES_MAX);
	err_t e = buf ? 0 : -ENOMEM;

	*why = out_of_memory;
	for (u32 cursor = 0; !e && elf_next_note_range(plan, &cursor, &off, &size, &align);) {
		done = 0;
		*why = "cannot read the program's notes";
		e = file->ops->read(file, off, buf, min_u64(size, NOTE_BYTES_MAX), &done);
		if (!e && elf_notes_have_name(buf, done, align, NATIVE_BRAND)) {
			*why = "a native Lstar program; only Linux programs can run yet";
			e = -ENOEXEC;
		}
	}
	kfree(buf);
	return e;
}

err_t exec_read(struct vmobj *file, struct new_image *img, const char **why)
{
	u8 head[ELF_HEADER_BYTES];
	struct elf_header header;
	u64 got = 0, size = file->ops->size(file), table;
	err_t e;

	*why = "cannot read the program's file";
	e = file->ops->read(file, 0, head, sizeof head, &got);
	if (!e)
		e = elf_read_header(head, got, &header, why);
	if (e)
		return e;
	img->personality = header.class32 ? &personality_linux32 : &personality_linux64;
	table = (u64)header.phnum * header.phent_bytes;
	img->phdrs = kmalloc(table);
	if (!img->phdrs) {
		*why = out_of_memory;
		return -ENOMEM;
	}
	if (header.phoff <= size && table <= size - header.phoff) {
		*why = "cannot read the program's headers";
		e = read_exactly(file, header.phoff, img->phdrs, table);
		if (e)
			return e;
	} /* else elf_make_plan says so without looking at the table */
	e = elf_make_plan(&header, img->phdrs, size, &img->plan, why);
	return e ? e : refuse_native(file, &img->plan, why);
}

/* Linux's heuristic: memory that can never be there is refused at once, the rest is promised. */
static err_t check_memory(const struct elf_plan *plan, const char **why)
{
	struct page_stats ps;
	struct elf_segment seg;
	u64 want = 0;

	page_stats(&ps);
	for (u32 cursor = 0; elf_next_segment(plan, &cursor, &seg);) {
		u64 bytes = seg.prot & ELF_PROT_WRITE ? seg.memsz : seg.memsz - seg.filesz;
		want += bytes >> PAGE_SHIFT; /* segments do not overlap: no wrap */
	}
	if (want <= ps.total)
		return 0;
	*why = "the program's data needs more memory than this machine has; give it more (-m)";
	return -ENOMEM;
}

static u32 vma_prot(u32 elf_prot)
{
	return (elf_prot & ELF_PROT_READ ? VMA_READ : 0) |
	       (elf_prot & ELF_PROT_WRITE ? VMA_WRITE : 0) |
	       (elf_prot & ELF_PROT_EXEC ? VMA_EXEC : 0);
}

static err_t map_segment(struct aspace *as, struct vmobj *file, u64 bias,
			 const struct elf_segment *seg)
{
	u64 vaddr = bias + seg->vaddr, in_page = vaddr & (PAGE_SIZE - 1);
	uaddr_t start = vaddr - in_page, where;
	uaddr_t file_end = seg->filesz ? align_up(vaddr + seg->filesz, PAGE_SIZE) : start;
	uaddr_t end = align_up(vaddr + seg->memsz, PAGE_SIZE);
	struct map_request req = {
		.addr = start,
		.len = file_end - start,
		.flags = vma_prot(seg->prot),
		.fixed = true,
		.noreplace = true,
		.obj = file,
		.pgoff = seg->off >> PAGE_SHIFT,
		.obj_limit = seg->memsz > seg->filesz ? seg->off + seg->filesz : UINT64_MAX,
	};
	err_t e = 0;

	if (req.len)
		e = aspace_map(as, &req, &where);
	if (e || end == file_end)
		return e;
	req.addr = file_end;
	req.len = end - file_end;
	req.obj = NULL;
	req.pgoff = 0;
	req.obj_limit = UINT64_MAX;
	return aspace_map(as, &req, &where);
}

static err_t map_segments(struct vmobj *file, struct new_image *img)
{
	struct elf_segment seg;
	err_t e = 0;

	for (u32 cursor = 0; !e && elf_next_segment(&img->plan, &cursor, &seg);)
		e = map_segment(img->aspace, file, img->bias, &seg);
	return e;
}

static const struct layout *layout_of(const struct new_image *img)
{
	return img->plan.header.class32 ? &layout32 : &layout64;
}

static u64 choose_bias(const struct new_image *img)
{
	const struct elf_plan *plan = &img->plan;
	const struct layout *l = layout_of(img);

	if (!plan->header.pie)
		return 0;
	/* Down to the alignment, and never less than what the program was linked at: a wrap
	 * here would be harmless (bias is added modulo 2^64) but is not needed. */
	return align_down(l->pie_base + random_pages(l->pie_random_pages), plan->align) -
	       align_down(plan->start, plan->align);
}

static uaddr_t choose_mmap_base(const struct new_image *img)
{
	const struct layout *l = layout_of(img);
	u64 stack_limit = img->aspace->stack_limit_bytes, gap_max = img->aspace->top / 6 * 5;
	u64 pad = l->stack_random_pages * PAGE_SIZE + STACK_GUARD_GAP;
	u64 gap = stack_limit + pad < pad ? gap_max : stack_limit + pad;

	gap = min_u64(max_u64(gap, STACK_GAP_MIN), gap_max);
	return align_down(img->aspace->top - gap - random_pages(l->mmap_random_pages), PAGE_SIZE);
}

static void place_brk(struct aspace *as, uaddr_t image_end)
{
	u64 shift = random_pages(BRK_RANDOM_PAGES);

	as->brk_start = image_end < as->top - shift ? image_end + shift : image_end;
	as->brk = as->brk_start;
}

static err_t map_stack(struct new_image *img, u64 bytes)
{
	struct map_request req = {
		.flags = VMA_READ | VMA_WRITE | VMA_GROWSDOWN |
			 (img->plan.stack_exec ? VMA_EXEC : 0),
		.fixed = true,
		.noreplace = true,
		.obj_limit = UINT64_MAX,
	};
	uaddr_t where;

	img->stack_top = img->aspace->top - random_pages(layout_of(img)->stack_random_pages);
	req.len = align_up(bytes + STACK_FIRST_ROOM, PAGE_SIZE);
	req.addr = img->stack_top - req.len;
	return aspace_map(img->aspace, &req, &where);
}

static void set_limits(struct aspace *as, const struct proc *p)
{
	as->limit_bytes = p->limits[LINUX_RLIMIT_AS].cur;
	as->data_limit_bytes = p->limits[LINUX_RLIMIT_DATA].cur;
	as->stack_limit_bytes = p->limits[LINUX_RLIMIT_STACK].cur;
}

err_t exec_map(struct vmobj *file, const struct proc *p, u64 stack_bytes, struct new_image *img,
	       const char **why)
{
	err_t e = check_memory(&img->plan, why);

	if (e)
		return e;
	*why = out_of_memory;
	e = aspace_new(&img->aspace);
	if (e)
		return e;
	set_limits(img->aspace, p);
	img->aspace->top = img->personality->user_top;
	img->aspace->mmap_base = choose_mmap_base(img);
	img->bias = choose_bias(img);
	e = map_segments(file, img);
	if (e)
		return e;
	place_brk(img->aspace, img->bias + img->plan.end);
	e = map_stack(img, stack_bytes);
	if (e == -EEXIST) {
		*why = "bad ELF file: a segment lies where the stack belongs";
		return -ENOEXEC;
	}
	return e ? e : vdso_map(img->aspace, img->plan.header.class32, &img->vdso);
}
