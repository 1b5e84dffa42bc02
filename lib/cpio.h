/* SPDX-License-Identifier: MIT */
/*
 * Reader of cpio archives in the "newc" format (magic 070701), over bytes in memory.
 * Nothing is copied: names and data point into the archive. Every field is checked before
 * it is used; whatever the bytes are, nothing outside [base, base+len) is read.
 */
#ifndef LIB_CPIO_H
#define LIB_CPIO_H

#include "base/types.h"

struct cpio_entry {
	u32 ino, mode, uid, gid, nlink, mtime, dev_major, dev_minor, rdev_major, rdev_minor;
	const char *name; /* NUL-terminated in the archive; never empty */
	u64 name_len;	  /* without the NUL */
	const u8 *data;
	u64 data_len;
};

struct cpio_reader {
	const u8 *base;
	u64 len;
	u64 off;	 /* of the next header */
	const char *why; /* after CPIO_BAD: what is wrong at off */
};

enum cpio_status {
	CPIO_ENTRY, /* *entry is filled in */
	CPIO_END,   /* the trailer was reached */
	CPIO_BAD    /* why says what is wrong; the reader must not be used any more */
};

void cpio_open(struct cpio_reader *r, const void *base, u64 len);
MUST_CHECK enum cpio_status cpio_next(struct cpio_reader *r, struct cpio_entry *entry);

#endif
