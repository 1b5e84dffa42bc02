/* SPDX-License-Identifier: MIT */
/*
 * From a cpio archive to inodes. Two passes: the first makes everything, the second gives
 * directories their times, which making their entries has changed.
 *
 * Runs once at boot, with tree_lock held throughout. Entries may come in any order;
 * directories without an entry of their own are made. A later entry replaces an earlier
 * one of the same name. Hard links are entries with the same device and inode number.
 */
#include "kernel/fs/initrd.h"

#include "abi/hostlink.h"
#include "gen/errno.h"
#include "kernel/fs/devices.h"
#include "kernel/fs/dir.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/ramfile.h"
#include "kernel/mm/kmalloc.h"
#include "lib/cpio.h"
#include "lib/string.h"
#include "machine/pmap.h"

/* An inode that may get more names. */
struct shared {
	struct shared *next;
	u32 dev_major, dev_minor, ino;
	struct inode *inode; /* a reference */
};

struct unpack {
	struct shared *shared;
	const char *why;
};

static const char *config_bytes;
static u64 config_len;

void initrd_config(const char **bytes, u64 *len)
{
	*bytes = config_bytes;
	*len = config_len;
}

static err_t fail(struct unpack *u, err_t e, const char *why)
{
	u->why = e == -ENOMEM ? "too little memory for its files" : why;
	return e;
}

/* Splits a name at its last component. */
static void split(const struct cpio_entry *c, u64 *dir_len, const char **last, u32 *last_len)
{
	u64 end = c->name_len;
	while (end && c->name[end - 1] == '/')
		end--;
	u64 start = end;
	while (start && c->name[start - 1] != '/')
		start--;
	*dir_len = start;
	*last = c->name + start;
	*last_len = (u32)(end - start);
}

static void set_attributes(struct inode *i, const struct cpio_entry *c)
{
	i->mode = inode_type(i) | (c->mode & 07777);
	i->uid = c->uid;
	i->gid = c->gid;
	i->atime_ns = i->mtime_ns = i->ctime_ns = i->btime_ns = (s64)c->mtime * 1000000000;
}

static err_t fill_regular(struct inode *i, const struct cpio_entry *c)
{
	paddr_t pa = kva_to_pa(c->data);
	if (is_aligned(pa, PAGE_SIZE))
		return ramfile_set_image(i, pa, c->data_len);
	return ramfile_fill(i, c->data, c->data_len);
}

static struct shared *find_shared(struct unpack *u, const struct cpio_entry *c)
{
	for (struct shared *s = u->shared; s; s = s->next) {
		if (s->ino == c->ino && s->dev_major == c->dev_major &&
		    s->dev_minor == c->dev_minor)
			return s;
	}
	return NULL;
}

static err_t remember_shared(struct unpack *u, const struct cpio_entry *c, struct inode *i)
{
	struct shared *s = kmalloc(sizeof *s);
	if (!s)
		return -ENOMEM;
	*s = (struct shared){ u->shared, c->dev_major, c->dev_minor, c->ino, inode_ref(i) };
	u->shared = s;
	return 0;
}

static void forget_shared(struct unpack *u)
{
	while (u->shared) {
		struct shared *s = u->shared;
		u->shared = s->next;
		inode_unref(s->inode);
		kfree(s);
	}
}

/* A new regular file, or another name of one; archives keep the data in one of the names. */
static err_t make_regular(struct unpack *u, const struct cpio_entry *c, struct superblock *sb,
			  struct inode **out)
{
	struct shared *s = c->nlink > 1 ? find_shared(u, c) : NULL;
	err_t e = 0;
	if (s)
		*out = inode_ref(s->inode);
	else
		e = inode_new(sb, LINUX_S_IFREG, out);
	if (!e && c->nlink > 1 && !s)
		e = remember_shared(u, c, *out);
	if (!e && c->data_len && ramfile_size(&(*out)->obj) == 0)
		e = fill_regular(*out, c);
	return e;
}

static err_t make_symlink(struct unpack *u, const struct cpio_entry *c, struct superblock *sb,
			  struct inode **out)
{
	char *target;
	if (c->data_len == 0 || c->data_len >= PATH_MAX || memchr(c->data, 0, c->data_len))
		return fail(u, -EINVAL, "symbolic link with a bad target");
	target = kzalloc(c->data_len + 1);
	if (!target)
		return -ENOMEM;
	memcpy(target, c->data, c->data_len);
	err_t e = inode_new_link(sb, target, out);
	kfree(target);
	return e;
}

