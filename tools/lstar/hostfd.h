/* SPDX-License-Identifier: MIT */
/*
 * The launcher's own stdin, stdout and stderr, read and written without ever blocking
 * the whole launcher. O_NONBLOCK is a property of the open file description, which is
 * shared with whoever gave it to us, so it is never set there: pipes and terminals are
 * opened a second time through /proc/self/fd, sockets take a flag per call.
 */
#ifndef TOOLS_LSTAR_HOSTFD_H
#define TOOLS_LSTAR_HOSTFD_H

#include <sys/types.h>
#include <sys/uio.h>

#include "base/types.h"

enum hostfd_kind {
	HOSTFD_PLAIN, /* regular files and the like: never blocks for long */
	HOSTFD_OWN,   /* our own non-blocking description */
	HOSTFD_SOCKET,
	HOSTFD_CAREFUL, /* none of these: ask poll first, then move little */
};

struct hostfd {
	int fd;	      /* what is read, written and polled */
	int standard; /* 0, 1 or 2 */
	enum hostfd_kind kind;
	bool tty;
	bool seekable;
	off_t start; /* file position at the start, when seekable */
};

/*
 * Mask of the standard descriptors that are open. The closed ones are filled with
 * /dev/null, so that no descriptor of ours lands there. Call before opening anything.
 */
unsigned hostfd_init(void);

/* Are stdout and stderr one open file, as after 2>&1? */
bool hostfd_joined(unsigned fds);

void hostfd_open(struct hostfd *h, int standard);
/* Lets go of the standard descriptor too: the other end of a pipe sees the end of file. */
void hostfd_close(struct hostfd *h);

/* As readv and writev; -1 with EAGAIN when it would block. */
ssize_t hostfd_read(struct hostfd *h, const struct iovec *iov, int n);
ssize_t hostfd_write(struct hostfd *h, const struct iovec *iov, int n);

#endif
