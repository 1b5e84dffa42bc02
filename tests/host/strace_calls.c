/* SPDX-License-Identifier: MIT */
/*
 * A program to be traced: every kind of argument that strace has a form of its own for, in
 * success and in failure, and nothing whose outcome depends on the day or the machine.
 * Built static and run in an empty directory. Run twice, by strace and by
 * tests/host/strace_live.c, it must give the same lines.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#define CALL(name, ...) call(SYS_##name, (long[6]){ __VA_ARGS__ })
#define A(p) ((long)(p))
#define BAD 0x1000L /* never mapped */

static long call(long number, const long a[6])
{
	return syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

static char buffer[65536] __attribute__((aligned(4096)));
static const char text[] =
	"plain \"quoted\" \\ \t\r\n\v\f\a\0011 \0018 \200\377 end of a long line of text";

static void strings_and_buffers(void)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	CALL(write, fd, A(text), sizeof text);
	CALL(write, fd, A(text), 0);
	CALL(write, fd, A("abc"), 3);
	CALL(write, fd, A("\1"), 1);
	CALL(write, fd, BAD, 10);
	CALL(write, -1, A("abc"), 3);
	CALL(lseek, fd, 0, SEEK_SET);
	CALL(read, fd, A(buffer), 10);
	CALL(read, fd, A(buffer), 32);
	CALL(read, fd, A(buffer), 4096);
	CALL(read, fd, A(buffer), 4096);
	CALL(read, fd, BAD, 0);
	CALL(read, -1, A(buffer), 10);
	CALL(pread64, fd, A(buffer), 5, 3);
	CALL(pread64, fd, A(buffer), 5, -3);
	CALL(pwrite64, fd, A("xyz"), 3, 100);
	CALL(lseek, fd, -1, SEEK_SET);
	CALL(lseek, fd, 0, SEEK_HOLE);
	CALL(lseek, fd, 0, 99);
	CALL(ftruncate, fd, 50);
	CALL(truncate, A("file"), 60);
	CALL(truncate, A("none"), 60);
	CALL(fallocate, fd, 0, 0, 100);
	CALL(fallocate, fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 10);
	CALL(fsync, fd);
	CALL(fdatasync, fd);
	CALL(fadvise64, fd, 0, 0, POSIX_FADV_WILLNEED);
	CALL(flock, fd, LOCK_EX | LOCK_NB);
	CALL(flock, fd, LOCK_UN);
	CALL(close, fd);
	CALL(close, 99);
}

static void vectors(void)
{
	int fd = CALL(open, A("vec"), O_RDWR | O_CREAT | O_APPEND | O_NONBLOCK, 0600);
	struct iovec v[40];

	for (int i = 0; i < 40; i++)
		v[i] = (struct iovec){ (char *)text + i, i };
	CALL(writev, fd, A(v), 3);
	CALL(writev, fd, A(v), 40);
	CALL(writev, fd, A(v), 0);
	CALL(writev, fd, BAD, 2);
	CALL(writev, fd, A(v), -1);
	v[1].iov_base = (void *)BAD;
	CALL(writev, fd, A(v), 3);
	for (int i = 0; i < 40; i++)
		v[i] = (struct iovec){ buffer + 100 * i, 20 };
	v[2].iov_len = 100;
	CALL(lseek, fd, 0, SEEK_SET);
	CALL(readv, fd, A(v), 5);
	CALL(preadv, fd, A(v), 2, 7, 0);
	CALL(preadv, fd, A(v), 2, 7000000, 0);
	CALL(pwritev, fd, A(v), 2, 9, 0);
	CALL(readv, -1, A(v), 2);
	CALL(readv, fd, A(v), 0);
	CALL(close, fd);
}

