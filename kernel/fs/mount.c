/* SPDX-License-Identifier: MIT */
/*
 * Superblocks and mounts. All are made at boot and live for ever; there is no mount call.
 */
#include "kernel/fs/mount.h"

#include "gen/errno.h"
#include "kernel/fs/dir.h"
#include "kernel/fs/path.h"
#include "kernel/mm/page.h"
#include "lib/string.h"

/* st_dev values: major 0 and a minor each, as Linux numbers file systems without a disk. */
static struct superblock root_sb = { .dev = 1, .magic = LINUX_RAMFS_MAGIC };
static struct superblock tmp_sb = { .dev = 2, .magic = LINUX_TMPFS_MAGIC };
static struct superblock dev_sb = { .dev = 3, .magic = LINUX_TMPFS_MAGIC };
static struct superblock proc_sb = { .dev = 4, .magic = LINUX_PROC_SUPER_MAGIC };
struct superblock anon_sb = { .dev = 5, .magic = LINUX_PIPEFS_MAGIC };

struct inode *fs_root(void)
{
	return root_sb.root;
}

/* Hangs a new, empty superblock over the directory of that name in the root. */
static err_t mount(struct superblock *sb, const char *name, u32 mode)
{
	struct inode *over;
	err_t e = dir_make(root_sb.root, name, (u32)strlen(name), &over);
	if (e)
		return e;
	e = inode_new(sb, LINUX_S_IFDIR | mode, &sb->root);
	if (e) {
		inode_unref(over);
		return e;
	}
	sb->covers = over; /* keeps the reference */
	over->dir.mounted = sb;
	return 0;
}

err_t fs_init(void)
{
	struct page_stats pages;
	page_stats(&pages);
	/* As Linux: half of the memory may lie in files. */
	tmp_sb.max_pages = dev_sb.max_pages = pages.total / 2;
	mutex_init(&tree_lock);
	err_t e = inode_new(&root_sb, LINUX_S_IFDIR | 0755, &root_sb.root);
	mutex_guard(&tree_lock);
	return e ? e : mount(&tmp_sb, "tmp", 01777);
}

err_t fs_mount_all(void)
{
	mutex_guard(&tree_lock);
	err_t e = mount(&dev_sb, "dev", 0755);
	if (!e)
		e = devices_populate(&dev_sb);
	if (!e)
		e = mount(&proc_sb, "proc", 0555);
	if (!e)
		e = procfs_populate(&proc_sb);
	root_sb.readonly = true;
	proc_sb.readonly = true;
	return e;
}

/* Takes the next component off *path; 0 at its end. */
static u32 component(const char **path, const char *end, const char **name)
{
	while (*path < end && **path == '/')
		++*path;
	*name = *path;
	while (*path < end && **path != '/')
		++*path;
	return (u32)(*path - *name);
}

/* Replaces *at by its subdirectory of that name, through links and mounts, made if missing. */
static err_t descend(const struct fs_context *fs, struct inode **at, const char *name, u32 len)
{
	char one[NAME_MAX + 1];
	struct inode *next;
	struct walk w;
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(one, name, len);
	one[len] = 0;
	err_t e = path_find(fs, *at, one, WALK_FOLLOW, &w);
	if (!e) {
		next = inode_ref(w.inode);
		walk_end(&w);
	} else if (e == -ENOENT) {
		e = dir_make(*at, name, len, &next);
	}
	if (e)
		return e;
	inode_unref(*at);
	*at = next;
	return inode_is_dir(next) ? 0 : -ENOTDIR;
}

err_t fs_make_path(const char *path, u64 path_len, struct inode **out)
{
	const char *name, *end = path + path_len;
	struct fs_context fs = { .refs = 1, .root = fs_root(), .cwd = fs_root() };
	u32 len;
	err_t e = 0;
	struct inode *at = inode_ref(fs_root());
	while (!e && (len = component(&path, end, &name)))
		e = descend(&fs, &at, name, len);
	if (e)
		inode_unref(at);
	else
		*out = at;
	return e;
}
