/* SPDX-License-Identifier: MIT */
/* Guest RAM and the link page; see link.h. */
#define _GNU_SOURCE 1

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/lstar/link.h"
#include "tools/lstar/ring.h"

static bool fail(struct outcome *out, const char *what)
{
	outcome_set(out, OUTCOME_LAUNCHER, errno, "%s: %s", what, strerror(errno));
	return false;
}

bool link_create(struct link *l, u64 ram_size, struct outcome *out)
{
	*l = (struct link){ .bell = -1, .ram_size = ram_size };
	l->memfd = memfd_create("lstar-ram", MFD_CLOEXEC);
	if (l->memfd < 0 || ftruncate(l->memfd, (off_t)ram_size) != 0)
		return fail(out, "cannot create the guest's memory");
	return true;
}

bool link_map(struct link *l, u64 addr, struct outcome *out)
{
	if (addr > l->ram_size || l->ram_size - addr < sizeof(struct hostlink)) {
		outcome_set(out, OUTCOME_CONFIG, 0,
			    "the kernel does not fit into %llu MiB of memory; give it more with -m",
			    (unsigned long long)(l->ram_size >> 20));
		return false;
	}
	void *ram = mmap(NULL, l->ram_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE,
			 l->memfd, 0);

	if (ram == MAP_FAILED)
		return fail(out, "cannot map the guest's memory");
	l->ram = ram;
	l->page = (struct hostlink *)(l->ram + addr);
	return true;
}

void link_destroy(struct link *l)
{
	if (l->ram != NULL)
		munmap(l->ram, l->ram_size);
	if (l->memfd >= 0)
		close(l->memfd);
	if (l->bell >= 0)
		close(l->bell);
	*l = (struct link){ .memfd = -1, .bell = -1 };
}

/* A full socket means the guest has unheard rings already: one more adds nothing. */
void link_ring_bell(struct link *l)
{
	send(l->bell, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void link_look(struct link *l)
{
	if (__atomic_load_n(&l->page->magic, __ATOMIC_ACQUIRE) == HL_MAGIC)
		l->up = true;
}

bool link_hear_bell(struct link *l)
{
	char rings[256];
	ssize_t n = recv(l->bell, rings, sizeof(rings), MSG_DONTWAIT);

	if (n > 0)
		link_look(l);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

void link_log(const struct link *l, struct buf *out)
{
	struct ring log;
	struct iovec iov[2];

	if (l->page == NULL || __atomic_load_n(&l->page->magic, __ATOMIC_ACQUIRE) != HL_MAGIC ||
	    !ring_attach(&log, &l->page->log, l->ram, l->ram_size) || log.shared == NULL)
		return;
	u64 head = __atomic_load_n(&l->page->log.head, __ATOMIC_ACQUIRE);

	log.pos = head > log.size ? head - log.size : 0;
	if (ring_filled(&log, iov) == RING_BROKEN)
		return;
	buf_add(out, iov[0].iov_base, iov[0].iov_len);
	buf_add(out, iov[1].iov_base, iov[1].iov_len);
}

bool link_exit(const struct link *l, struct outcome *out)
{
	static const enum outcome_kind kinds[] = {
		[HL_EXIT_STATUS] = OUTCOME_EXIT,   [HL_EXIT_SIGNAL] = OUTCOME_SIGNAL,
		[HL_EXIT_NOEXEC] = OUTCOME_NOEXEC, [HL_EXIT_PANIC] = OUTCOME_PANIC,
		[HL_EXIT_CONFIG] = OUTCOME_CONFIG,
	};
	const struct hl_exit *e = &l->page->exit;
	u32 kind = __atomic_load_n(&e->kind, __ATOMIC_ACQUIRE);
	char text[sizeof(e->text) + 1];

	if (kind == HL_EXIT_NONE)
		return false;
	if (kind >= ARRAY_SIZE(kinds)) {
		outcome_set(out, OUTCOME_LAUNCHER, 0,
			    "the kernel left an exit record of unknown kind %u", kind);
		return true;
	}
	memcpy(text, e->text, sizeof(e->text));
	text[sizeof(e->text)] = '\0';
	outcome_set(out, kinds[kind], (int)(e->value & 0xff), "%s", text);
	return true;
}

u64 link_ram_used(const struct link *l)
{
	struct stat st;

	return fstat(l->memfd, &st) == 0 ? (u64)st.st_blocks * 512 : 0;
}
