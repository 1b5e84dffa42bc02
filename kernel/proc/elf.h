/* SPDX-License-Identifier: MIT */
/*
 * ELF files, x86-64 and i386, as a load plan. Pure: no allocation, no kernel state, no trust in the
 * bytes; the same code runs in the kernel, in tests/host and under the fuzzer.
 *
 * The caller reads the file header, then the program header table it points to, and
 * gets back either a plan in which every number was checked (no sum wraps, every segment
 * lies in the class's user space, inside the file and apart from the others) or an error together
 * with a sentence that says what is wrong.
 *
 * ELF: System V gABI chapters 4 and 5; x86-64 and i386 psABI.
 */
#ifndef KERNEL_PROC_ELF_H
#define KERNEL_PROC_ELF_H

#include "base/types.h"

#define ELF_HEADER_BYTES 64 /* of ELF64; an ELF32 header is shorter */
#define ELF_PHENT_BYTES 56
#define ELF32_PHENT_BYTES 32
#define ELF_PHDRS_MAX_BYTES 65536 /* as Linux: a longer table is refused */

/* What the file header says, checked as far as it can be without the table. */
struct elf_header {
	bool class32; /* ELFCLASS32, i386; else ELFCLASS64, x86-64 */
	bool pie;     /* ET_DYN: may be placed anywhere */
	u64 entry;
	u64 phoff;
	u32 phnum;	 /* 1 .. ELF_PHDRS_MAX_BYTES / phent_bytes */
	u32 phent_bytes; /* of one program header */
};

enum elf_prot { ELF_PROT_EXEC = 1, ELF_PROT_WRITE = 2, ELF_PROT_READ = 4 }; /* = PF_* */

struct elf_segment {
	u64 vaddr, memsz; /* memsz > 0 */
	u64 off, filesz;  /* filesz <= memsz; off and vaddr agree modulo PAGE_SIZE if filesz > 0 */
	u32 prot;	  /* ELF_PROT_* */
};

struct elf_plan {
	struct elf_header header;
	const void *phdrs; /* the caller's table; must outlive the plan */
	u32 nsegments;
	u64 start, end;	  /* page-aligned span of all segments, as linked */
	u64 align;	  /* a PIE's base must be a multiple of this; >= PAGE_SIZE */
	u64 phdr_vaddr;	  /* of the table in memory, as linked */
	bool phdr_loaded; /* false: no segment contains the table; phdr_vaddr is 0 */
	bool stack_exec;  /* PT_GNU_STACK asks for it */
};

/*
 * head: the first n bytes of the file (all of it when it is shorter than
 * ELF_HEADER_BYTES). 0 or a negative errno with the reason in *why.
 */
MUST_CHECK err_t elf_read_header(const void *head, u64 n, struct elf_header *out, const char **why);

/* phdrs: header->phnum * header->phent_bytes bytes read at header->phoff. */
MUST_CHECK err_t elf_make_plan(const struct elf_header *header, const void *phdrs, u64 file_size,
			       struct elf_plan *out, const char **why);

/* Walks the loadable segments of a plan: start with *cursor == 0; false at the end. */
bool elf_next_segment(const struct elf_plan *plan, u32 *cursor, struct elf_segment *seg);

/* Walks the note segments in the same way: where in the file, how long, how aligned. */
bool elf_next_note_range(const struct elf_plan *plan, u32 *cursor, u64 *off, u64 *size, u64 *align);

/* True when the bytes of a note segment hold a note of that name (the ABI brand). */
bool elf_notes_have_name(const void *notes, u64 size, u64 align, const char *name);

#endif
