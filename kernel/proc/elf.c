/* SPDX-License-Identifier: MIT */
/*
 * The ELF reader: from untrusted bytes to a checked load plan (see elf.h).
 *
 * Invariant: a segment that elf_next_segment hands out has vaddr + memsz <= the
 * USER_TOP of its class, off + filesz <= file size, and shares no page with another one. Callers
 * add and round without looking again.
 *
 * Called by kernel/proc/exec.c, tests/host/elf_test.c and tests/fuzz/elf_fuzz.c.
 * Where Linux loads a broken file and lets it crash (entry outside the image, segment past
 * the end of the file) this refuses: the user learns why.
 */
#include "kernel/proc/elf.h"

#include "base/uaddr.h"
#include "gen/errno.h"

struct elf64_ehdr {
	u8 ident[16];
	u16 type, machine;
	u32 version;
	u64 entry, phoff, shoff;
	u32 flags;
	u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf64_phdr {
	u32 type, flags;
	u64 offset, vaddr, paddr, filesz, memsz, align;
};

struct elf32_ehdr {
	u8 ident[16];
	u16 type, machine;
	u32 version;
	u32 entry, phoff, shoff;
	u32 flags;
	u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf32_phdr {
	u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

struct elf_nhdr {
	u32 namesz, descsz, type;
};

_Static_assert(sizeof(struct elf64_ehdr) == ELF_HEADER_BYTES, "gABI: 64 bytes");
_Static_assert(sizeof(struct elf64_phdr) == ELF_PHENT_BYTES, "gABI: 56 bytes");
_Static_assert(sizeof(struct elf32_ehdr) == 52, "gABI: 52 bytes");
_Static_assert(sizeof(struct elf32_phdr) == ELF32_PHENT_BYTES, "gABI: 32 bytes");

enum { EI_CLASS = 4, EI_DATA = 5, EI_VERSION = 6, EI_OSABI = 7 };
enum { ELFCLASS32 = 1, ELFCLASS64 = 2, ELFDATA2LSB = 1 };
enum { OSABI_SYSV = 0, OSABI_LINUX = 3 };
enum { ET_REL = 1, ET_EXEC = 2, ET_DYN = 3, ET_CORE = 4, EM_386 = 3, EM_X86_64 = 62 };
enum { PT_LOAD = 1, PT_INTERP = 3, PT_NOTE = 4, PT_GNU_STACK = 0x6474e551 };

/* A PIE's base lies in the middle of user space: an image this long fits above it, and an
 * alignment this large still leaves a base. */
#define PIE_SPAN_MAX (1ull << 44)
#define ALIGN_MAX (1ull << 40)
#define PIE_SPAN_MAX32 (1ull << 31)
#define ALIGN_MAX32 (1ull << 28)

static err_t refuse(const char **why, const char *reason)
{
	*why = reason;
	return -ENOEXEC;
}

/* The table may be at any address: it is copied out entry by entry. */
static void phdr_get(const struct elf_plan *plan, u32 i, struct elf64_phdr *ph)
{
	const u8 *at = (const u8 *)plan->phdrs + (u64)i * plan->header.phent_bytes;
	struct elf32_phdr narrow;

	if (!plan->header.class32) {
		__builtin_memcpy(ph, at, sizeof *ph);
		return;
	}
	__builtin_memcpy(&narrow, at, sizeof narrow);
	*ph = (struct elf64_phdr){
		.type = narrow.type,
		.flags = narrow.flags,
		.offset = narrow.offset,
		.vaddr = narrow.vaddr,
		.paddr = narrow.paddr,
		.filesz = narrow.filesz,
		.memsz = narrow.memsz,
		.align = narrow.align,
	};
}

static err_t check_ident(const u8 *ident, const char **why)
{
	if (ident[EI_CLASS] != ELFCLASS32 && ident[EI_CLASS] != ELFCLASS64)
		return refuse(why, "bad ELF file: neither 32-bit nor 64-bit class");
	if (ident[EI_DATA] != ELFDATA2LSB)
		return refuse(why, "a big-endian program; this machine is little-endian x86-64");
	if (ident[EI_VERSION] != 1)
		return refuse(why, "bad ELF file: unknown ELF version");
	if (ident[EI_OSABI] != OSABI_SYSV && ident[EI_OSABI] != OSABI_LINUX)
		return refuse(why, "an ELF program for another operating system");
	return 0;
}

static err_t check_type(const struct elf64_ehdr *eh, const char **why)
{
	bool class32 = eh->ident[EI_CLASS] == ELFCLASS32;
	u32 phent_bytes = class32 ? ELF32_PHENT_BYTES : ELF_PHENT_BYTES;

	if (eh->machine == EM_X86_64 && class32)
		return refuse(why, "uses the x32 ABI; build it for x86-64 or for i386");
	if (eh->machine != (class32 ? EM_386 : EM_X86_64))
		return refuse(why, "built for another processor; this machine is x86-64");
	if (eh->type == ET_REL)
		return refuse(why, "an object file; link it into a program first");
	if (eh->type == ET_CORE)
		return refuse(why, "a core dump, not a program");
	if (eh->type != ET_EXEC && eh->type != ET_DYN)
		return refuse(why, "bad ELF file: not an executable");
	if (eh->phentsize != phent_bytes)
		return refuse(why, "bad ELF file: wrong program header size");
	if (eh->phnum == 0)
		return refuse(why, "bad ELF file: no program headers");
	if (eh->phnum > ELF_PHDRS_MAX_BYTES / phent_bytes)
		return refuse(why, "bad ELF file: too many program headers");
	return 0;
}

/* The fixed part of both classes' headers in the wide form; false when the file ends in it. */
static bool ehdr_get(const void *head, u64 n, struct elf64_ehdr *eh)
{
	struct elf32_ehdr narrow;

	if (n > EI_CLASS && ((const u8 *)head)[EI_CLASS] == ELFCLASS32) {
		if (n < sizeof narrow)
			return false;
		__builtin_memcpy(&narrow, head, sizeof narrow);
		*eh = (struct elf64_ehdr){
			.type = narrow.type,
			.machine = narrow.machine,
			.entry = narrow.entry,
			.phoff = narrow.phoff,
			.phentsize = narrow.phentsize,
			.phnum = narrow.phnum,
		};
		__builtin_memcpy(eh->ident, narrow.ident, sizeof eh->ident);
		return true;
	}
	if (n < sizeof *eh)
		return false;
	__builtin_memcpy(eh, head, sizeof *eh);
	return true;
}

err_t elf_read_header(const void *head, u64 n, struct elf_header *out, const char **why)
{
	static const u8 magic[4] = { 0x7f, 'E', 'L', 'F' };
	struct elf64_ehdr eh;
	err_t e;

	if (n == 0)
		return refuse(why, "the file is empty");
	if (n >= 2 && __builtin_memcmp(head, "#!", 2) == 0)
		return refuse(why, "a script; run its interpreter with the script as argument");
	if (n < sizeof magic || __builtin_memcmp(head, magic, sizeof magic) != 0)
		return refuse(why, "not an ELF program");
	if (!ehdr_get(head, n, &eh))
		return refuse(why, "truncated ELF file: its header is cut off");
	e = check_ident(eh.ident, why);
	if (!e)
		e = check_type(&eh, why);
	if (e)
		return e;
	*out = (struct elf_header){
		.class32 = eh.ident[EI_CLASS] == ELFCLASS32,
		.pie = eh.type == ET_DYN,
		.entry = eh.entry,
		.phoff = eh.phoff,
		.phnum = eh.phnum,
		.phent_bytes = eh.phentsize,
	};
	return 0;
}

static bool is_power_of_two(u64 x)
{
	return x && !(x & (x - 1));
}

static bool range_ok(const struct elf_header *h, u64 start, u64 len)
{
	return user_range_ok(start, len) && (!h->class32 || start + len <= USER_TOP32);
}

/* One PT_LOAD on its own. */
static err_t check_load(const struct elf64_phdr *ph, const struct elf_header *h, u64 file_size,
			const char **why)
{
	if (ph->filesz > ph->memsz)
		return refuse(why, "bad ELF file: a segment is longer in the file than in memory");
	if (ph->filesz > file_size || ph->offset > file_size - ph->filesz)
		return refuse(why, "truncated ELF file: a segment ends past the end of the file");
	if (ph->filesz && (ph->offset ^ ph->vaddr) & (PAGE_SIZE - 1))
		return refuse(why, "bad ELF file: a segment's offset and address differ modulo the "
				   "page size");
	if (!range_ok(h, ph->vaddr, ph->memsz))
		return refuse(why, "bad ELF file: a segment lies in kernel addresses");
	if (!h->pie && ph->vaddr < USER_BOTTOM)
		return refuse(why, "bad ELF file: a segment lies below the lowest user address");
	if (is_power_of_two(ph->align) && ph->align > (h->class32 ? ALIGN_MAX32 : ALIGN_MAX))
		return refuse(why, "bad ELF file: a segment's alignment is too large");
	return 0;
}

/* Page-wise, because pages are what gets mapped. Files list segments in ascending order, so
 * the walk over the earlier ones is rare. */
static bool overlaps_earlier(const struct elf_plan *plan, u32 n, u64 start, u64 end)
{
	for (u32 i = 0; i < n; i++) {
		struct elf64_phdr ph;
		phdr_get(plan, i, &ph);
		if (ph.type != PT_LOAD || ph.memsz == 0)
			continue;
		if (start < align_up(ph.vaddr + ph.memsz, PAGE_SIZE) &&
		    align_down(ph.vaddr, PAGE_SIZE) < end)
			return true;
	}
	return false;
}

static err_t add_load(struct elf_plan *p, u32 i, const struct elf64_phdr *ph, u64 file_size,
		      const char **why)
{
	u64 start, end;
	err_t e = check_load(ph, &p->header, file_size, why);

	if (e || ph->memsz == 0)
		return e;
	start = align_down(ph->vaddr, PAGE_SIZE);
	end = align_up(ph->vaddr + ph->memsz, PAGE_SIZE);
	if (p->nsegments && start < p->end && overlaps_earlier(p, i, start, end))
		return refuse(why, "bad ELF file: segments overlap");
	if (p->nsegments == 0 || start < p->start)
		p->start = start;
	p->end = max_u64(p->end, end);
	if (is_power_of_two(ph->align))
		p->align = max_u64(p->align, ph->align);
	if (!p->phdr_loaded && p->header.phoff >= ph->offset &&
	    p->header.phoff - ph->offset < ph->filesz) {
		p->phdr_loaded = true;
		p->phdr_vaddr = ph->vaddr + (p->header.phoff - ph->offset);
	}
	p->nsegments++;
	return 0;
}

static bool entry_in_image(const struct elf_plan *p)
{
	struct elf_segment seg;

	for (u32 cursor = 0; elf_next_segment(p, &cursor, &seg);) {
		if (p->header.entry >= seg.vaddr && p->header.entry - seg.vaddr < seg.memsz)
			return true;
	}
	return false;
}

static err_t check_whole(const struct elf_plan *p, const char **why)
{
	if (p->nsegments == 0)
		return refuse(why, "bad ELF file: nothing to load");
	if (p->header.pie &&
	    p->end - p->start > (p->header.class32 ? PIE_SPAN_MAX32 : PIE_SPAN_MAX))
		return refuse(why, "bad ELF file: its segments are too far apart");
	/* Linux starts such a program and lets it fault at once. */
	if (!entry_in_image(p))
		return refuse(why, "bad ELF file: the entry point lies outside the program");
	return 0;
}

err_t elf_make_plan(const struct elf_header *header, const void *phdrs, u64 file_size,
		    struct elf_plan *out, const char **why)
{
	u64 table_bytes = (u64)header->phnum * header->phent_bytes;

	*out = (struct elf_plan){ .header = *header, .phdrs = phdrs, .align = PAGE_SIZE };
	if (table_bytes > file_size || header->phoff > file_size - table_bytes)
		return refuse(why, "truncated ELF file: its program headers are cut off");
	for (u32 i = 0; i < header->phnum; i++) {
		struct elf64_phdr ph;
		err_t e = 0;
		phdr_get(out, i, &ph);
		if (ph.type == PT_INTERP) {
			*why = "dynamically linked; only static programs can run: link it with "
			       "-static or -static-pie";
			return -ELIBACC;
		}
		if (ph.type == PT_LOAD)
			e = add_load(out, i, &ph, file_size, why);
		else if (ph.type == PT_GNU_STACK)
			out->stack_exec = ph.flags & ELF_PROT_EXEC;
		if (e)
			return e;
	}
	return check_whole(out, why);
}

/* The next entry of that type, from *cursor on. */
static bool next_phdr(const struct elf_plan *plan, u32 type, u32 *cursor, struct elf64_phdr *ph)
{
	while (*cursor < plan->header.phnum) {
		phdr_get(plan, (*cursor)++, ph);
		if (ph->type == type)
			return true;
	}
	return false;
}

bool elf_next_segment(const struct elf_plan *plan, u32 *cursor, struct elf_segment *seg)
{
	struct elf64_phdr ph;

	do {
		if (!next_phdr(plan, PT_LOAD, cursor, &ph))
			return false;
	} while (ph.memsz == 0);
	*seg = (struct elf_segment){
		.vaddr = ph.vaddr,
		.memsz = ph.memsz,
		.off = ph.offset,
		.filesz = ph.filesz,
		.prot = ph.flags & (ELF_PROT_READ | ELF_PROT_WRITE | ELF_PROT_EXEC),
	};
	return true;
}

bool elf_next_note_range(const struct elf_plan *plan, u32 *cursor, u64 *off, u64 *size, u64 *align)
{
	struct elf64_phdr ph;

	if (!next_phdr(plan, PT_NOTE, cursor, &ph))
		return false;
	*off = ph.offset;
	*size = ph.filesz;
	*align = ph.align;
	return true;
}

/* Length of a note field with its padding; the caller knows that len <= 2^32. */
static u64 note_padded(u64 len, u64 align)
{
	return align_up(len, align == 8 ? 8ull : 4ull);
}

bool elf_notes_have_name(const void *notes, u64 size, u64 align, const char *name)
{
	u64 name_bytes = __builtin_strlen(name) + 1;
	struct elf_nhdr nh;

	for (u64 at = 0; size - at >= sizeof nh;) {
		u64 name_at = at + sizeof nh, desc_at;
		__builtin_memcpy(&nh, (const u8 *)notes + at, sizeof nh);
		if (nh.namesz > size - name_at)
			return false;
		if (nh.namesz == name_bytes &&
		    __builtin_memcmp((const u8 *)notes + name_at, name, name_bytes) == 0)
			return true;
		desc_at = at + note_padded(sizeof nh + nh.namesz, align);
		at = desc_at + note_padded(nh.descsz, align);
		if (at > size)
			return false;
	}
	return false;
}
