/* SPDX-License-Identifier: MIT */
/*
 * kernel/proc/elf.c on the host: a good file gives the plan it should, and each way of
 * being wrong gives its own refusal.
 *
 *	cc -std=gnu17 -g -fsanitize=address,undefined -I. -Ibuild -o build/tests/elf_test \
 *		tests/host/elf_test.c kernel/proc/elf.c && build/tests/elf_test
 */
#include <elf.h> /* the host's independent opinion of the format */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/uaddr.h"
#include "gen/errno.h"
#include "kernel/proc/elf.h"

static int passed, failed;

static void check(bool ok, const char *what, const char *detail)
{
	ok ? passed++ : failed++;
	if (!ok)
		printf("FAIL %s%s%s\n", what, detail ? ": " : "", detail ? detail : "");
}

#define NPH 8
#define FILE_SIZE 0x6000

/* A file: header, program headers right behind it, FILE_SIZE bytes in all. */
struct image {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[NPH];
};

static Elf64_Phdr load(u64 off, u64 vaddr, u64 filesz, u64 memsz, u32 flags)
{
	return (Elf64_Phdr){ .p_type = PT_LOAD,
			     .p_flags = flags,
			     .p_offset = off,
			     .p_vaddr = vaddr,
			     .p_filesz = filesz,
			     .p_memsz = memsz,
			     .p_align = 0x1000 };
}

/* Text with the headers in it, data with a bss, a stack marker: what ld makes. */
static struct image good(void)
{
	struct image im = { .eh = { .e_type = ET_EXEC,
				    .e_machine = EM_X86_64,
				    .e_version = 1,
				    .e_entry = 0x401000,
				    .e_phoff = sizeof(Elf64_Ehdr),
				    .e_ehsize = sizeof(Elf64_Ehdr),
				    .e_phentsize = sizeof(Elf64_Phdr),
				    .e_phnum = 4 } };

	memcpy(im.eh.e_ident, ELFMAG, SELFMAG);
	im.eh.e_ident[EI_CLASS] = ELFCLASS64;
	im.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	im.eh.e_ident[EI_VERSION] = EV_CURRENT;
	im.ph[0] = load(0, 0x400000, 0x400, 0x400, PF_R);
	im.ph[1] = load(0x1000, 0x401000, 0x2345, 0x2345, PF_R | PF_X);
	im.ph[2] = load(0x4ef0, 0x404ef0, 0x110, 0x5110, PF_R | PF_W);
	im.ph[3] = (Elf64_Phdr){ .p_type = PT_GNU_STACK, .p_flags = PF_R | PF_W, .p_align = 16 };
	return im;
}

static err_t plan_of(const struct image *im, u64 head_bytes, u64 file_size, struct elf_plan *plan,
		     const char **why)
{
	struct elf_header h;
	/* Exact-size heap copies: a read past the end is the sanitizer's. */
	void *head = malloc(head_bytes ? head_bytes : 1);
	static u8 table[ELF_PHDRS_MAX_BYTES];
	err_t e;

	*why = "nothing said";
	memcpy(head, im, head_bytes);
	e = elf_read_header(head, head_bytes, &h, why);
	free(head);
	if (e)
		return e;
	memset(table, 0, sizeof table);
	memcpy(table, im->ph, sizeof im->ph);
	return elf_make_plan(&h, table, file_size, plan, why);
}

static void expect(const char *what, struct image im, err_t want, const char *words)
{
	struct elf_plan plan;
	const char *why;
	err_t e = plan_of(&im, ELF_HEADER_BYTES, FILE_SIZE, &plan, &why);

	check(e == want, what, why);
	check(!words || strstr(why, words) != NULL, what, why);
}

