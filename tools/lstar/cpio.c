/* SPDX-License-Identifier: MIT */
/*
 * Writing the initrd; see cpio.h. Format: "070701", thirteen 8-digit hexadecimal
 * fields, the name with its NUL, then the data, header and data each padded to four
 * bytes (cpio(5)). Small things gather in a buffer; big files go from file to memfd
 * inside the host kernel.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "abi/hostlink.h"
#include "tools/lstar/cpio.h"

#define HEADER_BYTES 110u
#define ALIGN_FROM PAGE_SIZE /* files of at least this size get page-aligned data */

struct cpio {
	int fd;
	u64 flushed; /* bytes already in fd */
	struct buf pending;
	u32 ino;
	struct outcome *out;
};

static bool fail(struct cpio *c, const char *what, int error)
{
	outcome_set(c->out, OUTCOME_LAUNCHER, error, "cannot pack '%s' for the guest: %s", what,
		    strerror(error));
	return false;
}

static u64 offset(const struct cpio *c)
{
	return c->flushed + c->pending.len;
}

static void pad(struct cpio *c, u64 align)
{
	static const char zeros[PAGE_SIZE];

	buf_add(&c->pending, zeros, align_up(offset(c), align) - offset(c));
}

static bool flush(struct cpio *c)
{
	for (size_t done = 0; done < c->pending.len;) {
		ssize_t n = write(c->fd, c->pending.data + done, c->pending.len - done);

		if (n < 0 && errno != EINTR)
			return fail(c, "initrd", errno);
		done += n > 0 ? (size_t)n : 0;
	}
	c->flushed += c->pending.len;
	c->pending.len = 0;
	return true;
}

static void header(struct cpio *c, const char *name, const struct node *n, u64 size)
{
	u64 name_bytes = strlen(name) + 1;

	if (S_ISREG(n->mode) && size >= ALIGN_FROM)
		name_bytes = align_up(offset(c) + HEADER_BYTES + name_bytes, PAGE_SIZE) -
			     offset(c) - HEADER_BYTES;
	buf_printf(&c->pending, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x",
		   ++c->ino, n->mode, n->uid, n->gid, S_ISDIR(n->mode) ? 2u : 1u, (u32)n->mtime,
		   (u32)size, 0u, 0u, 0u, 0u, (u32)name_bytes, 0u);
	u64 end = offset(c) + name_bytes;

	buf_add(&c->pending, name, strlen(name) + 1);
	while (offset(c) < end)
		buf_add(&c->pending, "", 1);
	pad(c, 4);
}

/* Also right for files whose size the host does not know, such as those of /proc. */
static bool file_small(struct cpio *c, const char *name, const struct node *n, int fd)
{
	struct buf data = { 0 };
	char chunk[16384];
	ssize_t got;

	while ((got = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(&data, chunk, (size_t)got);
	header(c, name, n, data.len);
	buf_add(&c->pending, data.data != NULL ? data.data : "", data.len);
	pad(c, 4);
	buf_free(&data);
	return got == 0 || fail(c, n->source, errno);
}

static bool file_big(struct cpio *c, const char *name, const struct node *n, int fd)
{
	if (n->size > UINT32_MAX)
		return fail(c, n->source, EFBIG);
	header(c, name, n, n->size);
	if (!flush(c))
		return false;
	for (u64 left = n->size; left > 0;) {
		ssize_t done = sendfile(c->fd, fd, NULL, left);

		if (done < 0 && errno != EINTR)
			return fail(c, n->source, errno);
		if (done == 0) /* the file shrank since it was planned */
			return fail(c, n->source, ESTALE);
		left -= done > 0 ? (u64)done : 0;
	}
	c->flushed += n->size;
	pad(c, 4);
	return true;
}

static bool file(struct cpio *c, const char *name, const struct node *n)
{
	int fd = open(n->source, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return fail(c, n->source, errno);
	bool ok = n->size < ALIGN_FROM ? file_small(c, name, n, fd) : file_big(c, name, n, fd);

	close(fd);
	return ok;
}

static void symlink_entry(struct cpio *c, const char *name, const struct node *n)
{
	size_t len = strlen(n->source);

	header(c, name, n, len);
	buf_add(&c->pending, n->source, len);
	pad(c, 4);
}

static bool tree(struct cpio *c, const char *prefix, const struct node *dir)
{
	bool ok = true;

	for (size_t i = 0; ok && i < dir->nchild; i++) {
		const struct node *n = dir->child[i];
		char *name = xasprintf("%s%s", prefix, n->name);

		if (S_ISDIR(n->mode)) {
			char *inner = xasprintf("%s/", name);

			header(c, name, n, 0);
			ok = tree(c, inner, n);
			free(inner);
		} else if (S_ISLNK(n->mode)) {
			symlink_entry(c, name, n);
		} else if (S_ISREG(n->mode)) {
			ok = file(c, name, n);
		}
		free(name);
	}
	return ok;
}

int cpio_build(const struct node *root, const struct buf *config, u64 *size, struct outcome *out)
{
	struct cpio c = { .fd = memfd_create("lstar-initrd", MFD_CLOEXEC), .out = out };
	const struct node config_node = { .mode = S_IFREG | 0400 };
	const struct node trailer_node = { 0 };

	if (c.fd < 0) {
		fail(&c, "initrd", errno);
		return -1;
	}
	header(&c, HL_CONFIG_NAME, &config_node, config->len);
	buf_add(&c.pending, config->data, config->len);
	pad(&c, 4);
	bool ok = tree(&c, "", root);

	header(&c, "TRAILER!!!", &trailer_node, 0);
	pad(&c, 512);
	ok = ok && flush(&c);
	*size = c.flushed;
	buf_free(&c.pending);
	if (ok)
		return c.fd;
	close(c.fd);
	return -1;
}
