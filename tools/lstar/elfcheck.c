/* SPDX-License-Identifier: MIT */
/*
 * Is this file a program Lstar can start? See elfcheck.h; ELF object file format
 * (System V gABI chapters 4 and 5). Every number read from the file is checked against
 * the file's size before it is used; headers of 32-bit files are widened
 * first.
 */
#define _GNU_SOURCE 1

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/lstar/elfcheck.h"

struct image {
	int fd;
	u64 size;
	Elf64_Ehdr ehdr;
};

static const struct {
	u16 machine;
	const char *name;
} machines[] = {
	{ EM_AARCH64, "64-bit ARM" },  { EM_ARM, "32-bit ARM" }, { EM_RISCV, "RISC-V" },
	{ EM_PPC64, "64-bit POWER" },  { EM_S390, "S/390" },	 { EM_MIPS, "MIPS" },
	{ EM_LOONGARCH, "LoongArch" },
};

static bool refuse(struct outcome *out, int error, const char *text)
{
	outcome_set(out, OUTCOME_NOEXEC, error, "%s", text);
	return false;
}

static bool is_32bit(const struct image *img)
{
	return img->ehdr.e_ident[EI_CLASS] == ELFCLASS32;
}

/* The header as it stands in the file becomes an ELF-64 one. */
static void widen_header(struct image *img)
{
	Elf32_Ehdr e;

	memcpy(&e, &img->ehdr, sizeof(e));
	img->ehdr.e_entry = e.e_entry;
	img->ehdr.e_phoff = e.e_phoff;
	img->ehdr.e_phentsize = e.e_phentsize;
	img->ehdr.e_phnum = e.e_phnum;
}

static bool check_kind(struct image *img, struct outcome *out)
{
	const Elf64_Ehdr *e = &img->ehdr;
	ssize_t n = pread(img->fd, &img->ehdr, sizeof(img->ehdr), 0);

	if (n < 0)
		return refuse(out, errno, strerror(errno));
	if (n == 0)
		return refuse(out, ENOEXEC, "the file is empty");
	if (n >= 2 && memcmp(e->e_ident, "#!", 2) == 0)
		return refuse(out, ENOEXEC,
			      "a script, not a program; run its interpreter and give it the script "
			      "with --file");
	if (n < SELFMAG || memcmp(e->e_ident, ELFMAG, SELFMAG) != 0)
		return refuse(out, ENOEXEC, "not an ELF program");
	if (n <= EI_CLASS || (size_t)n < (is_32bit(img) ? sizeof(Elf32_Ehdr) : sizeof(*e)))
		return refuse(out, ENOEXEC, "truncated: the file ends inside the ELF header");
	if (is_32bit(img))
		widen_header(img);
	return true;
}

static bool check_machine(const Elf64_Ehdr *e, struct outcome *out)
{
	bool wide = e->e_ident[EI_CLASS] == ELFCLASS64, narrow = e->e_ident[EI_CLASS] == ELFCLASS32;

	if (e->e_ident[EI_DATA] == ELFDATA2LSB && ((wide && e->e_machine == EM_X86_64) ||
						   (narrow && e->e_machine == EM_386)))
		return true;
	if (narrow && e->e_machine == EM_X86_64)
		return refuse(out, ENOEXEC,
			      "uses the x32 ABI; build it for x86-64 (without -mx32)");
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		if (machines[i].machine == e->e_machine) {
			outcome_set(out, OUTCOME_NOEXEC, ENOEXEC,
				    "built for %s; Lstar runs x86-64 and i386 programs", machines[i].name);
			return false;
		}
	}
	outcome_set(out, OUTCOME_NOEXEC, ENOEXEC,
		    "built for another processor (ELF machine %u); Lstar runs x86-64 and i386 programs",
		    e->e_machine);
	return false;
}