static void good_plan(void)
{
	struct image im = good();
	struct elf_plan p;
	struct elf_segment s;
	const char *why;
	u32 cursor = 0;

	check(plan_of(&im, 64, FILE_SIZE, &p, &why) == 0, "a good file", why);
	check(!p.header.pie && p.header.entry == 0x401000 && p.nsegments == 3, "header", NULL);
	check(p.start == 0x400000 && p.end == 0x40a000, "span", NULL);
	check(p.align == PAGE_SIZE && !p.stack_exec, "alignment and stack", NULL);
	check(p.phdr_loaded && p.phdr_vaddr == 0x400040, "AT_PHDR", NULL);
	check(elf_next_segment(&p, &cursor, &s) && s.vaddr == 0x400000 && s.prot == ELF_PROT_READ,
	      "first segment", NULL);
	check(elf_next_segment(&p, &cursor, &s) && s.prot == (ELF_PROT_READ | ELF_PROT_EXEC),
	      "second segment", NULL);
	check(elf_next_segment(&p, &cursor, &s) && s.off == 0x4ef0 && s.filesz == 0x110 &&
		      s.memsz == 0x5110 && s.prot == (ELF_PROT_READ | ELF_PROT_WRITE),
	      "third segment", NULL);
	check(!elf_next_segment(&p, &cursor, &s), "no fourth segment", NULL);
}

/* ---- 32-bit files ---- */

struct image32 {
	Elf32_Ehdr eh;
	Elf32_Phdr ph[3];
};

static struct image32 good32(void)
{
	struct image32 im = { .eh = { .e_type = ET_EXEC,
				      .e_machine = EM_386,
				      .e_version = 1,
				      .e_entry = 0x8049000,
				      .e_phoff = sizeof(Elf32_Ehdr),
				      .e_phentsize = sizeof(Elf32_Phdr),
				      .e_phnum = 3 } };

	memcpy(im.eh.e_ident, ELFMAG, SELFMAG);
	im.eh.e_ident[EI_CLASS] = ELFCLASS32;
	im.eh.e_ident[EI_DATA] = ELFDATA2LSB;
	im.eh.e_ident[EI_VERSION] = EV_CURRENT;
	im.ph[0] = (Elf32_Phdr){ PT_LOAD, 0, 0x8048000, 0, 0x2000, 0x2000, PF_R | PF_X, 0x1000 };
	im.ph[1] = (Elf32_Phdr){ PT_LOAD, 0x4ef0, 0x804def0, 0, 0x110, 0x5110, PF_R | PF_W, 0x1000 };
	im.ph[2] = (Elf32_Phdr){ PT_GNU_STACK, 0, 0, 0, 0, 0, PF_R | PF_W, 16 };
	return im;
}

static err_t plan32(const struct image32 *im, u64 head_bytes, struct elf_plan *plan, const char **why)
{
	struct elf_header h;
	void *head = malloc(head_bytes);
	err_t e;

	*why = "nothing said";
	memcpy(head, im, head_bytes);
	e = elf_read_header(head, head_bytes, &h, why);
	free(head);
	return e ? e : elf_make_plan(&h, im->ph, FILE_SIZE, plan, why);
}