static void opening(void)
{
	static const int flags[] = { O_RDONLY,
				     O_WRONLY | O_DIRECTORY,
				     O_ACCMODE,
				     O_PATH,
				     O_SYNC | O_RDWR,
				     O_DSYNC,
				     O_NOFOLLOW | O_NOATIME | O_NOCTTY,
				     O_EXCL | O_CREAT,
				     O_TMPFILE | O_RDWR,
				     0x40000000,
				     0100000 };

	for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++)
		CALL(openat, AT_FDCWD, A("file"), flags[i], 0777);
	CALL(open, A("none"), O_RDONLY, 0);
	CALL(open, 0, O_RDONLY, 0);
	CALL(open, BAD, O_RDONLY, 0);
	CALL(open, A(""), O_CREAT, 0);
	CALL(openat, 42, A("x\ny"), O_RDONLY, 0);
	memset(buffer, 'a', 5000);
	buffer[5000] = 0;
	CALL(open, A(buffer), O_RDONLY, 0);
	CALL(creat, A("made"), 04755);
	for (int fd = 3; fd < 20; fd++)
		CALL(close, fd);
}

static void descriptors(void)
{
	int fd = CALL(open, A("file"), O_RDWR, 0);
	struct flock lock = { .l_type = F_WRLCK, .l_start = 1, .l_len = 2 };

	CALL(dup, fd);
	CALL(dup2, fd, 10);
	CALL(dup3, fd, 11, O_CLOEXEC);
	CALL(dup3, fd, fd, 0);
	CALL(fcntl, fd, F_GETFD);
	CALL(fcntl, 11, F_GETFD);
	CALL(fcntl, fd, F_SETFD, FD_CLOEXEC);
	CALL(fcntl, fd, F_SETFD, 0);
	CALL(fcntl, fd, F_GETFL);
	CALL(fcntl, fd, F_SETFL, O_NONBLOCK | O_APPEND);
	CALL(fcntl, fd, F_DUPFD, 20);
	CALL(fcntl, fd, F_DUPFD_CLOEXEC, 20);
	CALL(fcntl, fd, F_SETLK, A(&lock));
	CALL(fcntl, fd, F_GETLK, A(&lock));
	CALL(fcntl, fd, F_GETLK, BAD);
	CALL(fcntl, fd, 9999, 7);
	CALL(fcntl, fd, F_GETPIPE_SZ);
	CALL(fcntl, -1, F_GETFL);
	CALL(close_range, 10, 30, 0);
	CALL(close_range, 10, 30, 4);
	CALL(sendfile, -1, fd, 0, 10);
	int out = CALL(open, A("copy"), O_RDWR | O_CREAT | O_TRUNC, 0644);
	off_t pos = 1, pos2 = 0;
	CALL(sendfile, out, fd, A(&pos), 10);
	CALL(sendfile, out, fd, BAD, 10);
	CALL(copy_file_range, fd, A(&pos), out, A(&pos2), 5, 0);
	CALL(copy_file_range, fd, 0, out, 0, 5, 0);
	CALL(ioctl, fd, TCGETS, A(buffer));
	CALL(ioctl, fd, TIOCGWINSZ, A(buffer));
	CALL(ioctl, fd, FIONREAD, A(buffer));
	CALL(ioctl, fd, FIOCLEX);
	CALL(ioctl, fd, FIONBIO, A(&(int){ 1 }));
	CALL(ioctl, fd, 0x12345678, 5);
	CALL(ioctl, -1, TCSETSW, BAD);
	CALL(close, fd);
	CALL(close, out);
}