static size_t phdr_bytes(const Elf64_Ehdr *e)
{
	return e->e_ident[EI_CLASS] == ELFCLASS32 ? sizeof(Elf32_Phdr) : sizeof(Elf64_Phdr);
}

static bool check_type(const Elf64_Ehdr *e, struct outcome *out)
{
	if (e->e_type == ET_REL)
		return refuse(out, ENOEXEC, "an object file; link it first");
	if (e->e_type == ET_CORE)
		return refuse(out, ENOEXEC, "a core dump, not a program");
	if (e->e_type != ET_EXEC && e->e_type != ET_DYN)
		return refuse(out, ENOEXEC, "not an executable ELF file");
	if (e->e_phentsize != phdr_bytes(e) || e->e_phnum == 0)
		return refuse(out, ENOEXEC, "malformed ELF file: no usable program headers");
	return true;
}

static bool inside(const struct image *img, u64 offset, u64 size)
{
	return offset <= img->size && size <= img->size - offset;
}

static bool check_segment(const struct image *img, const Elf64_Phdr *ph, struct outcome *out)
{
	if (ph->p_type == PT_INTERP)
		return refuse(out, ENOEXEC,
			      "dynamically linked, and Lstar runs static programs; link it with "
			      "-static (or use musl-gcc -static, or a -static package such as "
			      "busybox-static)");
	if (ph->p_type != PT_LOAD || inside(img, ph->p_offset, ph->p_filesz))
		return true;
	outcome_set(
		out, OUTCOME_NOEXEC, ENOEXEC,
		"truncated: a segment of %llu bytes at offset %llu, but the file has %llu bytes",
		(unsigned long long)ph->p_filesz, (unsigned long long)ph->p_offset,
		(unsigned long long)img->size);
	return false;
}

/* Program header i in the wide form: what check_segment looks at. */
static bool read_phdr(const struct image *img, unsigned i, Elf64_Phdr *ph)
{
	size_t size = phdr_bytes(&img->ehdr);
	off_t at = (off_t)(img->ehdr.e_phoff + i * size);
	Elf32_Phdr narrow;

	if (!is_32bit(img))
		return pread(img->fd, ph, size, at) == (ssize_t)size;
	if (pread(img->fd, &narrow, size, at) != (ssize_t)size)
		return false;
	*ph = (Elf64_Phdr){ .p_type = narrow.p_type,
			    .p_offset = narrow.p_offset,
			    .p_filesz = narrow.p_filesz };
	return true;
}

static bool check_segments(const struct image *img, struct outcome *out)
{
	const Elf64_Ehdr *e = &img->ehdr;

	if (!inside(img, e->e_phoff, (u64)e->e_phnum * phdr_bytes(e)))
		return refuse(out, ENOEXEC, "truncated: the file ends before its program headers");
	for (unsigned i = 0; i < e->e_phnum; i++) {
		Elf64_Phdr ph;

		if (!read_phdr(img, i, &ph))
			return refuse(out, EIO, "cannot read the program headers");
		if (!check_segment(img, &ph, out))
			return false;
	}
	return true;
}

/* The questions execve asks before it looks at the bytes. */
static bool check_file(struct image *img, const char *path, struct outcome *out)
{
	struct stat st;

	if (fstat(img->fd, &st) != 0)
		return refuse(out, errno, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return refuse(out, EACCES, "a directory, not a program");
	if (!S_ISREG(st.st_mode))
		return refuse(out, EACCES, "not a regular file");
	if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) != 0)
		return refuse(out, EACCES, "not executable; try chmod +x");
	img->size = (u64)st.st_size;
	return true;
}

bool elfcheck(const char *path, struct outcome *out)
{
	struct image img = { .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };

	if (img.fd < 0)
		return refuse(out, errno, strerror(errno));
	bool ok = check_file(&img, path, out) && check_kind(&img, out) &&
		  check_machine(&img.ehdr, out) && check_type(&img.ehdr, out) &&
		  check_segments(&img, out);

	close(img.fd);
	return ok;
}