static void class32(void)
{
	struct image32 im = good32();
	struct elf_plan p;
	struct elf_segment s;
	const char *why;
	u32 cursor = 0;

	check(plan32(&im, 64, &p, &why) == 0, "a good 32-bit file", why);
	check(p.header.class32 && p.header.phent_bytes == 32 && p.nsegments == 2, "header", NULL);
	check(p.start == 0x8048000 && p.end == 0x8053000, "span", NULL);
	check(p.phdr_loaded && p.phdr_vaddr == 0x8048034, "AT_PHDR", NULL);
	check(elf_next_segment(&p, &cursor, &s) && elf_next_segment(&p, &cursor, &s) &&
		      s.off == 0x4ef0 && s.vaddr == 0x804def0 && s.filesz == 0x110 &&
		      s.memsz == 0x5110 && s.prot == (ELF_PROT_READ | ELF_PROT_WRITE),
	      "second segment", NULL);
	check(plan32(&im, 52, &p, &why) == 0, "52 bytes are enough", why);
	check(plan32(&im, 51, &p, &why) == -ENOEXEC && strstr(why, "truncated"), "51 bytes", why);
#define BAD32(what, change, words)                                                           \
	do {                                                                                 \
		im = good32();                                                               \
		change;                                                                      \
		check(plan32(&im, 64, &p, &why) == -ENOEXEC && strstr(why, words), what, why); \
	} while (0)
	BAD32("x32", im.eh.e_machine = EM_X86_64, "x32");
	BAD32("32-bit ARM", im.eh.e_machine = EM_ARM, "another processor");
	BAD32("wide headers", im.eh.e_phentsize = 56, "header size");
	BAD32("last page", im.ph[1].p_vaddr = 0xffff9ef0, "kernel addresses");
	BAD32("past 4 GiB", im.ph[1].p_memsz = 0xfffff000, "kernel addresses");
	BAD32("entry", im.eh.e_entry = 0x1000, "entry point");
}

static void variants(void)
{
	struct image im = good();
	struct elf_plan p;
	const char *why;

	im.ph[3].p_flags |= PF_X;
	check(plan_of(&im, 64, FILE_SIZE, &p, &why) == 0 && p.stack_exec, "executable stack", why);

	im = good();
	im.eh.e_type = ET_DYN;
	im.ph[0].p_vaddr = 0;
	im.ph[1].p_vaddr = 0x1000;
	im.ph[2].p_vaddr = 0x4ef0;
	im.ph[2].p_align = 0x200000;
	im.eh.e_entry = 0x1000;
	check(plan_of(&im, 64, FILE_SIZE, &p, &why) == 0 && p.header.pie && p.start == 0 &&
		      p.align == 0x200000 && p.phdr_vaddr == 0x40,
	      "static PIE", why);

	im = good();
	im.eh.e_phoff = 0x5000; /* in the file, in no segment */
	check(plan_of(&im, 64, FILE_SIZE, &p, &why) == 0 && !p.phdr_loaded && !p.phdr_vaddr,
	      "headers that are not loaded", why);

	im = good();
	im.ph[2].p_filesz = 0; /* bss alone: its offset means nothing */
	im.ph[2].p_offset = 0x123;
	check(plan_of(&im, 64, FILE_SIZE, &p, &why) == 0, "a segment without file bytes", why);

	im = good();
	im.ph[3] = load(0, 0x400000, 0, 0, PF_R); /* empty: occupies nothing */
	check(plan_of(&im, 64, FILE_SIZE, &p, &why) == 0 && p.nsegments == 3, "empty segment", why);

	im = good();
	Elf64_Phdr swap = im.ph[0];
	im.ph[0] = im.ph[2];
	im.ph[2] = swap;
	check(plan_of(&im, 64, FILE_SIZE, &p, &why) == 0 && p.start == 0x400000 &&
		      p.end == 0x40a000,
	      "segments out of order", why);

	im = good();
	im.eh.e_ident[EI_OSABI] = ELFOSABI_LINUX;
	check(plan_of(&im, 64, FILE_SIZE, &p, &why) == 0, "OS ABI Linux", why);
}

