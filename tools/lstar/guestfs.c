/* SPDX-License-Identifier: MIT */
/*
 * Planning the guest's file tree; see guestfs.h. Two walks share one loop: `mirror`
 * copies what the host has at each step (same path on both sides), the other follows
 * the guest's own tree and creates plain directories where nothing is yet.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/lstar/buf.h"
#include "tools/lstar/guestfs.h"
#include "tools/lstar/paths.h"

#define LINKS_MAX 40 /* as Linux: more symbolic links than this is ELOOP */

struct node *guestfs_new(void)
{
	struct node *root = xmalloc(sizeof(*root));

	*root = (struct node){ .name = xstrdup(""), .parent = root, .mode = S_IFDIR | 0755 };
	return root;
}

static void node_clear(struct node *n)
{
	for (size_t i = 0; i < n->nchild; i++)
		guestfs_free(n->child[i]);
	free(n->child);
	free(n->source);
	n->child = NULL;
	n->source = NULL;
	n->nchild = n->capacity = 0;
}

void guestfs_free(struct node *root)
{
	if (root == NULL)
		return;
	node_clear(root);
	free(root->name);
	free(root);
}

/* First index whose name is not below `name`. */
static size_t child_index(const struct node *dir, const char *name, size_t len)
{
	size_t low = 0, high = dir->nchild;

	while (low < high) {
		size_t mid = (low + high) / 2;
		const char *other = dir->child[mid]->name;
		int order = strncmp(other, name, len);

		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* The child of that name, created without a mode when it is missing. */
static struct node *child_get(struct node *dir, const char *name, size_t len)
{
	size_t at = child_index(dir, name, len);

	if (at < dir->nchild && strncmp(dir->child[at]->name, name, len) == 0 &&
	    dir->child[at]->name[len] == '\0')
		return dir->child[at];
	if (dir->nchild == dir->capacity) {
		size_t capacity = dir->capacity * 2 + 4;
		struct node **grown = xmalloc(capacity * sizeof(struct node *));

		if (dir->nchild > 0)
			memcpy(grown, dir->child, dir->nchild * sizeof(struct node *));
		free(dir->child);
		dir->child = grown;
		dir->capacity = capacity;
	}
	struct node *n = xmalloc(sizeof(*n));

	*n = (struct node){ .name = xasprintf("%.*s", (int)len, name), .parent = dir };
	memmove(dir->child + at + 1, dir->child + at, (dir->nchild - at) * sizeof(struct node *));
	dir->child[at] = n;
	dir->nchild++;
	return n;
}

static void node_describe(struct node *n, const struct stat *st, char *source)
{
	node_clear(n);
	n->mode = st->st_mode;
	n->uid = st->st_uid;
	n->gid = st->st_gid;
	n->mtime = st->st_mtime;
	n->size = S_ISDIR(st->st_mode) ? 0 : (u64)st->st_size;
	n->source = source;
}

static char *link_read(const char *path)
{
	char target[4097];
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	if (n < 0)
		return NULL;
	target[n] = '\0';
	return xstrdup(target);
}

static bool fail(struct outcome *out, const char *path, int error)
{
	outcome_set(out, OUTCOME_LAUNCHER, error, "cannot take '%s' into the guest: %s", path,
		    strerror(error));
	return false;
}

static struct node *fail_node(struct outcome *out, const char *path, int error)
{
	fail(out, path, error);
	return NULL;
}

static bool import(struct node *n, const char *path, bool follow, struct outcome *out);

static bool import_directory(struct node *dir, const char *path, struct outcome *out)
{
	DIR *d = opendir(path);
	bool ok = true;

	if (d == NULL)
		return fail(out, path, errno);
	for (struct dirent *e; ok && (e = readdir(d)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		char *sub = xasprintf("%s/%s", path, e->d_name);

		ok = import(child_get(dir, e->d_name, strlen(e->d_name)), sub, false, out);
		free(sub);
	}
	closedir(d);
	return ok;
}

/* Devices, sockets and FIFOs inside a tree are left out: their meaning stays on the host. */
static bool import(struct node *n, const char *path, bool follow, struct outcome *out)
{
	struct stat st;

	if ((follow ? stat(path, &st) : lstat(path, &st)) != 0)
		return fail(out, path, errno);
	if (S_ISDIR(st.st_mode)) {
		node_describe(n, &st, NULL);
		return import_directory(n, path, out);
	}
	if (S_ISLNK(st.st_mode)) {
		node_describe(n, &st, link_read(path));
		return n->source != NULL || fail(out, path, errno);
	}
	if (S_ISREG(st.st_mode)) {
		node_describe(n, &st, xstrdup(path));
		return access(path, R_OK) == 0 || fail(out, path, errno);
	}
	return !follow || fail(out, path, EINVAL);
}

static void node_path(const struct node *n, struct buf *b)
{
	if (n->parent != n) {
		node_path(n->parent, b);
		buf_printf(b, "/%s", n->name);
	}
}

/* Give a node that has just been created its mode: the host's, or a plain directory's. */
static bool node_settle(struct node *n, bool mirror, struct outcome *out)
{
	struct buf path = { 0 };
	struct stat st;
	bool ok = true;

	if (n->mode != 0)
		return true;
	if (!mirror) {
		n->mode = S_IFDIR | 0755;
		return true;
	}
	node_path(n, &path);
	if (lstat(path.data, &st) != 0)
		ok = fail(out, path.data, errno);
	else if (S_ISLNK(st.st_mode))
		node_describe(n, &st, link_read(path.data));
	else
		node_describe(n, &st, S_ISDIR(st.st_mode) ? NULL : xstrdup(path.data));
	buf_free(&path);
	return ok;
}

struct walk {
	struct node *root;
	bool mirror;
	unsigned links;
	struct outcome *out;
};

/* The node `path` leads to from `at`, or NULL and an outcome. */
static struct node *walk(struct walk *w, struct node *at, const char *path)
{
	if (path[0] == '/')
		at = w->root;
	while (*(path += strspn(path, "/")) != '\0') {
		size_t len = strcspn(path, "/");
		const char *name = path;

		path += len;
		if (!S_ISDIR(at->mode))
			return fail_node(w->out, name, ENOTDIR);
		if (len == 1 && name[0] == '.')
			continue;
		if (len == 2 && name[0] == '.' && name[1] == '.') {
			at = at->parent;
			continue;
		}
		struct node *next = child_get(at, name, len);

		if (!node_settle(next, w->mirror, w->out))
			return NULL;
		if (S_ISLNK(next->mode)) {
			if (next->source == NULL || ++w->links > LINKS_MAX)
				return fail_node(w->out, name, ELOOP);
			next = walk(w, at, next->source);
			if (next == NULL)
				return NULL;
		}
		at = next;
	}
	return at;
}

bool guestfs_add_same(struct node *root, const char *path, struct outcome *out)
{
	struct walk w = { .root = root, .mirror = true, .out = out };
	struct node *n = walk(&w, root, path);

	return n != NULL && (!S_ISDIR(n->mode) || n->nchild > 0 || import(n, path, true, out));
}

static bool add_as(struct node *root, const char *host, const char *guest, struct outcome *out)
{
	struct walk w = { .root = root, .out = out };
	struct node *n = walk(&w, root, guest);

	return n != NULL && import(n, host, true, out);
}

bool guestfs_add_option(struct node *root, const char *spec, struct outcome *out)
{
	const char *colon = strrchr(spec, ':');
	struct stat st;

	/* A file whose own name has a colon in it is taken at its word. */
	if (colon != NULL && colon > spec && colon[1] == '/' && lstat(spec, &st) != 0) {
		char *host = xasprintf("%.*s", (int)(colon - spec), spec);
		bool ok = add_as(root, host, colon + 1, out);

		free(host);
		return ok;
	}
	if (stat(spec, &st) != 0)
		return fail(out, spec, errno);
	char *abs = path_absolute(spec);
	struct walk w = { .root = root, .mirror = true, .out = out };
	struct node *n = walk(&w, root, abs);
	bool ok = n != NULL && import(n, abs, true, out);

	free(abs);
	return ok;
}
