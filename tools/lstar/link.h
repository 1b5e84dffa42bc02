/* SPDX-License-Identifier: MIT */
/*
 * The guest's RAM as the launcher sees it, and the link page in it (abi/hostlink.h).
 * Everything in there is written by a guest that nobody vouches for: nothing is used as
 * an address or a length without a check.
 */
#ifndef TOOLS_LSTAR_LINK_H
#define TOOLS_LSTAR_LINK_H

#include "abi/hostlink.h"
#include "tools/lstar/buf.h"
#include "tools/lstar/outcome.h"

struct link {
	int memfd;
	int bell; /* our end of the socket pair behind COM2 */
	u8 *ram;
	u64 ram_size;
	struct hostlink *page;
	bool up; /* the guest has handed the page over */
};

/* Physical address of the link page, from the kernel image's ELF note. */
MUST_CHECK bool link_find(const char *kernel, u64 *addr, struct outcome *out);

/* The memfd first, because QEMU needs it; the mapping can wait until QEMU is starting. */
MUST_CHECK bool link_create(struct link *l, u64 ram_size, struct outcome *out);
MUST_CHECK bool link_map(struct link *l, u64 addr, struct outcome *out);
void link_destroy(struct link *l);

void link_ring_bell(struct link *l);
/* Take in what the guest rang. False: nobody holds the other end any more. */
bool link_hear_bell(struct link *l);
/* Has the page been handed over? Only after a ring, or when the guest can write no more. */
void link_look(struct link *l);

/* Everything the kernel log still holds; empty when the link never came up. */
void link_log(const struct link *l, struct buf *out);
/* The guest's record of how it ended, if there is one. */
bool link_exit(const struct link *l, struct outcome *out);
/* Bytes of host memory behind the guest's RAM. */
u64 link_ram_used(const struct link *l);

#endif