static void status(void)
{
	struct stat *st = (void *)buffer;
	int fd = CALL(open, A("."), O_RDONLY, 0);

	CALL(stat, A("file"), A(st));
	CALL(stat, A("/dev/null"), A(st));
	CALL(stat, A("."), A(BAD));
	CALL(stat, A("none"), A(st));
	CALL(lstat, A("/proc/self"), A(st));
	CALL(fstat, fd, A(st));
	CALL(newfstatat, AT_FDCWD, A("file"), A(st), AT_SYMLINK_NOFOLLOW);
	CALL(newfstatat, fd, A(""), A(st), AT_EMPTY_PATH);
	CALL(newfstatat, fd, A(""), A(st), 0x40000);
	CALL(statx, AT_FDCWD, A("file"), AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT,
	     STATX_MODE | STATX_SIZE, A(buffer));
	CALL(statx, AT_FDCWD, A("/dev/null"), 0, STATX_ALL, A(buffer));
	CALL(statx, AT_FDCWD, A("file"), AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, A(buffer));
	CALL(statx, AT_FDCWD, A("none"), AT_SYMLINK_NOFOLLOW, 0, A(buffer));
	CALL(access, A("file"), R_OK | W_OK);
	CALL(access, A("file"), F_OK);
	CALL(access, A("none"), X_OK);
	CALL(access, A("none"), 0x18);
	CALL(faccessat, AT_FDCWD, A("file"), R_OK);
	CALL(faccessat2, AT_FDCWD, A("file"), R_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW);
	CALL(symlink, A("file"), A("link"));
	CALL(readlink, A("link"), A(buffer), 100);
	CALL(readlink, A("link"), A(buffer), 2);
	CALL(readlink, A("file"), A(buffer), 2);
	CALL(readlinkat, AT_FDCWD, A("link"), A(buffer), 100);
	CALL(umask, 022);
	CALL(umask, 0);
	CALL(umask, 022);
	CALL(chmod, A("file"), 0);
	CALL(chmod, A("file"), 04755);
	CALL(fchmod, fd, 0700);
	CALL(fchmodat, AT_FDCWD, A("file"), 0644);
	CALL(chown, A("file"), -1, -1);
	CALL(fchown, fd, 0, 0);
	CALL(lchown, A("link"), 0, -1);
	CALL(fchownat, AT_FDCWD, A("file"), 0, 0, AT_SYMLINK_NOFOLLOW);
	struct timespec ts[2] = { { 1, 2 }, { 3, 4 } };
	CALL(utimensat, AT_FDCWD, A("file"), A(ts), 0);
	ts[0].tv_nsec = UTIME_NOW;
	ts[1].tv_nsec = UTIME_OMIT;
	CALL(utimensat, AT_FDCWD, A("file"), A(ts), AT_SYMLINK_NOFOLLOW);
	CALL(utimensat, AT_FDCWD, A("file"), 0, 0);
	CALL(utimensat, fd, 0, A(ts), 0);
	CALL(utimes, A("file"), A(((struct timeval[2]){ { 1, 2 }, { 3, 4 } })));
	CALL(utimes, A("file"), 0);
	CALL(utime, A("file"), A((&(struct utimbuf){ 100, 200 })));
	CALL(utime, A("file"), 0);
	CALL(futimesat, AT_FDCWD, A("file"), A(((struct timeval[2]){ { 1, 2 }, { 3, 4 } })));
	CALL(statfs, A("/proc"), A(buffer));
	CALL(fstatfs, -1, A(buffer));
	CALL(statfs, A("none"), A(buffer));
	CALL(getxattr, A("file"), A("user.none"), A(buffer), 100);
	CALL(getxattr, A("file"), A("user.none"), 0, 0);
	CALL(listxattr, A("file"), A(buffer), 100);
	CALL(flistxattr, fd, 0, 0);
	CALL(close, fd);
}

