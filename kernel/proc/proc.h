/* SPDX-License-Identifier: MIT */
/*
 * Processes. A process owns what its threads share: address space, descriptors, file
 * system context, credentials, limits, signal dispositions. Fields are grouped by the
 * lock that protects them. Threads are kernel/sched/thread.h.
 */
#ifndef KERNEL_PROC_PROC_H
#define KERNEL_PROC_PROC_H

#include "base/types.h"
#include "cpu/spinlock.h"
#include "gen/signals.h"
#include "kernel/sched/thread.h"
#include "kernel/sched/wait.h"

struct aspace;
struct fdtable;
struct fs_context; /* kernel/fs: root, cwd, umask */
struct personality;
struct trapframe;
struct vmobj;

struct cred {
	u32 uid, euid, suid, gid, egid, sgid;
};

struct rlimit {
	u64 cur, max;
};
#define RLIM_INFINITY UINT64_MAX
#define RLIMIT_COUNT 16

struct sigaction_k {
	u64 handler; /* 0 default, 1 ignore, else a user address */
	u64 flags, restorer, mask;
};

#define PROC_NAME_MAX 16
#define PROC_GROUPS_MAX 32

/* What a process may ask the kernel to remember about it (sys/prctl.c, sys/cred.c, sys/proc.c). */
struct proc_attr {
	u32 pgid, sid;
	s32 nice;
	u64 cap_effective, cap_permitted, cap_inheritable, cap_bounding;
	u32 ngroups;
	u32 groups[PROC_GROUPS_MAX];
	u32 pdeath_signal;
	u64 timer_slack_ns;
	u8 dumpable;
	bool keep_caps, no_new_privs, child_subreaper, thp_disable;
};

struct proc {
	/* constant after creation */
	u32 pid;
	u32 ppid;
	struct fdtable *fds;
	struct fs_context *fs;

	/* changed by exec only, by the process itself */
	struct aspace *aspace;
	const struct personality *personality;
	char *exe_path;		 /* kmalloc'ed absolute path */
	uaddr_t sysenter_return; /* where calls by SYSENTER return to; 0: nowhere */

	/* under lock */
	struct spinlock lock;
	char name[PROC_NAME_MAX];
	struct cred cred;
	struct rlimit limits[RLIMIT_COUNT];
	struct sigaction_k actions[NSIG + 1]; /* [signo] */
	u32 nthreads;
	bool traced;  /* its calls go to the trace ring */
	bool stopped; /* by SIGSTOP and its like, until SIGCONT */
	struct waitq stop_wait;
	s16 signal_codes[NSIG + 1]; /* [signo]: si_code of the pending one */
	struct proc_attr attr;

	/* the thread that takes the process's signals; set by exec, read from interrupts */
	struct thread *main_thread;
};

static inline struct proc *current_proc(void)
{
	return current_thread()->proc;
}

/* A process with no thread, no aspace yet; takes over the references to fds and fs. */
MUST_CHECK err_t proc_new(struct fdtable *fds, struct fs_context *fs, struct proc **out);

/*
 * Replaces the calling process's image. path is for AT_EXECFN and the name; argv and envp
 * are kernel copies: argc+envc NUL-terminated strings one after the other.
 * On error before the point of no return the old image stays; after it the process dies.
 * On success the caller returns to user mode through the fresh frame.
 */
struct exec_args {
	const char *path;
	const char *strings; /* argv then envp */
	u64 strings_len;
	u32 argc, envc;
};
MUST_CHECK err_t proc_exec(struct vmobj *image, const struct exec_args *args, struct trapframe *tf);

/* The calling thread's process ends; never returns. */
NORETURN void proc_exit(u32 status);
/* Ends the calling process as if by an uncaught signal; text (may be "") says why. */
NORETURN void proc_die(int signo, const char *text);

/*
 * Signals without handlers yet: default actions, SIG_IGN and masks are honoured.
 * proc_signal marks the signal pending on p; the thread takes it on its way to user mode
 * or when it wakes from an interruptible sleep.
 */
MUST_CHECK err_t proc_signal(struct proc *p, int signo);
/* A fault of the calling thread: not maskable; kills, text says what happened where. */
void proc_fault(int signo, const char *text);
/* Takes pending signals; may not return. From user_return_work and sleeping loops. */
void signal_deliver(void);

/* Looks a process up by pid with no reference (one process lives in this system so far): NULL. */
struct proc *proc_find(u32 pid);

/* Upcalls: proc is below kernel/fs and boot, which implement these. */
void fs_context_unref(struct fs_context *fs);
NORETURN void proc_last_exit(struct proc *p, bool by_signal, u32 value, const char *text);

#endif
