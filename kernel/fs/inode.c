/* SPDX-License-Identifier: MIT */
/*
 * Inodes: birth, death, attributes as stat shows them, and the permission rule.
 */
#include "kernel/fs/inode.h"

#include "gen/errno.h"
#include "kernel/fs/ramfile.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/proc/proc.h"
#include "lib/string.h"
#include "machine/clock.h"

#define RELATIME_MAX_NS (24ll * 3600 * 1000000000)

struct mutex tree_lock;

/* The parent that a removed directory still held, or NULL. */
static struct inode *inode_free(struct inode *i)
{
	struct inode *held = inode_is_dir(i) && i->dir.dead ? i->dir.parent : NULL;
	if (inode_is_reg(i))
		ramfile_drop(i);
	if (inode_is_link(i))
		kfree(i->target);
	__atomic_fetch_sub(&i->sb->ninodes, 1, __ATOMIC_RELAXED);
	kfree(i);
	return held;
}

/* A loop: a chain of removed directories is as long as the program likes, the stack is not. */
static void inode_release(struct vmobj *obj)
{
	struct inode *i = container_of(obj, struct inode, obj);
	while (i) {
		i = inode_free(i);
		if (i && __atomic_fetch_sub(&i->obj.refs, 1, __ATOMIC_ACQ_REL) != 1)
			break;
	}
}

static const struct vmobj_ops inode_vmobj_ops = {
	.page_get = ramfile_page_get,
	.read = ramfile_read_kernel,
	.size = ramfile_size,
	.release = inode_release,
};

static void init_by_type(struct inode *i)
{
	if (inode_is_reg(i)) {
		mutex_init(&i->file.io_lock);
		mutex_init(&i->file.lock);
	} else if (inode_is_dir(i)) {
		i->nlink = 2; /* its name and its own "." */
		i->dir.next_cookie = 2;
	}
}

err_t inode_new(struct superblock *sb, u32 mode, struct inode **out)
{
	struct inode *i = kzalloc(sizeof *i);
	if (!i)
		return -ENOMEM;
	struct fs_cred who = fs_cred_effective();
	i->obj.ops = &inode_vmobj_ops;
	i->obj.refs = 1;
	i->sb = sb;
	i->ino = __atomic_add_fetch(&sb->last_ino, 1, __ATOMIC_RELAXED);
	i->mode = mode;
	i->uid = who.uid;
	i->gid = who.gid;
	i->btime_ns = (s64)clock_realtime_ns();
	i->atime_ns = i->mtime_ns = i->ctime_ns = i->btime_ns;
	init_by_type(i);
	__atomic_fetch_add(&sb->ninodes, 1, __ATOMIC_RELAXED);
	*out = i;
	return 0;
}

err_t inode_new_link(struct superblock *sb, const char *target, struct inode **out)
{
	u64 size = strlen(target) + 1;
	char *copy = kmalloc(size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, target, size);
	err_t e = inode_new(sb, LINUX_S_IFLNK | 0777, out);
	if (e)
		kfree(copy);
	else
		(*out)->target = copy;
	return e;
}

const char *inode_link_target(struct inode *i)
{
	return i->ops && i->ops->target ? i->ops->target(i) : i->target;
}

/* Sizes of directories as tmpfs shows them: programs look only for 0. */
static u64 shown_size(struct inode *i)
{
	if (inode_is_reg(i))
		return ramfile_size(&i->obj);
	if (inode_is_dir(i))
		return 40 + 20 * i->dir.nentries;
	if (inode_is_link(i) && i->target)
		return strlen(i->target);
	return 0;
}

void inode_stat(struct inode *i, struct kstat *st)
{
	*st = (struct kstat){
		.dev = i->sb->dev,
		.ino = i->ino,
		.rdev = i->rdev,
		.size = shown_size(i),
		.mode = i->mode,
		.nlink = i->nlink,
		.uid = i->uid,
		.gid = i->gid,
		.blksize = PAGE_SIZE,
		.atime_ns = i->atime_ns,
		.mtime_ns = i->mtime_ns,
		.ctime_ns = i->ctime_ns,
		.btime_ns = i->btime_ns,
	};
	if (inode_is_reg(i))
		st->blocks512 = ramfile_pages(i) * (PAGE_SIZE / 512);
}

u32 inode_dtype(const struct inode *i)
{
	return inode_type(i) >> 12; /* the DT_ values were made that way */
}

void inode_touch_atime(struct inode *i)
{
	if (i->sb->readonly)
		return;
	s64 now = (s64)clock_realtime_ns();
	if (i->atime_ns <= i->mtime_ns || i->atime_ns <= i->ctime_ns ||
	    now - i->atime_ns >= RELATIME_MAX_NS)
		i->atime_ns = now;
}

void inode_touch_mtime(struct inode *i)
{
	i->mtime_ns = i->ctime_ns = (s64)clock_realtime_ns();
}

/* NULL while the kernel works for itself, at boot. */
static struct proc *asking_proc(void)
{
	struct thread *t = current_thread();
	return t ? t->proc : NULL;
}

struct fs_cred fs_cred_effective(void)
{
	struct proc *p = asking_proc();
	return p ? (struct fs_cred){ p->cred.euid, p->cred.egid } : (struct fs_cred){ 0, 0 };
}

struct fs_cred fs_cred_real(void)
{
	struct proc *p = asking_proc();
	return p ? (struct fs_cred){ p->cred.uid, p->cred.gid } : (struct fs_cred){ 0, 0 };
}

/* Root may do everything, but executes only what somebody may execute. */
static bool root_may(const struct inode *i, u32 may)
{
	return !(may & MAY_EXEC) || inode_is_dir(i) || (i->mode & 0111);
}

err_t inode_permission(const struct inode *i, u32 may, struct fs_cred who)
{
	u32 type = inode_type(i);
	if ((may & MAY_WRITE) && i->sb->readonly &&
	    (type == LINUX_S_IFREG || type == LINUX_S_IFDIR || type == LINUX_S_IFLNK))
		return -EROFS;
	if (who.uid == 0)
		return root_may(i, may) ? 0 : -EACCES;
	u32 shift = who.uid == i->uid ? 6 : who.gid == i->gid ? 3 : 0;
	return (i->mode >> shift & may) == may ? 0 : -EACCES;
}