static void bad_headers(void)
{
	struct image im = good();
	struct elf_plan p;
	const char *why;

	check(plan_of(&im, 0, 0, &p, &why) == -ENOEXEC && strstr(why, "empty"), "empty file", why);
	check(plan_of(&im, 3, 3, &p, &why) == -ENOEXEC && strstr(why, "not an ELF"), "3 bytes",
	      why);
	check(plan_of(&im, 63, 63, &p, &why) == -ENOEXEC && strstr(why, "truncated"), "63 bytes",
	      why);
	check(plan_of(&im, 64, 64, &p, &why) == -ENOEXEC && strstr(why, "truncated"), "64 bytes",
	      why);
#define BAD(what, change, words)                   \
	do {                                       \
		im = good();                       \
		change;                            \
		expect(what, im, -ENOEXEC, words); \
	} while (0)
	BAD("script", memcpy(im.eh.e_ident, "#!/bin/sh\n", 10), "script");
	BAD("magic", im.eh.e_ident[0] = 'e', "not an ELF");
	BAD("class 32", im.eh.e_ident[EI_CLASS] = ELFCLASS32, "x32");
	BAD("i386 machine", im.eh.e_machine = EM_386, "another processor");
	BAD("class 9", im.eh.e_ident[EI_CLASS] = 9, "class");
	BAD("big-endian", im.eh.e_ident[EI_DATA] = ELFDATA2MSB, "big-endian");
	BAD("version", im.eh.e_ident[EI_VERSION] = 0, "version");
	BAD("FreeBSD", im.eh.e_ident[EI_OSABI] = ELFOSABI_FREEBSD, "another operating system");
	BAD("aarch64", im.eh.e_machine = EM_AARCH64, "another processor");
	BAD("object file", im.eh.e_type = ET_REL, "object file");
	BAD("core dump", im.eh.e_type = ET_CORE, "core dump");
	BAD("type 99", im.eh.e_type = 99, "not an executable");
	BAD("phentsize", im.eh.e_phentsize = 32, "header size");
	BAD("no headers", im.eh.e_phnum = 0, "no program headers");
	BAD("many headers", im.eh.e_phnum = 1171, "too many");
	BAD("65535 headers", im.eh.e_phnum = 65535, "too many");
	BAD("table past the end", im.eh.e_phoff = FILE_SIZE - 200, "cut off");
	BAD("table wraps", im.eh.e_phoff = UINT64_MAX - 8, "cut off");
}

static void bad_segments(void)
{
	struct image im;

	BAD("no segments", im.eh.e_phnum = 0; im.eh.e_phnum = 1;
	    im.ph[0].p_type = PT_NULL, "nothing to load");
	BAD("all segments empty",
	    for (int i = 0; i < 3; i++) im.ph[i].p_memsz = im.ph[i].p_filesz = 0,
	    "nothing to load");
	BAD("filesz over memsz", im.ph[1].p_memsz = 0x2344, "longer in the file");
	BAD("filesz huge", im.ph[2].p_filesz = im.ph[2].p_memsz = UINT64_MAX, "end of the file");
	BAD("offset past the end", im.ph[2].p_offset = 0x10ef0, "end of the file");
	BAD("offset wraps", im.ph[2].p_offset = UINT64_MAX - 0x10f, "end of the file");
	BAD("one byte past the end", im.ph[2].p_filesz = 0x1111, "end of the file");
	BAD("incongruent", im.ph[1].p_offset = 0x1001, "page size");
	BAD("kernel address", im.ph[2].p_vaddr = 0xffffffff80000ef0, "kernel");
	BAD("reaches USER_TOP", im.ph[2].p_vaddr = USER_TOP - 0x110;
	    im.ph[2].p_offset = 0x4ef0, "kernel");
	BAD("memsz wraps", im.ph[2].p_memsz = UINT64_MAX - 0x404ef0 + 2, "kernel");
	BAD("memsz fills space", im.ph[2].p_memsz = USER_TOP, "kernel");
	BAD("page 0", im.ph[0].p_vaddr = 0, "lowest user address");
	BAD("overlap", im.ph[2].p_vaddr = 0x402ef0, "overlap");
	BAD("overlap out of order", im.ph[0].p_vaddr = 0x409000, "overlap");
	BAD("page shared", im.ph[2].p_vaddr = 0x403ef0, "overlap");
	BAD("same twice", im.ph[3] = im.ph[1], "overlap");
	BAD("contained", im.ph[3] = load(0, 0x402000, 1, 1, PF_R), "overlap");
	BAD("entry 0", im.eh.e_entry = 0, "entry point");
	BAD("entry between segments", im.eh.e_entry = 0x403800, "entry point");
	BAD("entry in the kernel", im.eh.e_entry = 0xffffffff80000000, "entry point");
	BAD("entry at the end", im.eh.e_entry = 0x404ef0 + 0x5110, "entry point");
	BAD("alignment", im.ph[1].p_align = 1ull << 62, "alignment");
	BAD("PIE too long", im.eh.e_type = ET_DYN;
	    im.ph[2].p_vaddr = (1ull << 45) + 0xef0, "too far apart");
	im = good();
	im.ph[3] = (Elf64_Phdr){ .p_type = PT_INTERP, .p_offset = UINT64_MAX };
	expect("dynamically linked", im, -ELIBACC, "dynamically linked");
	im = good();
	im.ph[2].p_align = 3; /* not a power of two: ignored, as by Linux */
	expect("odd alignment", im, 0, NULL);
	im = good();
	im.ph[2].p_vaddr = USER_TOP - 0x1110;
	im.ph[2].p_memsz = 0x1110;
	expect("ends exactly at USER_TOP", im, 0, NULL);
}

