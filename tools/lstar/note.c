/* SPDX-License-Identifier: MIT */
/*
 * Finding the link page: the kernel image carries its physical address in an ELF note
 * (abi/hostlink.h; note layout: System V gABI chapter 5). link_find is declared in link.h.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/lstar/link.h"

#define NOTES_MAX 65536u

/* One note at p; returns its length or 0 when it does not fit into n bytes. */
static size_t note_parse(const u8 *p, size_t n, u64 *addr, bool *found)
{
	Elf64_Nhdr h;

	if (n < sizeof(h))
		return 0;
	memcpy(&h, p, sizeof(h));
	u64 desc = sizeof(h) + align_up((u64)h.n_namesz, 4);
	u64 end = desc + align_up((u64)h.n_descsz, 4);

	if (end > n)
		return 0;
	if (h.n_type == HL_NOTE_TYPE && h.n_namesz == sizeof(HL_NOTE_NAME) &&
	    memcmp(p + sizeof(h), HL_NOTE_NAME, sizeof(HL_NOTE_NAME)) == 0 &&
	    h.n_descsz == sizeof(*addr)) {
		memcpy(addr, p + desc, sizeof(*addr));
		*found = true;
	}
	return end;
}

static bool notes_search(int fd, const Elf64_Phdr *ph, u64 *addr)
{
	bool found = false;
	size_t size = min_u64(ph->p_filesz, NOTES_MAX);
	u8 *notes = xmalloc(size);
	ssize_t n = pread(fd, notes, size, (off_t)ph->p_offset);

	for (size_t at = 0; n > 0 && at < (size_t)n && !found;) {
		size_t len = note_parse(notes + at, (size_t)n - at, addr, &found);

		if (len == 0)
			break;
		at += len;
	}
	free(notes);
	return found;
}

static bool image_search(int fd, u64 *addr)
{
	Elf64_Ehdr e;

	if (pread(fd, &e, sizeof(e), 0) != sizeof(e) || memcmp(e.e_ident, ELFMAG, SELFMAG) != 0 ||
	    e.e_ident[EI_CLASS] != ELFCLASS64 || e.e_phentsize != sizeof(Elf64_Phdr))
		return false;
	for (unsigned i = 0; i < e.e_phnum; i++) {
		Elf64_Phdr ph;

		if (pread(fd, &ph, sizeof(ph), (off_t)(e.e_phoff + i * sizeof(ph))) != sizeof(ph))
			return false;
		if (ph.p_type == PT_NOTE && notes_search(fd, &ph, addr))
			return true;
	}
	return false;
}

bool link_find(const char *kernel, u64 *addr, struct outcome *out)
{
	int fd = open(kernel, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		outcome_set(out, OUTCOME_LAUNCHER, errno, "kernel image '%s': %s", kernel,
			    strerror(errno));
		return false;
	}
	bool found = image_search(fd, addr);

	close(fd);
	if (!found || !is_aligned(*addr, 64)) {
		outcome_set(out, OUTCOME_LAUNCHER, 0,
			    "'%s' is not a kernel image of Lstar: it lacks the link note; build it "
			    "with "
			    "make",
			    kernel);
		return false;
	}
	return true;
}
