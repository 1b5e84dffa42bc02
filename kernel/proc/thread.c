/* SPDX-License-Identifier: MIT */
/* Making and unmaking threads: the memory behind kernel/sched/thread.h. */
#include "cpu/frame.h"
#include "gen/errno.h"
#include "kernel/mm/init.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/proc/proc.h"

struct start {
	void (*fn)(void *);
	void *arg;
};

static void thread_main(void *p)
{
	struct start s = *(struct start *)p;
	kfree(p);
	thread_begun();
	s.fn(s.arg);
	thread_exit();
}

static u32 next_tid = 1;

err_t thread_new(struct proc *p, void (*fn)(void *), void *arg, struct thread **out)
{
	struct thread *t = kzalloc(sizeof(*t));
	struct start *s = kmalloc(sizeof(*s));
	void *fpu = kmalloc(user_state_fpu_size());
	if (!t || !s || !fpu || kstack_alloc(&t->kstack_top)) {
		kfree(t);
		kfree(s);
		kfree(fpu);
		return -ENOMEM;
	}
	*s = (struct start){ fn, arg };
	t->user.fpu = fpu;
	user_state_reset(&t->user, 0, false);
	t->proc = p;
	t->pid = p ? p->pid : 0;
	t->tid = __atomic_fetch_add(&next_tid, 1, __ATOMIC_RELAXED);
	/* Below the place of the trap frame, which the thread may fill in to go to user mode. */
	context_init(&t->ctx, t->kstack_top - sizeof(struct trapframe), thread_main, s);
	*out = t;
	return 0;
}
