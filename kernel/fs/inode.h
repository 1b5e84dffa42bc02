/* SPDX-License-Identifier: MIT */
/*
 * Inodes, directories and superblocks: the one in-memory file system behind every path.
 *
 * The initrd's tree, /tmp, /dev and /proc are superblocks of it: they differ in st_dev, in
 * whether they can be changed, and in the ops of a few inodes. There is no dentry cache:
 * directories live in memory, so a directory entry is its own cache. A directory has one
 * name, so it knows its entry and its parent; that is all getcwd and ".." need.
 *
 * Locks, in this order:
 *   tree_lock        one sleeping lock over all names and attributes. Never held while user
 *                    memory is copied. (Rejected for now: a lock per directory; rename's
 *                    ordering rules cost more than the contention of one program.)
 *   file.io_lock     one writer or truncation at a time; held while user memory is copied.
 *   file.lock        size and pages; taken by page faults, so never held while user memory
 *                    is copied: reading a file into its own mapping must not lock itself out.
 * Times are single words, stored without a lock.
 *
 * References: a directory entry, an open file, a mapping, a working directory hold one each
 * (obj.refs). A removed directory holds one to its parent, for "..".
 */
#ifndef KERNEL_FS_INODE_H
#define KERNEL_FS_INODE_H

#include <bsd/sys/tree.h>

#include "base/types.h"
#include "gen/flags.h"
#include "kernel/fs/pagetree.h"
#include "kernel/mm/vmobj.h"
#include "kernel/proc/file.h"

#define NAME_MAX 255
#define PATH_MAX 4096 /* with the NUL */
#define FILE_SIZE_MAX ((u64)INT64_MAX)

struct inode;

struct superblock {
	u64 dev; /* st_dev */
	u32 magic;
	bool readonly;
	u64 max_pages; /* 0: no limit of its own */
	struct inode *root;
	struct inode *covers; /* directory it is mounted on; NULL for the root */
	/* atomic */
	u64 last_ino, ninodes, npages;
};

struct dirent {
	RB_ENTRY(dirent) by_name, by_cookie;
	struct inode *dir;
	struct inode *inode; /* a reference */
	u64 cookie;	     /* position in readdir; never changes, never used again */
	u32 len;
	char name[];
};
RB_HEAD(dirents_by_name, dirent);
RB_HEAD(dirents_by_cookie, dirent);

/* What special inodes do; any may be NULL. */
struct inode_ops {
	/* A fresh open file with its ops and priv set; open.c adds inode and reference. */
	err_t (*open)(struct inode *i, u32 flags, struct file **out);
	/* Symbolic link: the text, stable while the calling thread walks. */
	const char *(*target)(struct inode *i);
	/* Symbolic link that leads to an object and not through a path; a reference. */
	err_t (*jump)(struct inode *i, struct inode **out);
	/* Directory: names that are made up on demand; a reference. -ENOENT. */
	err_t (*lookup)(struct inode *dir, const char *name, u32 len, struct inode **out);
	/* Directory: emits what lookup would find from *pos on. */
	void (*readdir)(struct inode *dir, u64 *pos, struct dir_sink *s);
};

struct inode_file {
	struct mutex io_lock;
	struct mutex lock;
	/* under lock */
	u64 size;
	struct pagetree pages;
	/* The first image_pages pages are these of the initrd until a page in `pages` hides them.
	 */
	paddr_t image;
	u64 image_pages;
};

/* All under tree_lock. */
struct inode_dir {
	struct dirents_by_name by_name;
	struct dirents_by_cookie by_cookie;
	u64 next_cookie, nentries;
	struct inode *parent; /* NULL: root of its superblock */
	struct superblock *mounted;
	bool dead; /* removed; then parent is a reference */
};

struct inode {
	struct vmobj obj; /* refs; for regular files what mappings take pages from */
	const struct inode_ops *ops;
	struct superblock *sb;
	u64 ino;
	u64 rdev;
	/* under tree_lock */
	struct dirent
		*self; /* the entry made last; a directory has only one. NULL: root, or removed */
	u32 mode, nlink, uid, gid;
	s64 atime_ns, mtime_ns, ctime_ns, btime_ns;
	union {
		struct inode_file file;
		struct inode_dir dir;
		char *target; /* symbolic link */
	};
};

extern struct mutex tree_lock;

static inline u32 inode_type(const struct inode *i)
{
	return i->mode & LINUX_S_IFMT;
}
static inline bool inode_is_dir(const struct inode *i)
{
	return inode_type(i) == LINUX_S_IFDIR;
}
static inline bool inode_is_reg(const struct inode *i)
{
	return inode_type(i) == LINUX_S_IFREG;
}
static inline bool inode_is_link(const struct inode *i)
{
	return inode_type(i) == LINUX_S_IFLNK;
}

static inline struct inode *inode_ref(struct inode *i)
{
	vmobj_ref(&i->obj);
	return i;
}
static inline void inode_unref(struct inode *i)
{
	if (i)
		vmobj_unref(&i->obj);
}

/* For `cleanup`: a reference that ends with the block. */
static inline void inode_unref_cleanup(struct inode **i)
{
	inode_unref(*i);
}
#define INODE_HELD __attribute__((cleanup(inode_unref_cleanup))) struct inode *

/*
 * A new inode with one reference, no name and the calling process's owner. nlink is 0
 * (2 for a directory): dir_add counts names. -ENOMEM.
 */
MUST_CHECK err_t inode_new(struct superblock *sb, u32 mode, struct inode **out);
MUST_CHECK err_t inode_new_link(struct superblock *sb, const char *target, struct inode **out);

/* The text of a symbolic link. */
const char *inode_link_target(struct inode *i);
void inode_stat(struct inode *i, struct kstat *st);
u32 inode_dtype(const struct inode *i);
void inode_touch_atime(struct inode *i); /* as relatime: seldom */
void inode_touch_mtime(struct inode *i); /* and ctime */

/* Who asks. */
struct fs_cred {
	u32 uid, gid;
};
struct fs_cred fs_cred_effective(void);
struct fs_cred fs_cred_real(void);

#define MAY_EXEC 1u
#define MAY_WRITE 2u
#define MAY_READ 4u
/* -EACCES, or -EROFS for writing to what a read-only superblock stores. */
MUST_CHECK err_t inode_permission(const struct inode *i, u32 may, struct fs_cred who);

#endif
