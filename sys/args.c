/* SPDX-License-Identifier: MIT */
/* Arguments that need more than a cast: see args.h. */
#include "sys/args.h"

#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/proc/proc.h"
#include "machine/clock.h"

err_t file_get_any(int fd, struct file **out)
{
	return fd_get(current_proc()->fds, fd, out);
}

err_t file_get(int fd, struct file **out)
{
	err_t e = file_get_any(fd, out);
	if (!e && ((*out)->flags & LINUX_O_PATH)) {
		file_unref(*out);
		*out = NULL;
		e = -EBADF;
	}
	return e;
}

void file_put(struct file **f)
{
	file_unref(*f);
}

u32 fd_limit(void)
{
	return (u32)min_u64(current_proc()->limits[LINUX_RLIMIT_NOFILE].cur, INT32_MAX);
}

static err_t path_get_big(struct user_path *p, ustr_t path)
{
	u64 len;
	p->big = kmalloc(PATH_MAX);
	if (!p->big)
		return -ENOMEM;
	p->text = p->big;
	return copyinstr(p->big, path.a, PATH_MAX, &len);
}

err_t path_get(struct user_path *p, ustr_t path)
{
	u64 len;
	p->big = NULL;
	p->text = p->small;
	err_t e = copyinstr(p->small, path.a, sizeof p->small, &len);
	return e == -ENAMETOOLONG ? path_get_big(p, path) : e;
}

void path_put(struct user_path *p)
{
	kfree(p->big);
}

static err_t start_get(struct user_place *p, int dirfd)
{
	const char *text = p->path.text;
	if (*text == '/' || *text == 0 || dirfd == LINUX_AT_FDCWD)
		return 0;
	err_t e = file_get_any(dirfd, &p->dir);
	if (e)
		return e;
	p->at.start = p->dir->inode;
	return p->at.start ? 0 : -ENOTDIR;
}

err_t place_get(struct user_place *p, int dirfd, ustr_t path)
{
	p->dir = NULL;
	p->at.start = NULL;
	err_t e = path_get(&p->path, path);
	p->at.path = p->path.text;
	return e ? e : start_get(p, dirfd);
}

void place_put(struct user_place *p)
{
	path_put(&p->path);
	file_unref(p->dir);
}

err_t inode_get_fd(int fd, struct inode **out)
{
	FILE_HELD f = NULL;
	err_t e = file_get_any(fd, &f);
	if (e)
		return e;
	if (!f->inode)
		return -EBADF;
	*out = inode_ref(f->inode);
	return 0;
}

static err_t inode_get_cwd(struct inode **out)
{
	mutex_guard(&tree_lock);
	*out = inode_ref(current_fs()->cwd);
	return 0;
}

err_t inode_get(int dirfd, ustr_t path, enum walk_mode mode, bool empty_ok, struct inode **out)
{
	PLACE_HELD p;
	err_t e = place_get(&p, dirfd, path);
	if (e)
		return e;
	if (empty_ok && *p.at.path == 0)
		return dirfd == LINUX_AT_FDCWD ? inode_get_cwd(out) : inode_get_fd(dirfd, out);
	return vfs_lookup(current_fs(), p.at, mode, out);
}

s64 ns_of(s64 sec, s64 nsec)
{
	s64 ns;
	if (__builtin_mul_overflow(sec, (s64)NSEC_PER_SEC, &ns) ||
	    __builtin_add_overflow(ns, nsec, &ns))
		return sec < 0 ? INT64_MIN + 1 : INT64_MAX; /* INT64_MIN is TIME_KEEP */
	return ns;
}

struct l64_timespec timespec_of(s64 ns)
{
	s64 sec = ns / (s64)NSEC_PER_SEC, nsec = ns % (s64)NSEC_PER_SEC;
	if (nsec < 0) {
		sec--;
		nsec += (s64)NSEC_PER_SEC;
	}
	return (struct l64_timespec){ .tv_sec = sec, .tv_nsec = nsec };
}

err_t timespec_read(uaddr_t from, struct l64_timespec *ts)
{
	return copyin(ts, from, sizeof *ts);
}

err_t timespec_read32(uaddr_t from, struct l64_timespec *ts)
{
	struct l32_timespec narrow;
	err_t e = copyin(&narrow, from, sizeof narrow);

	if (!e)
		*ts = (struct l64_timespec){ narrow.tv_sec, narrow.tv_nsec };
	return e;
}

err_t timespec_read_time64(uaddr_t from, struct l64_timespec *ts)
{
	struct l32_timespec64 wide;
	err_t e = copyin(&wide, from, sizeof wide);

	if (!e) /* zero-extended, as Linux: a negative fraction is not normal either way */
		*ts = (struct l64_timespec){ wide.tv_sec, (u32)wide.tv_nsec };
	return e;
}
