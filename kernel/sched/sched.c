/* SPDX-License-Identifier: MIT */
/*
 * Who runs. One queue of ready threads, first in first out, with a time slice; kernel code
 * is never preempted, the switch happens where a thread sleeps, yields or returns to user
 * mode. Tickless: the alarm is set for the next timeout, and for the end of the slice only
 * while somebody else waits for the CPU.
 *
 * sched_lock is held across context_switch; who comes back releases it. It is taken after
 * any lock that protects a condition (see wait.h), never before.
 */
#include "kernel/sched/thread.h"
#include "cpu/cpu.h"
#include "cpu/irq.h"
#include "kernel/sched/sched_impl.h"
#include "kernel/sched/wait.h"
#include "machine/clock.h"
#include "machine/pmap.h"

#define SLICE_NS 10000000ull

struct spinlock sched_lock = SPINLOCK_INIT;

static struct thread *ready_first, *ready_last;
static struct thread idle_thread;

static void ready_push(struct thread *t)
{
	t->runq_next = NULL;
	t->on_runq = true;
	if (ready_last)
		ready_last->runq_next = t;
	else
		ready_first = t;
	ready_last = t;
}

static struct thread *ready_pop(void)
{
	struct thread *t = ready_first;
	if (!t)
		return NULL;
	ready_first = t->runq_next;
	if (!ready_first)
		ready_last = NULL;
	t->on_runq = false;
	return t;
}

static void alarm_set(void)
{
	u64 at = timer_next();
	if (ready_first)
		at = min_u64(at, clock_monotonic_ns() + SLICE_NS);
	clock_alarm(at);
}

void sched_make_ready(struct thread *t)
{
	if (t->state != THREAD_SLEEPING)
		return;
	timer_remove(t);
	t->state = THREAD_READY;
	ready_push(t);
	alarm_set();
}

/* What the CPU must hold for the thread that is about to run. */
static void cpu_load(struct thread *t)
{
	struct percpu *pc = this_cpu();
	pc->current = t;
	pc->work = t->work;
	pc->syscall_slow = t->syscall_slow;
	cpu_set_kstack(pc, t->kstack_top);
	if (t->pmap)
		pmap_activate(t->pmap);
	if (t->proc)
		user_state_load(&t->user);
}

void sched_switch(void)
{
	struct thread *prev = current_thread();
	u64 now = clock_monotonic_ns();

	if (prev->state == THREAD_RUNNING && prev != &idle_thread) {
		if (!ready_first)
			return;
		prev->state = THREAD_READY;
		ready_push(prev);
	}
	struct thread *next = ready_pop();
	if (!next)
		next = &idle_thread;
	if (next == prev) {
		prev->state = THREAD_RUNNING;
		return;
	}
	prev->cpu_ns += now - prev->run_since_ns;
	if (prev->proc && prev->state != THREAD_DEAD)
		user_state_save(&prev->user);
	next->state = THREAD_RUNNING;
	next->run_since_ns = now;
	cpu_load(next);
	alarm_set();
	context_switch(&prev->ctx, &next->ctx);
}

void sched_yield(void)
{
	spin_guard(&sched_lock);
	sched_switch();
}

void thread_start(struct thread *t)
{
	spin_guard(&sched_lock);
	t->state = THREAD_SLEEPING;
	t->wake_at_ns = WAIT_FOREVER;
	sched_make_ready(t);
}

/* First C of a new thread: the lock that its creator's switch took is ours to release. */
void thread_begun(void)
{
	spin_release(&sched_lock);
	irq_enable();
}

void thread_exit(void)
{
	irq_disable();
	spin_acquire(&sched_lock);
	current_thread()->state = THREAD_DEAD;
	sched_switch();
	__builtin_unreachable();
}

static void work_mirror(struct thread *t)
{
	if (t == current_thread())
		this_cpu()->work = t->work;
}

void thread_set_work(struct thread *t, u32 bits)
{
	spin_guard(&sched_lock);
	t->work |= bits;
	work_mirror(t);
	if ((bits & WORK_SIGNAL) && t->state == THREAD_SLEEPING && t->interruptible)
		sched_make_ready(t);
}

void thread_clear_work(u32 bits)
{
	spin_guard(&sched_lock);
	struct thread *t = current_thread();
	t->work &= ~bits;
	work_mirror(t);
}

void thread_set_syscall_slow(bool slow)
{
	u64 flags = irq_save();
	current_thread()->syscall_slow = this_cpu()->syscall_slow = slow;
	irq_restore(flags);
}

void sched_tick(void)
{
	spin_guard(&sched_lock);
	timer_expire(clock_monotonic_ns());
	struct thread *t = current_thread();
	if (ready_first && t != &idle_thread) {
		t->work |= WORK_RESCHED;
		work_mirror(t);
	}
	alarm_set();
}

u64 thread_cpu_ns(const struct thread *t)
{
	u64 running = t == current_thread() ? clock_monotonic_ns() - t->run_since_ns : 0;
	return t->cpu_ns + running;
}

void sched_init(void)
{
	idle_thread.state = THREAD_RUNNING;
	idle_thread.kstack_top = this_cpu()->kstack_top;
	this_cpu()->current = &idle_thread;
}

void sched_idle(void)
{
	for (;;) {
		irq_disable();
		spin_acquire(&sched_lock);
		sched_switch();
		bool empty = !ready_first;
		spin_release(&sched_lock);
		if (empty)
			irq_enable_and_halt();
	}
}