static void directories(void)
{
	int fd;

	CALL(mkdir, A("dir"), 0755);
	CALL(mkdirat, AT_FDCWD, A("dir"), 0);
	fd = CALL(open, A("dir"), O_RDONLY | O_DIRECTORY, 0);
	CALL(getdents64, fd, A(buffer), 32768);
	CALL(getdents64, fd, A(buffer), 32768);
	CALL(lseek, fd, 0, SEEK_SET);
	CALL(getdents, fd, A(buffer), 32768);
	CALL(getdents, fd, A(buffer), 1);
	CALL(getdents64, -1, A(buffer), 1);
	CALL(getcwd, A(buffer), 1);
	CALL(chdir, A("/"));
	CALL(getcwd, A(buffer), 4096);
	CALL(chdir, A("none"));
	CALL(fchdir, fd);
	CALL(chdir, A(".."));
	CALL(rename, A("copy"), A("copy2"));
	CALL(renameat, AT_FDCWD, A("none"), AT_FDCWD, A("x"));
	CALL(renameat2, AT_FDCWD, A("none"), AT_FDCWD, A("x"), 1);
	CALL(renameat2, AT_FDCWD, A("none"), AT_FDCWD, A("x"), 0x18);
	CALL(link, A("file"), A("hard"));
	CALL(linkat, AT_FDCWD, A("file"), AT_FDCWD, A("hard"), AT_SYMLINK_FOLLOW);
	CALL(unlink, A("hard"));
	CALL(unlinkat, AT_FDCWD, A("none"), AT_REMOVEDIR);
	CALL(unlinkat, AT_FDCWD, A("none"), 0);
	CALL(symlinkat, A("to"), AT_FDCWD, A("link"));
	CALL(mknod, A("fifo"), S_IFIFO | 0644, 0);
	CALL(mknod, A("none/chr"), S_IFCHR | 0644, 0x103);
	CALL(mknod, A("fifo"), 0600, 0);
	CALL(rmdir, A("dir"));
	CALL(rmdir, A("none"));
	CALL(close, fd);
}

static void waiting(void)
{
	int p[2];
	struct pollfd fds[3];
	fd_set in, out;

	if (pipe(p) < 0)
		return;
	fds[0] = (struct pollfd){ p[0], POLLIN, 0 };
	fds[1] = (struct pollfd){ p[1], POLLOUT | POLLERR, 0 };
	fds[2] = (struct pollfd){ -1, 0, 0 };
	CALL(poll, A(fds), 1, 0);
	CALL(poll, A(fds), 3, 10);
	CALL(poll, 0, 0, 0);
	CALL(poll, BAD, 2, 0);
	CALL(ppoll, A(fds), 1, A((&(struct timespec){ 0, 0 })), 0, 8);
	CALL(ppoll, A(fds), 2, A((&(struct timespec){ 100, 0 })), A((&(uint64_t){ 0x202 })), 8);
	FD_ZERO(&in);
	FD_SET(p[0], &in);
	FD_ZERO(&out);
	FD_SET(p[1], &out);
	CALL(select, 10, A(&in), 0, 0, A((&(struct timeval){ 0, 0 })));
	FD_SET(p[0], &in);
	CALL(select, 10, A(&in), A(&out), 0, 0);
	CALL(select, -1, A(&in), A(&out), 0, 0);
	CALL(select, 0, 0, 0, 0, A((&(struct timeval){ 0, 0 })));
	CALL(pselect6, 10, A(&in), A(&out), A(&in), 0,
	     A(((uint64_t[2]){ (uint64_t)(&(uint64_t){ 4 }), 8 })));
	CALL(pselect6, 10, A(&in), A(&out), 0, A((&(struct timespec){ 0, 0 })),
	     A(((uint64_t[2]){ 0, 8 })));
	CALL(close, p[0]);
	CALL(close, p[1]);
}