static err_t make_inode(struct unpack *u, const struct cpio_entry *c, struct superblock *sb,
			struct inode **out)
{
	u32 type = c->mode & LINUX_S_IFMT;
	*out = NULL;
	switch (type) {
	case LINUX_S_IFREG:
		return make_regular(u, c, sb, out);
	case LINUX_S_IFLNK:
		return make_symlink(u, c, sb, out);
	case LINUX_S_IFCHR:
	case LINUX_S_IFBLK:
	case LINUX_S_IFIFO:
	case LINUX_S_IFSOCK: {
		err_t e = inode_new(sb, type, out);
		if (!e)
			(*out)->rdev = dev_make(c->rdev_major, c->rdev_minor);
		return e;
	}
	default:
		return fail(u, -EINVAL, "entry of unknown type");
	}
}

static err_t unpack_directory(struct unpack *u, const struct cpio_entry *c)
{
	struct inode *dir;
	err_t e = fs_make_path(c->name, c->name_len, &dir);
	if (e)
		return fail(u, e, "directory where something else is");
	set_attributes(dir, c);
	inode_unref(dir);
	return 0;
}

/* Gives i the name, in place of what has it; directories are not replaced. */
static err_t put_name(struct unpack *u, struct inode *dir, const char *name, u32 len,
		      struct inode *i)
{
	struct dirent *old = dir_find(dir, name, len);
	if (old && inode_is_dir(old->inode))
		return fail(u, -EINVAL, "file where a directory is");
	if (old)
		dir_remove(old);
	err_t e = dir_add(dir, name, len, i);
	return e ? fail(u, e, "") : 0;
}

static err_t unpack_other(struct unpack *u, const struct cpio_entry *c)
{
	u64 dir_len;
	const char *last;
	u32 last_len;
	struct inode *dir, *i;
	split(c, &dir_len, &last, &last_len);
	if (last_len == 0 || last_len > NAME_MAX || (last_len == 1 && last[0] == '.') ||
	    (last_len == 2 && memcmp(last, "..", 2) == 0))
		return fail(u, -EINVAL, "bad file name");
	err_t e = fs_make_path(c->name, dir_len, &dir);
	if (e)
		return fail(u, e, "file below something that is not a directory");
	e = make_inode(u, c, dir->sb, &i);
	if (!e)
		e = put_name(u, dir, last, last_len, i);
	else if (!u->why)
		e = fail(u, e, "file that cannot be made");
	if (!e)
		set_attributes(i, c);
	inode_unref(i);
	inode_unref(dir);
	return e;
}

static bool is_config(const struct cpio_entry *c)
{
	return strcmp(c->name, HL_CONFIG_NAME) == 0;
}

static err_t unpack_entry(struct unpack *u, const struct cpio_entry *c)
{
	if (is_config(c)) {
		config_bytes = (const char *)c->data;
		config_len = c->data_len;
		return 0;
	}
	if ((c->mode & LINUX_S_IFMT) == LINUX_S_IFDIR)
		return unpack_directory(u, c);
	return unpack_other(u, c);
}

static err_t directory_times(struct unpack *u, const struct cpio_entry *c)
{
	if (is_config(c) || (c->mode & LINUX_S_IFMT) != LINUX_S_IFDIR)
		return 0;
	return unpack_directory(u, c);
}

static err_t for_each_entry(struct unpack *u, const void *base, u64 len,
			    err_t (*fn)(struct unpack *u, const struct cpio_entry *c))
{
	struct cpio_reader r;
	struct cpio_entry c;
	enum cpio_status status;
	cpio_open(&r, base, len);
	while ((status = cpio_next(&r, &c)) == CPIO_ENTRY) {
		err_t e = fn(u, &c);
		if (e)
			return e;
	}
	return status == CPIO_END ? 0 : fail(u, -EINVAL, r.why);
}

err_t initrd_unpack(paddr_t start, u64 len, const char **why)
{
	struct unpack u = { 0 };
	const void *base = pa_to_kva(start);
	mutex_guard(&tree_lock);
	err_t e = for_each_entry(&u, base, len, unpack_entry);
	if (!e)
		e = for_each_entry(&u, base, len, directory_times);
	forget_shared(&u);
	*why = u.why;
	return e;
}
