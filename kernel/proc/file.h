/* SPDX-License-Identifier: MIT */
/*
 * An open file description and a process's table of descriptors.
 *
 * struct file is what dup'ed descriptors share (position, flags, reference count); what
 * is behind it (a ramfs file, a pipe, the console, later an IPC channel) is known by its
 * ops alone. It is declared here, below kernel/fs and kernel/ipc, because both put
 * objects into the same table.
 */
#ifndef KERNEL_PROC_FILE_H
#define KERNEL_PROC_FILE_H

#include "base/types.h"
#include "base/uaddr.h"
#include "cpu/spinlock.h"
#include "kernel/sched/wait.h"

struct uio;
struct vmobj;
struct file;
struct inode;

/* What stat reports, in no ABI's layout; sys/ converts. Times in ns since the epoch. */
struct kstat {
	u64 dev, ino, rdev, size, blocks512;
	u32 mode, nlink, uid, gid, blksize;
	s64 atime_ns, mtime_ns, ctime_ns, btime_ns;
};

/* One directory entry goes to `emit`; false from it means "full, stop before this one". */
struct dir_sink {
	bool (*emit)(struct dir_sink *s, const char *name, u64 namelen, u64 ino, u32 dtype,
		     u64 next_pos);
};

/*
 * Any op may be NULL: read/write/ioctl/... then give the errno noted. All may sleep.
 * pos points to the position to use, and is advanced by what was moved: to the file's own
 * for read/write, to the caller's copy for pread/pwrite.
 */
struct file_ops {
	err_t (*read)(struct file *f, struct uio *u, u64 *pos); /* NULL: -EINVAL */
	err_t (*write)(struct file *f, struct uio *u,
		       u64 *pos); /* NULL: -EINVAL; handles O_APPEND */
	err_t (*seek)(struct file *f, s64 off, int whence, u64 *result); /* NULL: -ESPIPE */
	err_t (*stat)(struct file *f, struct kstat *st);
	err_t (*ioctl)(struct file *f, u32 cmd, uaddr_t arg, long *result); /* NULL: -ENOTTY */
	err_t (*readdir)(struct file *f, struct dir_sink *s);		    /* NULL: -ENOTDIR */
	err_t (*truncate)(struct file *f, u64 size);			    /* NULL: -EINVAL */
	err_t (*fsync)(struct file *f);					    /* NULL: -EINVAL */
	err_t (*mmap)(struct file *f,
		      struct vmobj **obj); /* reference for the caller; NULL: -ENODEV */
	u32 (*poll)(struct file *f, struct waitq **wq,
		    struct spinlock **lock); /* LINUX_POLL* now ready; NULL: always */
	void (*release)(struct file *f);     /* last close */
};

struct file {
	const struct file_ops *ops;
	struct inode *inode; /* NULL for files that have none */
	void *priv;	     /* of the ops */
	u32 refs;
	u32 flags;	   /* LINUX_O_* status and access bits, without O_CLOEXEC */
	struct mutex lock; /* serialises read/write/lseek that use the shared position */
	u64 pos;	   /* under lock */
};

/* One reference for the caller. -ENOMEM. */
MUST_CHECK err_t file_new(const struct file_ops *ops, u32 flags, struct file **out);
static inline void file_ref(struct file *f)
{
	__atomic_fetch_add(&f->refs, 1, __ATOMIC_RELAXED);
}
void file_unref(struct file *f); /* NULL is fine */

struct fd_slot {
	struct file *file; /* NULL: free */
	bool cloexec;
};

struct fdtable {
	struct spinlock lock;
	u32 refs;
	u32 nslots; /* allocated */
	u32 lowest; /* no free slot below */
	struct fd_slot *slots;
};

MUST_CHECK err_t fdtable_new(struct fdtable **out);
void fdtable_unref(struct fdtable *t); /* closes everything with the last reference */
/* The file behind fd with a reference for the caller; -EBADF. */
MUST_CHECK err_t fd_get(struct fdtable *t, int fd, struct file **out);
/* Takes over the caller's reference on success only. Lowest free number >= min and < limit;
 * -EMFILE, -ENOMEM. */
MUST_CHECK err_t fd_install(struct fdtable *t, struct file *f, u32 min, u32 limit, bool cloexec,
			    int *fd);
/* dup2/dup3: puts f (reference taken over on success) at exactly fd, closing what was there. */
MUST_CHECK err_t fd_replace(struct fdtable *t, struct file *f, int fd, u32 limit, bool cloexec);
MUST_CHECK err_t fd_close(struct fdtable *t, int fd);
MUST_CHECK err_t fd_get_cloexec(struct fdtable *t, int fd, bool *cloexec);
MUST_CHECK err_t fd_set_cloexec(struct fdtable *t, int fd, bool cloexec);
/* Closes (or with cloexec only marks) all of first..last that are open. */
void fd_close_range(struct fdtable *t, u32 first, u32 last, bool only_mark_cloexec);
void fdtable_exec(struct fdtable *t); /* closes the close-on-exec descriptors */

#endif
