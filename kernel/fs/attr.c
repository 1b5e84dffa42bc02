/* SPDX-License-Identifier: MIT */
/*
 * Attributes of inodes: owner, mode, times, size, and what statfs shows.
 */
#include "gen/errno.h"
#include "gen/signals.h"
#include "kernel/fs/ramfile.h"
#include "kernel/fs/vfs.h"
#include "kernel/mm/page.h"
#include "kernel/proc/proc.h"
#include "lib/string.h"
#include "machine/clock.h"

#define ID_KEEP UINT32_MAX

void vfs_stat(struct inode *i, struct kstat *st)
{
	mutex_guard(&tree_lock);
	inode_stat(i, st);
}

static bool owns(const struct inode *i)
{
	u32 uid = fs_cred_effective().uid;
	return uid == 0 || uid == i->uid;
}

err_t vfs_chmod(struct inode *i, u32 mode)
{
	mutex_guard(&tree_lock);
	if (i->sb->readonly)
		return -EROFS;
	if (!owns(i))
		return -EPERM;
	if (inode_is_link(i))
		return -EOPNOTSUPP;
	i->mode = inode_type(i) | (mode & 07777);
	i->ctime_ns = (s64)clock_realtime_ns();
	return 0;
}

/* A program that changes hands must not keep running as its old owner. */
static u32 without_setid(u32 mode)
{
	if ((mode & LINUX_S_IFMT) != LINUX_S_IFREG)
		return mode;
	mode &= ~(u32)LINUX_S_ISUID;
	return mode & 010 ? mode & ~(u32)LINUX_S_ISGID : mode;
}

err_t vfs_chown(struct inode *i, u32 uid, u32 gid)
{
	mutex_guard(&tree_lock);
	struct fs_cred who = fs_cred_effective();
	if (i->sb->readonly)
		return -EROFS;
	bool gives = uid != ID_KEEP && uid != i->uid;
	bool own_group = gid == ID_KEEP || gid == i->gid || gid == who.gid;
	if (who.uid != 0 && (gives || who.uid != i->uid || !own_group))
		return -EPERM;
	if (uid != ID_KEEP)
		i->uid = uid;
	if (gid != ID_KEEP)
		i->gid = gid;
	i->mode = without_setid(i->mode);
	i->ctime_ns = (s64)clock_realtime_ns();
	return 0;
}

err_t vfs_set_times(struct inode *i, s64 atime_ns, s64 mtime_ns, bool both_now)
{
	mutex_guard(&tree_lock);
	if (i->sb->readonly)
		return -EROFS;
	if (!owns(i)) {
		if (!both_now)
			return -EPERM;
		err_t e = inode_permission(i, MAY_WRITE, fs_cred_effective());
		if (e)
			return e;
	}
	if (atime_ns != TIME_KEEP)
		i->atime_ns = atime_ns;
	if (mtime_ns != TIME_KEEP)
		i->mtime_ns = mtime_ns;
	i->ctime_ns = (s64)clock_realtime_ns();
	return 0;
}

err_t vfs_truncate(struct inode *i, u64 size)
{
	{
		mutex_guard(&tree_lock);
		if (inode_is_dir(i))
			return -EISDIR;
		if (!inode_is_reg(i))
			return -EINVAL;
		err_t e = inode_permission(i, MAY_WRITE, fs_cred_effective());
		if (e)
			return e;
	}
	if (size > current_proc()->limits[LINUX_RLIMIT_FSIZE].cur) {
		err_t e = proc_signal(current_proc(), SIGXFSZ);
		return e ? e : -EFBIG;
	}
	err_t e = ramfile_set_size(i, size);
	if (!e)
		inode_touch_mtime(i);
	return e;
}

err_t vfs_access(struct inode *i, u32 may, struct fs_cred who)
{
	mutex_guard(&tree_lock);
	return inode_permission(i, may, who);
}

err_t vfs_readlink(struct inode *i, char *buf, u64 size, u64 *len)
{
	mutex_guard(&tree_lock);
	if (!inode_is_link(i))
		return -EINVAL;
	const char *text = inode_link_target(i);
	if (!text)
		return -ENOENT;
	*len = strnlen(text, size);
	memcpy(buf, text, *len);
	inode_touch_atime(i);
	return 0;
}

void vfs_statfs(struct inode *i, struct fs_stats *out)
{
	struct superblock *sb = i->sb;
	struct page_stats pages;
	page_stats(&pages);
	u64 used = __atomic_load_n(&sb->npages, __ATOMIC_RELAXED);
	*out = (struct fs_stats){ .magic = sb->magic,
				  .dev = sb->dev,
				  .block_size = PAGE_SIZE,
				  .readonly = sb->readonly };
	if (sb->max_pages) {
		out->blocks = sb->max_pages;
		out->blocks_free =
			min_u64(sb->max_pages - min_u64(used, sb->max_pages), pages.free);
		out->files = sb->max_pages;
		out->files_free = out->files - min_u64(sb->ninodes, out->files);
	}
}
