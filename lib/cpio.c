/* SPDX-License-Identifier: MIT */
/*
 * Reader of newc cpio archives. An entry is a header of 110 bytes (magic and thirteen
 * fields of eight hexadecimal digits), the name padded with NULs to a multiple of four
 * bytes counted from the start of the archive, and the data padded likewise.
 *
 * Invariant: off <= len, and every pointer handed out lies in [base, base + len).
 * What follows the trailer is not looked at: archives are padded to block sizes.
 */
#include "lib/cpio.h"

#include "lib/string.h"

#define MAGIC "070701"
#define MAGIC_LEN 6
#define HEADER_LEN 110
#define TRAILER "TRAILER!!!"

/* The header's fields in their order in the archive. */
enum field {
	F_INO,
	F_MODE,
	F_UID,
	F_GID,
	F_NLINK,
	F_MTIME,
	F_FILESIZE,
	F_DEV_MAJOR,
	F_DEV_MINOR,
	F_RDEV_MAJOR,
	F_RDEV_MINOR,
	F_NAMESIZE,
	F_CHECK, /* used by the CRC variant only */
	NFIELDS
};
_Static_assert(MAGIC_LEN + 8 * NFIELDS == HEADER_LEN, "newc header");

void cpio_open(struct cpio_reader *r, const void *base, u64 len)
{
	*r = (struct cpio_reader){ .base = base, .len = len };
}

static enum cpio_status bad(struct cpio_reader *r, const char *why)
{
	r->why = why;
	return CPIO_BAD;
}

static bool parse_field(const u8 *p, u32 *out)
{
	u32 v = 0;
	for (int i = 0; i < 8; i++) {
		u32 c = p[i], d;
		if (c - '0' <= 9)
			d = c - '0';
		else if ((c | 0x20) - 'a' <= 5)
			d = (c | 0x20) - 'a' + 10;
		else
			return false;
		v = v << 4 | d;
	}
	*out = v;
	return true;
}

static bool parse_header(const u8 *p, u32 f[NFIELDS])
{
	for (int i = 0; i < NFIELDS; i++) {
		if (!parse_field(p + MAGIC_LEN + 8 * i, &f[i]))
			return false;
	}
	return true;
}

/* namesize bytes at p: a name, its NUL, and nothing but NULs up to the end. */
static const char *check_name(const u8 *p, u32 namesize, u64 *name_len)
{
	u64 n = strnlen((const char *)p, namesize);
	if (n == namesize)
		return "file name without a terminating NUL";
	if (n == 0)
		return "empty file name";
	for (u64 i = n; i < namesize; i++) {
		if (p[i])
			return "file name with a NUL inside";
	}
	*name_len = n;
	return NULL;
}

enum cpio_status cpio_next(struct cpio_reader *r, struct cpio_entry *e)
{
	u32 f[NFIELDS];
	if (r->len - r->off < HEADER_LEN)
		return bad(r, "archive ends without a trailer");
	const u8 *header = r->base + r->off;
	if (memcmp(header, MAGIC, MAGIC_LEN) != 0)
		return bad(r, "not a newc cpio header (magic 070701)");
	if (!parse_header(header, f))
		return bad(r, "header field that is not hexadecimal");

	/* Offsets are u64 and the sums of a few u32: they cannot wrap. */
	u64 name_off = r->off + HEADER_LEN;
	if (f[F_NAMESIZE] > r->len - name_off)
		return bad(r, "file name longer than the archive");
	u64 data_off = align_up(name_off + f[F_NAMESIZE], 4);
	const char *why = check_name(r->base + name_off, f[F_NAMESIZE], &e->name_len);
	if (why)
		return bad(r, why);
	if (data_off > r->len || f[F_FILESIZE] > r->len - data_off)
		return bad(r, "file data longer than the archive");

	e->name = (const char *)r->base + name_off;
	if (e->name_len == sizeof TRAILER - 1 && memcmp(e->name, TRAILER, e->name_len) == 0)
		return CPIO_END;
	e->data = r->base + data_off;
	e->data_len = f[F_FILESIZE];
	e->ino = f[F_INO], e->mode = f[F_MODE], e->uid = f[F_UID], e->gid = f[F_GID];
	e->nlink = f[F_NLINK], e->mtime = f[F_MTIME];
	e->dev_major = f[F_DEV_MAJOR], e->dev_minor = f[F_DEV_MINOR];
	e->rdev_major = f[F_RDEV_MAJOR], e->rdev_minor = f[F_RDEV_MINOR];
	/* The last entry's padding may be cut off; the next call then reports the missing trailer.
	 */
	r->off = min_u64(align_up(data_off + f[F_FILESIZE], 4), r->len);
	return CPIO_ENTRY;
}
