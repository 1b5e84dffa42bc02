/* SPDX-License-Identifier: MIT */
/*
 * Threads and the scheduler's interface. A thread is a kernel stack, a saved context and
 * what the CPU must load to run it; whose address space and files it uses is the
 * process's business (kernel/proc).
 */
#ifndef KERNEL_SCHED_THREAD_H
#define KERNEL_SCHED_THREAD_H

#include "base/types.h"
#include "base/uaddr.h"
#include "cpu/percpu.h"
#include "cpu/spinlock.h"
#include "cpu/switch.h"

struct proc;
struct pmap;

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_SLEEPING, THREAD_DEAD };

struct waitq;

struct thread {
	struct context ctx; /* first: what context_switch saves */
	u32 tid;
	u32 pid; /* of proc; here because getpid is the call everybody measures. 0: kernel thread */
	struct proc *proc; /* NULL: kernel thread */
	struct pmap *pmap; /* loaded when the thread runs; NULL keeps what is loaded */
	vaddr_t kstack_top;

	/* under the scheduler's lock */
	enum thread_state state;
	bool on_runq;
	u32 cpu;      /* where it runs, or ran last */
	u64 affinity; /* CPUs it may run on */
	struct thread *runq_next;
	struct waitq *waiting_on;
	struct thread *waitq_next, *waitq_prev;
	u64 wake_at_ns; /* WAIT_FOREVER: no timeout */
	bool timed_out;
	bool interruptible; /* a signal may end this sleep */
	struct thread *timer_next;

	/* own thread only */
	struct user_state user; /* FPU area, FS and GS base */
	u64 cpu_ns;		/* processor time used, up to run_since_ns */
	u64 run_since_ns;
	uaddr_t clear_child_tid;
	uaddr_t robust_list;
	u64 robust_len;
	uaddr_t rseq_area;
	u32 rseq_len, rseq_sig;
	u64 sigaltstack_sp, sigaltstack_size;
	u32 sigaltstack_flags;
	u64 sigmask;

	/* atomic */
	u64 sigpending;
	u32 syscall_slow; /* mirrored likewise; see sys/dispatch.c */
	u32 work;	  /* WORK_* : mirrored in percpu->work while the thread runs */
};

/* Reasons to leave the straight way back to user mode; bits of percpu->work. */
#define WORK_SIGNAL (1u << 0)
#define WORK_RESCHED (1u << 1)
/* A handler changed rip, rflags, cs, ss, rsp or a register C preserves in its frame: the exit
 * must judge it. */
#define WORK_FRAME (1u << 2)
#define WORK_RSEQ (1u << 3) /* was off the CPU: restartable sequences must hear of it */

static inline struct thread *current_thread(void)
{
	return percpu_current();
}

void thread_begun(void); /* first thing a thread's fn calls: see thread_new */
/* A thread with a guarded kernel stack that will start in fn(arg), interrupts on. -ENOMEM.
 * Implemented in kernel/proc/thread.c: it needs memory, which lies above this room. */
MUST_CHECK err_t thread_new(struct proc *p, void (*fn)(void *), void *arg, struct thread **out);
void thread_start(struct thread *t);
NORETURN void thread_exit(void);
/* Makes t look at its work before it next runs user code; wakes it from interruptible sleep. */
void thread_set_work(struct thread *t, u32 bits);
void thread_clear_work(u32 bits);	 /* of the calling thread */
void thread_set_syscall_slow(bool slow); /* likewise */
void sched_yield(void);
void sched_tick(void); /* from the timer's and the kick's interrupts: timeouts, end of slice */
/* Not 0: an interrupt at least that often wherever a program runs (command line storm_us=). */
extern u64 sched_storm_us;
void sched_cpu_init(void); /* on each CPU before it idles; the first one too */
/* The calling thread goes on on one of these CPUs; mask holds at least one that runs. */
void thread_set_affinity(u64 mask);
/* The calling CPU becomes its idle loop. */
NORETURN void sched_idle(void);
u64 thread_cpu_ns(const struct thread *t);

#endif
