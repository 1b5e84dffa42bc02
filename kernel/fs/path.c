/* SPDX-License-Identifier: MIT */
/*
 * Path walk. One loop over components, without recursion: a symbolic link's text becomes
 * the path, and what followed it waits on a small stack. Links are not copied; they
 * live in their inodes and tree_lock keeps them there.
 *
 * The order of errors is Linux's: what is not a directory, then the right to search it,
 * then the length of the name, then whether it is there.
 */
#include "kernel/fs/path.h"

#include "gen/errno.h"
#include "kernel/fs/dir.h"
#include "lib/string.h"

struct walker {
	const struct fs_context *ctx;
	struct fs_cred who;
	enum walk_mode mode;
	struct inode *at; /* a reference */
	const char *path; /* not yet walked */
	u32 nlinks;
	u32 depth;
	const char *rest[SYMLINKS_MAX]; /* what follows the links we are in, innermost last */
};

static const char *skip_slashes(const char *p)
{
	while (*p == '/')
		p++;
	return p;
}

static void move_to(struct walker *k, struct inode *i) /* takes over the reference */
{
	inode_unref(k->at);
	k->at = i;
}

/* At a mount point: into what is mounted there. Takes and gives one reference. */
static struct inode *cross_mounts(struct inode *i)
{
	while (inode_is_dir(i) && i->dir.mounted) {
		struct inode *root = inode_ref(i->dir.mounted->root);
		inode_unref(i);
		i = root;
	}
	return i;
}

/* Nothing is left to walk: what was taken last is the last component. */
static bool at_end(const struct walker *k)
{
	return !*k->path && !k->depth;
}

/* Takes the next component off the path into w. False at the end of the path. */
static bool next_component(struct walker *k, struct walk *w)
{
	k->path = skip_slashes(k->path);
	while (!*k->path && k->depth)
		k->path = skip_slashes(k->rest[--k->depth]);
	if (!*k->path)
		return false;
	const char *end = k->path;
	while (*end && *end != '/')
		end++;
	w->name = k->path;
	w->len = (u32)(end - k->path);
	k->path = skip_slashes(end);
	if (at_end(k))
		w->slash |= *end == '/';
	w->last = w->len == 1 && w->name[0] == '.'	     ? LAST_DOT
		  : w->len == 2 && !memcmp(w->name, "..", 2) ? LAST_DOTDOT
							     : LAST_NAME;
	return true;
}

/* Looks the component up in k->at; w->inode NULL when it is not there. */
static err_t find_child(struct walker *k, struct walk *w)
{
	struct inode *dir = k->at;
	w->entry = NULL;
	w->inode = NULL;
	if (!inode_is_dir(dir))
		return -ENOTDIR;
	err_t e = inode_permission(dir, MAY_EXEC, k->who);
	if (e)
		return e;
	if (k->mode == WALK_CREATE && at_end(k) && w->slash && w->last == LAST_NAME)
		return -EISDIR;
	if (w->len > NAME_MAX && !dir->dir.dead) { /* in a removed directory nothing is looked up */
		w->late = -ENAMETOOLONG;
		return k->mode == WALK_PARENT && at_end(k) ? 0 : -ENAMETOOLONG;
	}
	if (w->last == LAST_DOT) {
		w->inode = inode_ref(dir);
	} else if (w->last == LAST_DOTDOT) {
		w->inode = cross_mounts(inode_ref(dir == k->ctx->root ? dir : dir_parent(dir)));
	} else if ((w->entry = dir_find(dir, w->name, w->len))) {
		w->inode = cross_mounts(inode_ref(w->entry->inode));
	} else if (dir->ops && dir->ops->lookup) {
		e = dir->ops->lookup(dir, w->name, w->len, &w->inode);
	}
	return e == -ENOENT ? 0 : e;
}

