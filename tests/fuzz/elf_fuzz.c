/* SPDX-License-Identifier: MIT */
/*
 * Fuzzing of kernel/proc/elf.c: any bytes as a file, read exactly as the kernel reads it.
 * Besides what the sanitizers see, every plan is checked for what elf.h promises; the
 * kernel maps by it without looking again.
 *
 * With libFuzzer: clang -fsanitize=fuzzer,address,undefined … (tests/fuzz/elf does it).
 * With -DREPLAY it is a plain program that runs the files named as arguments.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/uaddr.h"
#include "gen/errno.h"
#include "kernel/proc/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "broken promise: %s\n", what);
	abort();
}

static u64 page_start(const struct elf_segment *s)
{
	return align_down(s->vaddr, PAGE_SIZE);
}

static u64 page_end(const struct elf_segment *s)
{
	return align_up(s->vaddr + s->memsz, PAGE_SIZE);
}

static void segment_promises(const struct elf_plan *p, const struct elf_segment *s, u64 size)
{
	demand(s->memsz > 0 && s->filesz <= s->memsz, "memsz");
	demand(s->vaddr <= USER_TOP && s->memsz <= USER_TOP - s->vaddr, "user space");
	demand(p->header.pie || s->vaddr >= USER_BOTTOM, "lowest address");
	demand(s->filesz <= size && s->off <= size - s->filesz, "inside the file");
	demand(!s->filesz || (s->off - s->vaddr) % PAGE_SIZE == 0, "congruent");
	demand(page_start(s) >= p->start && page_end(s) <= p->end, "inside the span");
	demand(s->prot <= 7, "protection");
}

static void plan_promises(const struct elf_plan *p, u64 size)
{
	struct elf_segment a, b;
	u32 n = 0;
	bool entry = false;

	for (u32 i = 0; elf_next_segment(p, &i, &a); n++) {
		segment_promises(p, &a, size);
		entry |= p->header.entry >= a.vaddr && p->header.entry < a.vaddr + a.memsz;
		for (u32 j = i; elf_next_segment(p, &j, &b);)
			demand(page_end(&a) <= page_start(&b) || page_end(&b) <= page_start(&a),
			       "apart");
	}
	demand(n == p->nsegments && n > 0, "count");
	demand(entry, "entry");
	demand(p->align >= PAGE_SIZE && !(p->align & (p->align - 1)), "alignment");
	demand(p->start % PAGE_SIZE == 0 && p->end % PAGE_SIZE == 0 && p->start < p->end, "span");
}

static void notes(const struct elf_plan *p, const uint8_t *data, u64 size)
{
	u64 off, len, align;

	for (u32 i = 0; elf_next_note_range(p, &i, &off, &len, &align);) {
		u64 n = off < size ? min_u64(len, min_u64(size - off, 4096)) : 0;
		void *copy = malloc(n ? n : 1);
		if (n)
			memcpy(copy, data + off, n);
		(void)elf_notes_have_name(copy, n, align, "Lstar");
		free(copy);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *why = NULL;
	struct elf_header h;
	struct elf_plan p;
	u64 table, head = min_u64(size, ELF_HEADER_BYTES);
	void *copy = malloc(head ? head : 1), *phdrs;
	err_t e;

	if (head)
		memcpy(copy, data, head);
	e = elf_read_header(copy, head, &h, &why);
	free(copy);
	demand(!e || why, "a reason for the refusal");
	if (e)
		return 0;
	table = (u64)h.phnum * ELF_PHENT_BYTES;
	demand(table > 0 && table <= ELF_PHDRS_MAX_BYTES, "table size");
	phdrs = malloc(table);
	memset(phdrs, 0, table);
	if (h.phoff <= size && table <= size - h.phoff)
		memcpy(phdrs, data + h.phoff, table);
	e = elf_make_plan(&h, phdrs, size, &p, &why);
	demand(!e || why, "a reason for the refusal");
	if (!e) {
		plan_promises(&p, size);
		notes(&p, data, size);
	}
	free(phdrs);
	return 0;
}

#ifdef REPLAY
int main(int argc, char **argv)
{
	static uint8_t bytes[16 << 20];

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		if (!f) {
			perror(argv[i]);
			return 2;
		}
		LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof bytes, f));
		fclose(f);
	}
	printf("%d files, no promise broken\n", argc - 1);
	return 0;
}
#endif