static void memory(void)
{
	long page =
		CALL(mmap, 0, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = CALL(open, A("file"), O_RDONLY, 0);

	CALL(mmap, 0, 4096, PROT_READ, MAP_SHARED, fd, 0x1000);
	CALL(mmap, page, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE,
	     -1, 0);
	CALL(mmap, 0, 0, 0, 0, 0, 1);
	CALL(mmap, 0, 4096, PROT_READ | PROT_EXEC | 0x100, 0xf | 0x400, 99, 0);
	CALL(mprotect, page, 8192, PROT_READ);
	CALL(mprotect, 1, 8192, PROT_NONE);
	CALL(mremap, page + 4096, 4096, 4096, 0);
	CALL(mremap, page, 1, 2, MREMAP_MAYMOVE | MREMAP_FIXED, page + 1);
	CALL(madvise, page + 8192, 4096, MADV_DONTNEED);
	CALL(madvise, page, 4096, 12345);
	CALL(msync, page, 4096, MS_SYNC | MS_INVALIDATE);
	CALL(mincore, page, 16384, A(buffer));
	CALL(mincore, page, 16384, BAD);
	CALL(mlock, page, 0);
	CALL(munlock, page, 4096);
	CALL(mlockall, 0);
	CALL(munlockall);
	CALL(munmap, page, 16384);
	CALL(munmap, 0x123, 1);
	CALL(brk, 0);
	CALL(close, fd);
}

static void process(void)
{
	struct rlimit lim = { 100, RLIM_INFINITY };

	CALL(getpgid, 99999999);
	CALL(setpgid, -5, 0);
	CALL(getsid, 99999999);
	CALL(set_robust_list, A(buffer), 24);
	CALL(set_robust_list, 0, 1);
	CALL(get_robust_list, 0, A(buffer + 256), A(buffer + 264));
	CALL(rseq, A(buffer), 32, 0, 0);
	CALL(rseq, 0, 32, 1, 0x53053053);
	CALL(arch_prctl, 0x1003, A(buffer));
	CALL(arch_prctl, 0x1004, A(buffer));
	CALL(arch_prctl, 0x1001, 0x1234);
	CALL(arch_prctl, 0x9999, 5);
	CALL(prctl, PR_SET_NAME, A("a thread's \"name\""));
	CALL(prctl, PR_GET_NAME, A(buffer));
	CALL(prctl, PR_GET_DUMPABLE);
	CALL(prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
	CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	CALL(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	CALL(prctl, PR_SET_PDEATHSIG, SIGTERM);
	CALL(prctl, PR_SET_PDEATHSIG, 0);
	CALL(prctl, PR_GET_PDEATHSIG, A(buffer));
	CALL(prctl, PR_GET_KEEPCAPS);
	CALL(prctl, PR_SET_KEEPCAPS, 0);
	CALL(prctl, PR_GET_TIMERSLACK);
	CALL(prctl, 12345, 1, 2, 3, 4);
	CALL(sched_yield);
	CALL(sched_getaffinity, 0, 3, A(buffer));
	CALL(sched_setaffinity, 0, 0, A(buffer));
	CALL(sched_setaffinity, 0, 8, A((&(uint64_t){ 0 })));
	CALL(getrlimit, RLIMIT_CORE, BAD);
	CALL(setrlimit, RLIMIT_NOFILE, A(&lim));
	lim.rlim_max = 200;
	CALL(setrlimit, RLIMIT_NOFILE, A(&lim));
	CALL(getrlimit, RLIMIT_NOFILE, A(&lim));
	CALL(getrlimit, 77, A(&lim));
	CALL(prlimit64, 0, RLIMIT_STACK, 0, BAD);
	lim.rlim_cur = 16 << 20;
	lim.rlim_max = RLIM_INFINITY;
	CALL(prlimit64, 99999999, RLIMIT_STACK, A(&lim), 0);
	CALL(prlimit64, 0, RLIMIT_NOFILE, 0, A(&lim));
	CALL(getrusage, 55, A(buffer));
	CALL(futex, A(buffer), FUTEX_WAKE_PRIVATE, 1);
	CALL(futex, A(buffer), FUTEX_WAIT, 77, A((&(struct timespec){ 1, 0 })));
	CALL(futex, A(buffer), FUTEX_WAIT_PRIVATE, 77, 0);
	CALL(futex, A(buffer), FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 77, 0, 0, -1);
	CALL(futex, A(buffer), FUTEX_CMP_REQUEUE, 1, 2, A(buffer + 8), 77);
	CALL(membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0);
	CALL(membarrier, 0x100000, 1, 0);
	CALL(getpriority, PRIO_PROCESS, 0);
	CALL(setpriority, PRIO_PROCESS, 0, 0);
	CALL(getpriority, 9, 0);
	CALL(sched_getscheduler, 0);
	CALL(sched_getparam, 0, A(buffer));
	CALL(sched_get_priority_max, SCHED_FIFO);
	CALL(sched_get_priority_min, SCHED_OTHER);
	CALL(getcpu, 0, 0, 0);
	CALL(getcpu, BAD, 0, 0);
	CALL(times, BAD);
}

static void credentials(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	CALL(getuid);
	CALL(getegid);
	CALL(setreuid, -1, -1);
	CALL(setresuid, -1, -1, -1);
	CALL(getresuid, A(buffer), A(buffer + 4), A(buffer + 8));
	CALL(getresgid, BAD, 0, 0);
	CALL(getgroups, -1, 0);
	CALL(setgroups, 2, A(((gid_t[2]){ 5, 6 })));
	CALL(getgroups, 0, 0);
	CALL(getgroups, 32, A(buffer));
	CALL(capget, A(&head), 0);
	head.version = 1;
	CALL(capget, A(&head), 0);
	CALL(capset, BAD, BAD);
}

static void handler(int signal)
{
	(void)signal;
}

static void signals(void)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = SA_RESTART };
	uint64_t set = 0x4201, all = ~0ull;

	sigaction(SIGUSR1, &act, 0);
	sigaction(SIGUSR1, 0, &act);
	act.sa_handler = SIG_IGN;
	sigaddset(&act.sa_mask, SIGINT);
	sigaddset(&act.sa_mask, 34);
	sigaction(SIGUSR2, &act, &act);
	CALL(rt_sigaction, SIGKILL, BAD, 0, 8);
	CALL(rt_sigaction, SIGKILL, 0, 0, 7);
	CALL(rt_sigprocmask, SIG_BLOCK, A(&set), A(buffer), 8);
	CALL(rt_sigprocmask, SIG_SETMASK, A(&all), A(buffer), 8);
	CALL(rt_sigprocmask, SIG_UNBLOCK, A(&all), A(buffer), 8);
	CALL(rt_sigprocmask, SIG_SETMASK, 0, A(buffer), 8);
	CALL(rt_sigprocmask, 99, A(&set), 0, 8);
	CALL(rt_sigpending, A(buffer), 8);
	CALL(sigaltstack, A((&(stack_t){ .ss_sp = buffer, .ss_size = 8192 })), A(buffer));
	CALL(sigaltstack, A((&(stack_t){ .ss_flags = SS_DISABLE })), 0);
	CALL(kill, 99999999, SIGTERM);
	CALL(kill, 99999999, 0);
	CALL(kill, 99999999, 99);
	CALL(tkill, 99999999, 34);
	CALL(tgkill, 99999999, 99999999, SIGRTMAX);
}

static void clocks(void)
{
	struct timespec ts = { 0, 1000 };

	CALL(clock_gettime, 99, A(buffer));
	CALL(clock_gettime, CLOCK_MONOTONIC, BAD);
	CALL(clock_getres, CLOCK_MONOTONIC_COARSE, A(buffer));
	CALL(clock_getres, CLOCK_BOOTTIME, 0);
	CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, A(&ts), A(buffer));
	CALL(clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, A(&ts), 0);
	CALL(nanosleep, A(&ts), 0);
	CALL(nanosleep, A(&ts), A(buffer));
	CALL(nanosleep, BAD, 0);
	CALL(gettimeofday, BAD, 0);
	CALL(gettimeofday, 0, A(buffer));
	CALL(gettimeofday, 0, 0);
}

