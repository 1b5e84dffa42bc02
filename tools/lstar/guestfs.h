/* SPDX-License-Identifier: MIT */
/*
 * The guest's file tree, planned on the host: the program, what --file names, and the
 * directories and symbolic links on the way to them. It is a tree of names and host
 * files first and an archive (cpio.h) last, so that a later --file replaces an earlier
 * one and the same inputs always give the same archive.
 */
#ifndef TOOLS_LSTAR_GUESTFS_H
#define TOOLS_LSTAR_GUESTFS_H

#include <sys/stat.h>

#include "tools/lstar/outcome.h"

struct node {
	char *name;
	struct node *parent; /* the root's own parent is the root */
	mode_t mode;	     /* 0: created, not yet described */
	uid_t uid;
	gid_t gid;
	time_t mtime;
	u64 size;
	char *source;	     /* regular file: host path; symbolic link: its target */
	struct node **child; /* sorted by name */
	size_t nchild;
	size_t capacity;
};

struct node *guestfs_new(void);
void guestfs_free(struct node *root);

/*
 * The file at the absolute host path `path`, under the same name in the guest. Every
 * symbolic link on the way is copied as a link, so that the program finds itself under
 * the name it was started by. On failure *out says why.
 */
MUST_CHECK bool guestfs_add_same(struct node *root, const char *path, struct outcome *out);
/* One --file option: HOST or HOST:GUEST. */
MUST_CHECK bool guestfs_add_option(struct node *root, const char *spec, struct outcome *out);

#endif
