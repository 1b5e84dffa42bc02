/* SPDX-License-Identifier: MIT */
/*
 * Arguments that need more than a cast: descriptors, paths, places, times. Each is taken
 * by a _get function and given back by itself at the end of the block:
 *
 *	FILE_HELD f = NULL;
 *	err_t e = file_get(fd, &f);
 */
#ifndef SYS_ARGS_H
#define SYS_ARGS_H

#include "abi/linux32.h"
#include "abi/linux64.h"
#include "base/types.h"
#include "base/uaddr.h"
#include "kernel/fs/vfs.h"
#include "kernel/proc/file.h"

/* ---- descriptors ---- */

/* -EBADF also for a descriptor opened with O_PATH. */
MUST_CHECK err_t file_get(int fd, struct file **out);
/* O_PATH descriptors too. */
MUST_CHECK err_t file_get_any(int fd, struct file **out);
void file_put(struct file **f);
#define FILE_HELD __attribute__((cleanup(file_put))) struct file *

/* RLIMIT_NOFILE: the first descriptor number that may not be used. */
u32 fd_limit(void);

/* ---- paths ---- */

#define PATH_SMALL 256

/* A path copied into the kernel. Most are short; the others get a page. */
struct user_path {
	const char *text;
	char *big; /* NULL: text is in small */
	char small[PATH_SMALL];
};
/* -EFAULT, -ENAMETOOLONG, -ENOMEM. */
MUST_CHECK err_t path_get(struct user_path *p, ustr_t path);
void path_put(struct user_path *p);

/* A path and the directory descriptor it is relative to. */
struct user_place {
	struct place at;
	struct user_path path;
	struct file *dir;
};
#define PLACE_HELD __attribute__((cleanup(place_put))) struct user_place
/* -EBADF and -ENOTDIR only if the path is relative, as Linux. */
MUST_CHECK err_t place_get(struct user_place *p, int dirfd, ustr_t path);
void place_put(struct user_place *p);

/*
 * The inode of a place. With empty_ok (AT_EMPTY_PATH) an empty path is dirfd itself, or the
 * working directory. A reference.
 */
MUST_CHECK err_t inode_get(int dirfd, ustr_t path, enum walk_mode mode, bool empty_ok,
			   struct inode **out);
/* The inode behind a descriptor; a reference. -EBADF, also when it has none. */
MUST_CHECK err_t inode_get_fd(int fd, struct inode **out);

/* ---- times ---- */

/* Seconds and a fraction to ns; far-away times end at the ends of s64. */
s64 ns_of(s64 sec, s64 nsec);
struct l64_timespec timespec_of(s64 ns);

/*
 * A struct timespec of a program as the kernel's: 64-bit ones, those of i386, and those that
 * i386 programs give to calls named ..._time64 (the upper half of tv_nsec is noise there).
 */
typedef err_t timespec_reader(uaddr_t from, struct l64_timespec *ts);
MUST_CHECK err_t timespec_read(uaddr_t from, struct l64_timespec *ts);
MUST_CHECK err_t timespec_read32(uaddr_t from, struct l64_timespec *ts);
MUST_CHECK err_t timespec_read_time64(uaddr_t from, struct l64_timespec *ts);

static inline struct l32_timespec timespec_narrow(const struct l64_timespec *ts)
{
	return (struct l32_timespec){ (s32)ts->tv_sec, (s32)ts->tv_nsec };
}

#endif
