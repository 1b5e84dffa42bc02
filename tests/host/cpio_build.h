/* SPDX-License-Identifier: MIT */
/* Host tests: writes newc archives into a buffer of fixed size. */
#ifndef TESTS_CPIO_BUILD_H
#define TESTS_CPIO_BUILD_H

#include <stdio.h>
#include <string.h>

#include "base/types.h"

struct archive {
	u8 bytes[1 << 20];
	u64 len;
};

struct archive_entry {
	const char *name;
	u32 mode, ino, nlink, uid, gid, mtime, rdev_major, rdev_minor;
	const void *data;
	u32 len;
	u64 align; /* of the data in the archive; 0: as it comes */
};

static inline void archive_pad(struct archive *a, u64 to)
{
	while (a->len % to)
		a->bytes[a->len++] = 0;
}

static inline void archive_add(struct archive *a, struct archive_entry e)
{
	u64 namesize = strlen(e.name) + 1;
	while (e.align && align_up(a->len + 110 + namesize, 4) % e.align)
		namesize++;
	snprintf((char *)a->bytes + a->len, 111,
		 "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", e.ino, e.mode, e.uid,
		 e.gid, e.nlink ? e.nlink : 1, e.mtime, e.len, 0, 0, e.rdev_major, e.rdev_minor,
		 (u32)namesize, 0);
	a->len += 110;
	memset(a->bytes + a->len, 0, namesize);
	memcpy(a->bytes + a->len, e.name, strlen(e.name));
	a->len += namesize;
	archive_pad(a, 4);
	if (e.len)
		memcpy(a->bytes + a->len, e.data, e.len);
	a->len += e.len;
	archive_pad(a, 4);
}

static inline void archive_end(struct archive *a)
{
	archive_add(a, (struct archive_entry){ .name = "TRAILER!!!" });
}

#endif
