/* SPDX-License-Identifier: MIT */
/*
 * The page tree of a file. Node at level L (leaves are level 1) covers 512^L pages; each
 * slot of a leaf is a struct page, each slot above a node. The tree grows at the root and
 * shrinks to nothing when its last page goes. Recursion is as deep as the tree is high:
 * six levels cover every file size there is.
 */
#include "kernel/fs/pagetree.h"

#include "gen/errno.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/page.h"

#define FANOUT_SHIFT 9
#define FANOUT (1u << FANOUT_SHIFT)
#define HEIGHT_MAX 6

/* Pages below one slot of a node at this level. */
static u64 slot_pages(u32 level)
{
	return 1ull << (FANOUT_SHIFT * (level - 1));
}

static bool covers(const struct pagetree *t, u64 index)
{
	return t->height && index >> FANOUT_SHIFT * t->height == 0;
}

static u32 slot_of(u64 index, u32 level)
{
	return index >> FANOUT_SHIFT * (level - 1) & (FANOUT - 1);
}

struct page *pagetree_get(const struct pagetree *t, u64 index)
{
	if (!covers(t, index))
		return NULL;
	void **node = t->root;
	for (u32 level = t->height; level > 1 && node; level--)
		node = node[slot_of(index, level)];
	return node ? node[slot_of(index, 1)] : NULL;
}

static err_t grow(struct pagetree *t, u64 index)
{
	while (!covers(t, index)) {
		if (t->height == HEIGHT_MAX)
			return -EFBIG;
		void **root = kzalloc(FANOUT * sizeof *root);
		if (!root)
			return -ENOMEM;
		root[0] = t->root;
		t->root = root;
		t->height++;
	}
	return 0;
}

err_t pagetree_put(struct pagetree *t, u64 index, struct page *pg)
{
	err_t e = grow(t, index);
	if (e)
		return e;
	void **node = t->root;
	for (u32 level = t->height; level > 1; level--) {
		void **slot = &node[slot_of(index, level)];
		if (!*slot)
			*slot = kzalloc(FANOUT * sizeof *slot);
		if (!*slot)
			return -ENOMEM;
		node = *slot;
	}
	node[slot_of(index, 1)] = pg;
	t->npages++;
	return 0;
}

static bool node_empty(void **node)
{
	for (u32 i = 0; i < FANOUT; i++) {
		if (node[i])
			return false;
	}
	return true;
}

/* Drops first..last (relative to the node); true when nothing is left in it. */
static bool drop_below(struct pagetree *t, void **node, u32 level, u64 first, u64 last)
{
	u64 span = slot_pages(level);
	u64 to = min_u64(last / span, FANOUT - 1);
	for (u64 i = first / span; i <= to; i++) {
		if (!node[i])
			continue;
		if (level == 1) {
			page_unref(node[i]);
			t->npages--;
			node[i] = NULL;
			continue;
		}
		u64 start = i * span;
		u64 from = first > start ? first - start : 0;
		if (drop_below(t, node[i], level - 1, from, min_u64(last - start, span - 1))) {
			kfree(node[i]);
			node[i] = NULL;
		}
	}
	return node_empty(node);
}

void pagetree_drop(struct pagetree *t, u64 first, u64 last)
{
	if (!covers(t, first) || last < first)
		return;
	if (drop_below(t, t->root, t->height, first, last)) {
		kfree(t->root);
		t->root = NULL;
		t->height = 0;
	}
}

static u64 next_below(void *const *node, u32 level, u64 from)
{
	u64 span = slot_pages(level);
	for (u64 i = from / span; i < FANOUT; i++) {
		if (!node[i])
			continue;
		if (level == 1)
			return i;
		u64 found = next_below(node[i], level - 1, from > i * span ? from - i * span : 0);
		if (found != UINT64_MAX)
			return i * span + found;
	}
	return UINT64_MAX;
}

u64 pagetree_next(const struct pagetree *t, u64 from)
{
	return covers(t, from) ? next_below(t->root, t->height, from) : UINT64_MAX;
}
