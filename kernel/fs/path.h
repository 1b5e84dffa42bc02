/* SPDX-License-Identifier: MIT */
/*
 * From a path to an inode. The caller holds tree_lock from the walk to what it does with
 * the result, so that nothing changes in between.
 */
#ifndef KERNEL_FS_PATH_H
#define KERNEL_FS_PATH_H

#include "kernel/fs/fs_context.h"
#include "kernel/fs/inode.h"

#define SYMLINKS_MAX 40

enum walk_mode {
	WALK_FOLLOW,   /* a symbolic link at the end is followed */
	WALK_CREATE,   /* the same, but a slash after the last name is -EISDIR: it may be made */
	WALK_NOFOLLOW, /* only if a slash follows it */
	WALK_PARENT    /* never: the caller wants the name itself */
};

enum walk_last { LAST_NAME, LAST_DOT, LAST_DOTDOT, LAST_ROOT };

/* Where a walk ended. dir and inode are references, entry is none. */
struct walk {
	struct inode *dir;    /* holds the last component; for "/" the root itself */
	struct inode *inode;  /* NULL: the last component does not exist */
	struct dirent *entry; /* that of the last component; NULL: "." "/" and made-up names */
	enum walk_last last;
	const char *name; /* of the last component; lives as long as path and tree_lock */
	u32 len;
	bool slash; /* a slash follows it */
	/* WALK_PARENT only: the name is too long to exist. Linux finds that out after the checks
	 * that need the directory alone, so the caller reports it then. */
	err_t late;
};

/*
 * start NULL: the working directory. 0 also when only the last component is missing.
 * -ENOENT, -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG. On success the caller calls walk_end.
 */
MUST_CHECK err_t path_walk(const struct fs_context *ctx, struct inode *start, const char *path,
			   enum walk_mode mode, struct walk *w);
void walk_end(struct walk *w);
#define WALK_HELD __attribute__((cleanup(walk_end))) struct walk

/* Walks to something that must exist (and be a directory when a slash follows). */
MUST_CHECK err_t path_find(const struct fs_context *ctx, struct inode *start, const char *path,
			   enum walk_mode mode, struct walk *w);

/*
 * The absolute path of name (len 0: none) in dir, seen from ctx's root; *size_used counts
 * the NUL. -ERANGE, or -ENOENT when dir has been removed.
 */
MUST_CHECK err_t path_build(const struct fs_context *ctx, struct inode *dir, const char *name,
			    u32 len, char *buf, u64 size, u64 *size_used);

#endif