/* An owner name of n bytes (NUL included) and a description; returns what was written. */
static u64 note_put(u8 *at, const char *name, u32 descsz, u64 align)
{
	Elf64_Nhdr nh = { (u32)strlen(name) + 1, descsz, 1 };
	u64 desc = (sizeof nh + nh.n_namesz + align - 1) & ~(align - 1);

	memcpy(at, &nh, sizeof nh);
	memcpy(at + sizeof nh, name, nh.n_namesz);
	return desc + ((descsz + align - 1) & ~(align - 1));
}

static void notes(void)
{
	u8 buf[256];

	for (u64 align = 4; align <= 8; align += 4) {
		memset(buf, 0, sizeof buf);
		u64 n = note_put(buf, "GNU", 20, align);
		check(!elf_notes_have_name(buf, n, align, "Lstar"), "no brand", NULL);
		n += note_put(buf + n, "Lstar", 8, align);
		check(elf_notes_have_name(buf, n, align, "Lstar"), "second note", NULL);
		check(elf_notes_have_name(buf, n, align, "GNU"), "first note", NULL);
		check(!elf_notes_have_name(buf, n, align, "Lsta"), "prefix", NULL);
		/* Whatever is cut off, nothing is read past the end. */
		for (u64 cut = 0; cut < n; cut++) {
			u8 *exact = malloc(cut ? cut : 1);
			memcpy(exact, buf, cut);
			(void)elf_notes_have_name(exact, cut, align, "Lstar");
			free(exact);
		}
	}
	memset(buf, 0xff, sizeof buf); /* sizes of 4 GiB */
	check(!elf_notes_have_name(buf, sizeof buf, 4, "Lstar"), "absurd sizes", NULL);
}

/* Files that tools made, if this machine has them. */
static void real_file(const char *path, err_t want)
{
	static u8 bytes[8 << 20], table[ELF_PHDRS_MAX_BYTES];
	struct elf_header h;
	struct elf_plan p;
	const char *why = "";
	FILE *f = fopen(path, "rb");
	u64 n;
	err_t e;

	if (!f)
		return;
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	e = elf_read_header(bytes, n < 64 ? n : 64, &h, &why);
	if (!e && h.phoff + h.phnum * (u64)ELF_PHENT_BYTES <= n)
		memcpy(table, bytes + h.phoff, h.phnum * (u64)ELF_PHENT_BYTES);
	if (!e)
		e = elf_make_plan(&h, table, n, &p, &why);
	check(e == want, path, why);
}

int main(void)
{
	good_plan();
	class32();
	variants();
	bad_headers();
	bad_segments();
	notes();
	real_file("/bin/busybox", 0);
	real_file("/bin/true", -ELIBACC);
	real_file("/etc/passwd", -ENOEXEC);
	printf("%d passed, %d failed\n", passed, failed);
	return failed != 0;
}
