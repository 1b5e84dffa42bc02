/* SPDX-License-Identifier: MIT */
/* Standard descriptors without blocking; see hostfd.h. */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/lstar/hostfd.h"

unsigned hostfd_init(void)
{
	unsigned mask = 0;

	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			mask |= 1u << fd;
	while (mask != 7) {
		int fd = open("/dev/null", O_RDWR);

		if (fd < 0 || fd > 2) {
			close(fd);
			break;
		}
	}
	return mask;
}

/*
 * kcmp(2) knows. Where it is forbidden, two ends of the same pipe or socket are as good
 * as one; two opens of the same regular file are not, each has its own position.
 */
bool hostfd_joined(unsigned fds)
{
	struct stat out, err;

	if ((fds & 6) != 6 || fstat(1, &out) != 0 || fstat(2, &err) != 0 ||
	    out.st_dev != err.st_dev || out.st_ino != err.st_ino)
		return false;
	long different = syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, 1, 2);

	return different == 0 || (different < 0 && !S_ISREG(out.st_mode));
}

static int reopen(int standard)
{
	char path[32];
	int access = standard == 0 ? O_RDONLY : O_WRONLY;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", standard);
	return open(path, access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void hostfd_open(struct hostfd *h, int standard)
{
	struct stat st;

	*h = (struct hostfd){ .fd = standard, .standard = standard, .kind = HOSTFD_CAREFUL };
	if (fstat(standard, &st) != 0)
		return;
	h->tty = S_ISCHR(st.st_mode) && isatty(standard);
	if (S_ISSOCK(st.st_mode)) {
		h->kind = HOSTFD_SOCKET;
	} else if (h->tty || S_ISFIFO(st.st_mode)) {
		int fd = reopen(standard);

		if (fd >= 0) {
			h->kind = HOSTFD_OWN;
			h->fd = fd;
		}
	} else if (S_ISREG(st.st_mode) || S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode)) {
		h->kind = HOSTFD_PLAIN;
	}
	if (S_ISREG(st.st_mode))
		h->start = lseek(standard, 0, SEEK_CUR);
	h->seekable = S_ISREG(st.st_mode) && h->start >= 0;
}

void hostfd_close(struct hostfd *h)
{
	if (h->fd != h->standard)
		close(h->fd);
	h->fd = -1;
	/* Keep the number taken: see hostfd_init. */
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null >= 0) {
		dup2(null, h->standard);
		close(null);
	}
}

static bool ready(const struct hostfd *h, short event)
{
	struct pollfd pfd = { .fd = h->fd, .events = event };

	if (poll(&pfd, 1, 0) > 0)
		return true;
	errno = EAGAIN;
	return false;
}

ssize_t hostfd_read(struct hostfd *h, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)n };

	if (h->kind == HOSTFD_SOCKET)
		return recvmsg(h->fd, &msg, MSG_DONTWAIT);
	if (h->kind == HOSTFD_CAREFUL && !ready(h, POLLIN))
		return -1;
	return readv(h->fd, iov, n);
}

/* A pipe that poll calls writable takes PIPE_BUF bytes without blocking: pipe(7). */
static ssize_t write_careful(struct hostfd *h, const struct iovec *iov)
{
	if (!ready(h, POLLOUT))
		return -1;
	return write(h->fd, iov[0].iov_base, iov[0].iov_len < PIPE_BUF ? iov[0].iov_len : PIPE_BUF);
}

ssize_t hostfd_write(struct hostfd *h, const struct iovec *iov, int n)
{
	struct msghdr msg = { .msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)n };

	if (h->kind == HOSTFD_SOCKET)
		return sendmsg(h->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (h->kind == HOSTFD_CAREFUL)
		return write_careful(h, iov);
	return writev(h->fd, iov, n);
}