static void facts(void)
{
	CALL(uname, BAD);
	CALL(sysinfo, BAD);
	CALL(getrandom, A(buffer), 0, GRND_NONBLOCK);
	CALL(getrandom, BAD, 8, GRND_RANDOM | GRND_INSECURE | GRND_NONBLOCK);
	CALL(getrandom, BAD, 8, 0x40);
}

/* Every bit set and none, of each set of flags: the order and the spelling of all names. */
static void flags(void)
{
	static const long bits[] = { -1, 0, 0x5555555555555555 };

	for (unsigned i = 0; i < 3; i++) {
		long b = bits[i];

		memset(buffer, (int)b, 128);
		CALL(ioctl, -1, TCSETS, A(buffer));
		CALL(open, A("none/none"), b & ~3, 0);
		CALL(access, A("none/none"), b);
		CALL(mmap, 0, 0, b, b & ~0xf, -1, 1);
		CALL(mremap, 1, 0, 0, b, 0);
		CALL(msync, 1, 0, b);
		CALL(mlockall, b & ~7);
		CALL(fchownat, -1, A(""), 0, 0, b);
		CALL(faccessat2, -1, A(""), b, b);
		CALL(statx, -1, A(""), b & ~0x2000, b, A(buffer));
		CALL(renameat2, -1, A(""), -1, A(""), b);
		CALL(fallocate, -1, b, 0, 0);
		CALL(flock, -1, b);
		CALL(close_range, 5, 4, b);
		CALL(dup3, 3, 3, b);
		CALL(poll, A(((struct pollfd[1]){ { 1 << 20, b, 0 } })), 1, 0);
		CALL(rt_sigaction, 0, A(buffer), 0, 8);
		CALL(rt_sigprocmask, 99, A(buffer), 0, 8);
		CALL(sigaltstack, A(buffer), 0);
		CALL(clock_nanosleep, 99, b, A(buffer), 0);
		CALL(membarrier, -1, b, -1);
		CALL(getrandom, 0, 0, b);
		CALL(fcntl, -1, F_SETFD, b);
		CALL(fcntl, -1, F_SETFL, b);
		CALL(fcntl, -1, F_SETLK, A(buffer));
		CALL(mknod, A("none/none"), b, b);
		CALL(chmod, A("none/none"), b);
		CALL(setrlimit, 99, A(buffer));
		CALL(utimensat, -1, A(""), A(buffer), b);
	}
}

