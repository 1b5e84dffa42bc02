/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: the newc reader, and the whole way from archive to file tree.
 *
 * Every input is read once by lib/cpio.c from a block of exactly its size, where each
 * entry must lie inside the archive; then initrd_unpack makes a tree of it over the fake
 * bottom layer. Whatever the bytes are: an answer, a reason if it is a refusal, no
 * access outside, no lock left held.
 */
#include <stdlib.h>
#include <string.h>

#include "fake_kernel.h"
#include "kernel/fs/initrd.h"
#include "kernel/fs/inode.h"
#include "kernel/fs/mount.h"
#include "lib/cpio.h"
#include "machine/pmap.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_entry(const struct cpio_entry *e, const u8 *base, u64 len)
{
	const u8 *name = (const u8 *)e->name;
	must(name >= base && e->name_len > 0 && e->name_len < (u64)(base + len - name));
	must(name[e->name_len] == 0 && strlen(e->name) == e->name_len);
	must(e->data >= base && e->data_len <= (u64)(base + len - e->data));
}

static void read_archive(const u8 *bytes, u64 len)
{
	struct cpio_reader r;
	struct cpio_entry e;
	enum cpio_status s;
	u64 last = 0;
	cpio_open(&r, bytes, len);
	while ((s = cpio_next(&r, &e)) == CPIO_ENTRY) {
		check_entry(&e, bytes, len);
		must(r.off > last && r.off <= len);
		last = r.off;
	}
	must(s == CPIO_END || (s == CPIO_BAD && r.why));
}

static void unpack(const u8 *bytes, u64 len)
{
	const char *why = NULL;
	memcpy(fake_ram, bytes, len);
	must(fs_init() == 0);
	err_t e = initrd_unpack(0, len, &why);
	must(e == 0 || (e < 0 && why));
	must(!tree_lock.owner);
	fake_forget();
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 *copy = malloc(size ? size : 1);
	if (size)
		memcpy(copy, data, size);
	read_archive(copy, size);
	free(copy);
	fake_initrd_pages(size);
	unpack(data, size);
	return 0;
}