/* w->inode is a link to follow: sets k->path and k->at, or k->at alone for a jump. */
static err_t follow(struct walker *k, struct walk *w, bool is_last)
{
	INODE_HELD link = w->inode;
	w->inode = NULL;
	if (++k->nlinks > SYMLINKS_MAX)
		return -ELOOP;
	if (link->ops && link->ops->jump)
		return link->ops->jump(link, &w->inode);
	const char *text = inode_link_target(link);
	if (!text || !*text)
		return -ENOENT;
	if (!is_last)
		k->rest[k->depth++] = k->path;
	k->path = text;
	if (*text == '/') {
		move_to(k, inode_ref(k->ctx->root));
		w->last = LAST_ROOT;
		w->entry = NULL;
	}
	return 0;
}

static bool must_follow(const struct walker *k, const struct walk *w, bool is_last)
{
	if (!w->inode || !inode_is_link(w->inode))
		return false;
	return !is_last || k->mode == WALK_FOLLOW || k->mode == WALK_CREATE ||
	       (k->mode == WALK_NOFOLLOW && w->slash);
}

static err_t walk_components(struct walker *k, struct walk *w)
{
	while (next_component(k, w)) {
		bool is_last = at_end(k);
		err_t e = find_child(k, w);
		if (e)
			return e;
		if (must_follow(k, w, is_last)) {
			e = follow(k, w, is_last);
			if (e)
				return e;
			if (!w->inode)
				continue;
		}
		if (is_last) {
			w->dir = inode_ref(k->at);
			return 0;
		}
		if (!w->inode)
			return -ENOENT;
		move_to(k, w->inode);
		w->inode = NULL;
	}
	/* "/", or a link to it at the end of the path */
	w->dir = inode_ref(k->at);
	w->inode = inode_ref(k->at);
	w->last = LAST_ROOT;
	return 0;
}

err_t path_walk(const struct fs_context *ctx, struct inode *start, const char *path,
		enum walk_mode mode, struct walk *w)
{
	struct walker k;
	*w = (struct walk){ .last = LAST_ROOT, .name = "" };
	if (!*path)
		return -ENOENT;
	/* Fields one by one: clearing the stack of rests would cost more than the walk. */
	k.ctx = ctx;
	k.who = fs_cred_effective();
	k.mode = mode;
	k.at = inode_ref(*path == '/' ? ctx->root : start ? start : ctx->cwd);
	k.path = path;
	k.nlinks = k.depth = 0;
	err_t e = walk_components(&k, w);
	inode_unref(k.at);
	if (e) {
		inode_unref(w->inode);
		w->inode = NULL;
	}
	return e;
}

void walk_end(struct walk *w)
{
	inode_unref(w->dir);
	inode_unref(w->inode);
	w->dir = w->inode = NULL;
}

err_t path_find(const struct fs_context *ctx, struct inode *start, const char *path,
		enum walk_mode mode, struct walk *w)
{
	err_t e = path_walk(ctx, start, path, mode, w);
	if (e)
		return e;
	if (!w->inode)
		e = w->late ? w->late : -ENOENT;
	else if (w->slash && mode != WALK_PARENT && !inode_is_dir(w->inode))
		e = -ENOTDIR;
	if (e)
		walk_end(w);
	return e;
}

/* Puts a slash and a name before what stands at *at. */
static err_t prepend(char *buf, u64 *at, const char *name, u32 len)
{
	if (*at < len + 1ull)
		return -ERANGE;
	*at -= len;
	memcpy(buf + *at, name, len);
	buf[--*at] = '/';
	return 0;
}

err_t path_build(const struct fs_context *ctx, struct inode *dir, const char *name, u32 len,
		 char *buf, u64 size, u64 *size_used)
{
	u64 at = size;
	err_t e = 0;
	if (!size)
		return -ERANGE;
	buf[--at] = 0;
	if (len)
		e = prepend(buf, &at, name, len);
	while (!e && dir != ctx->root) {
		while (!dir->self && dir->sb->covers && !dir->dir.dead)
			dir = dir->sb->covers;
		if (!dir->self)
			break;
		e = prepend(buf, &at, dir->self->name, dir->self->len);
		dir = dir->dir.parent;
	}
	if (!e && dir->dir.dead)
		e = -ENOENT;
	if (!e && at == size - 1)
		e = prepend(buf, &at, "", 0);
	if (e)
		return e;
	*size_used = size - at;
	memmove(buf, buf + at, *size_used);
	return 0;
}