/* Every value of each enumeration, and some beyond it. */
static void values(void)
{
	for (long i = -1; i < 70; i++) {
		CALL(lseek, -1, 0, i);
		CALL(fadvise64, -1, 0, 0, i);
		CALL(madvise, 1, 0, i);
		CALL(clock_gettime, i, BAD);
		CALL(getrlimit, i, BAD);
		CALL(getrusage, i, BAD);
		CALL(getpriority, i, 99999999);
		CALL(kill, 99999999, i);
		CALL(sched_get_priority_max, i);
		CALL(fcntl, -1, i, 0);
		CALL(fcntl, -1, 1024 + i, 0);
		CALL(ioctl, -1, 0x5400 + i, BAD);
		if (i != 1 && i != 2) /* not FS: libc lives there */
			CALL(arch_prctl, 0x1000 + i, BAD);
		CALL(futex, 1, i, 2, BAD, 4, 5);
		CALL(futex, 1, i | FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME, 2, BAD, 4, 5);
		CALL(mmap, 0, 0, 0, i, -1, 1);
		CALL(membarrier, 1 << i % 31, 0x100, 0);
		CALL(open, A("none/none"), i, 0);
		CALL(mknod, A("none/none"), i << 12, 0x123456789);
		CALL(rt_sigprocmask, i, 0, 0, 5);
	}
}

int main(int argc, char **argv)
{
	strings_and_buffers();
	vectors();
	opening();
	descriptors();
	status();
	directories();
	waiting();
	memory();
	process();
	credentials();
	signals();
	clocks();
	facts();
	flags();
	values();
	if (argc > 1 && !strcmp(argv[1], "fault"))
		*(volatile char *)BAD = 1;
	if (argc > 1 && !strcmp(argv[1], "abort"))
		abort();
	CALL(exit_group, 300);
}
