/* SPDX-License-Identifier: MIT */
/*
 * What the calls of @stat have in common for both ABIs: sys/stat.c has the x86-64 forms,
 * sys/stat32.c the i386 ones.
 */
#ifndef SYS_STAT_IMPL_H
#define SYS_STAT_IMPL_H

#include "abi/linux64.h"
#include "kernel/fs/vfs.h"

MUST_CHECK err_t stat_fd(int fd, struct kstat *st);
MUST_CHECK err_t stat_path(int dirfd, ustr_t path, enum walk_mode mode, bool empty_ok,
			   struct kstat *st);
/* With AT_... flags, which are checked. */
MUST_CHECK err_t stat_at(int dirfd, ustr_t path, u32 flags, struct kstat *st);

MUST_CHECK err_t statfs_path(ustr_t path, struct l64_statfs *st);
MUST_CHECK err_t statfs_fd(int fd, struct l64_statfs *st);

/* What the calls that set times make of their arguments. */
struct new_times {
	s64 atime_ns, mtime_ns; /* TIME_KEEP: as it is */
	bool both_now;
};
struct new_times times_now(void);
MUST_CHECK err_t times_decode_usec(const struct l64_timeval tv[2], struct new_times *out);
MUST_CHECK err_t set_times(int dirfd, ustr_t path, u32 flags, const struct new_times *t);
/* utimensat: times NULL means now. */
long set_times_at(int dirfd, ustr_t path, const struct l64_timespec *times, u32 flags);

#endif
