/* SPDX-License-Identifier: MIT */
/*
 * Who runs where. One queue of ready threads for all CPUs, first in first out, with a time
 * slice and an affinity mask; kernel code is never preempted, the switch happens where a
 * thread sleeps, yields or returns to user mode. Tickless: a CPU's alarm is set for the next
 * timeout, and for the end of the slice only while somebody waits for this CPU.
 *
 * The scheduler's lock is held across context_switch; who comes back releases it, so no other CPU
 * can take a thread up before its context is saved. It is taken after any lock that protects a
 * condition (see wait.h), never before.
 */
#include "kernel/sched/thread.h"
#include "cpu/cpu.h"
#include "cpu/irq.h"
#include "kernel/sched/sched_impl.h"
#include "kernel/sched/wait.h"
#include "machine/clock.h"
#include "machine/pmap.h"
#include "machine/smp.h"

#define SLICE_NS 10000000ull

static struct spinlock lock = SPINLOCK_INIT;

static struct thread *ready_first, *ready_last;
static struct thread idle_threads[CPUS_MAX];
static u64 idle_mask;	    /* CPUs that have nothing to do, halted or about to */
static u64 kicks[CPUS_MAX]; /* by kicking CPU: CPUs to kick once it unlocks */

void sched_lock(void)
{
	spin_acquire(&lock);
}

void sched_unlock(void)
{
	u64 *mask = &kicks[this_cpu()->id], todo = *mask;
	*mask = 0;
	spin_release(&lock);
	for (; todo; todo &= todo - 1)
		smp_kick((u32)__builtin_ctzll(todo));
}

/* With the lock held. */
static void kick_later(u32 cpu)
{
	if (cpu != this_cpu()->id)
		kicks[this_cpu()->id] |= 1ull << cpu;
}

static u64 cpu_bit(void)
{
	return 1ull << this_cpu()->id;
}

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

/* Takes the first thread that may run on the CPU off the queue. */
static struct thread *ready_pop(u64 cpu)
{
	struct thread *prev = NULL, *t = ready_first;
	while (t && !(t->affinity & cpu)) {
		prev = t;
		t = t->runq_next;
	}
	if (!t)
		return NULL;
	if (prev)
		prev->runq_next = t->runq_next;
	else
		ready_first = t->runq_next;
	if (ready_last == t)
		ready_last = prev;
	t->on_runq = false;
	return t;
}

static bool ready_for(u64 cpu)
{
	for (struct thread *t = ready_first; t; t = t->runq_next)
		if (t->affinity & cpu)
			return true;
	return false;
}

u64 sched_storm_us;

static void alarm_set(void)
{
	u64 at = timer_next();
	if (unlikely(sched_storm_us && current_thread()->proc))
		at = min_u64(at, clock_monotonic_ns() + sched_storm_us * 1000);
	if (ready_for(cpu_bit()))
		at = min_u64(at, clock_monotonic_ns() + SLICE_NS);
	clock_alarm(at);
}

/* Somebody must hear of a thread that is ready: the CPU it knows, an idle one, or its last
 * one, which then gives its thread a slice. */
static void ready_announce(const struct thread *t)
{
	u64 idle = idle_mask & t->affinity;
	u32 cpu = t->cpu;
	if (!(idle & 1ull << cpu) && idle)
		cpu = (u32)__builtin_ctzll(idle);
	if (!(t->affinity & 1ull << cpu))
		cpu = (u32)__builtin_ctzll(t->affinity);
	kick_later(cpu);
}

void sched_make_ready(struct thread *t)
{
	if (t->state != THREAD_SLEEPING)
		return;
	timer_remove(t);
	t->state = THREAD_READY;
	ready_push(t);
	ready_announce(t);
	alarm_set();
}

/* What the CPU must hold for the thread that is about to run. */
static void cpu_load(struct thread *t)
{
	struct percpu *pc = this_cpu();
	pc->current = t;
	pc->work = t->work;
	pc->syscall_slow = t->syscall_slow;
	t->cpu = pc->id;
	cpu_set_kstack(pc, t->kstack_top);
	if (t->pmap)
		pmap_activate(t->pmap);
	else
		pmap_idle();
	if (t->proc)
		user_state_load(&t->user);
}

static void switch_to(struct thread *prev, struct thread *next)
{
	u64 now = clock_monotonic_ns();
	prev->cpu_ns += now - prev->run_since_ns;
	if (prev->proc && prev->state != THREAD_DEAD)
		user_state_save(&prev->user);
	if (next->rseq_area)
		next->work |= WORK_RSEQ;
	next->state = THREAD_RUNNING;
	next->run_since_ns = now;
	cpu_load(next);
	alarm_set();
	context_switch(&prev->ctx, &next->ctx);
}

void sched_switch(void)
{
	u64 me = cpu_bit();
	struct thread *prev = current_thread(), *idle = &idle_threads[this_cpu()->id];

	if (prev->state == THREAD_RUNNING && prev != idle) {
		bool may_stay = prev->affinity & me;
		if (may_stay && !ready_for(me))
			return;
		prev->state = THREAD_READY;
		ready_push(prev);
		if (!may_stay)
			ready_announce(prev);
	}
	struct thread *next = ready_pop(me);
	if (!next)
		next = idle;
	idle_mask = next == idle ? idle_mask | me : idle_mask & ~me;
	if (next == prev)
		prev->state = THREAD_RUNNING;
	else
		switch_to(prev, next);
}

void sched_yield(void)
{
	sched_guard();
	sched_switch();
}

void thread_start(struct thread *t)
{
	sched_guard();
	t->state = THREAD_SLEEPING;
	t->wake_at_ns = WAIT_FOREVER;
	t->affinity = UINT64_MAX;
	sched_make_ready(t);
}

/* First C of a new thread: the lock that its creator's switch took is ours to release. */
void thread_begun(void)
{
	sched_unlock();
	irq_enable();
}

void thread_exit(void)
{
	irq_disable();
	sched_lock();
	current_thread()->state = THREAD_DEAD;
	sched_switch();
	__builtin_unreachable();
}

/* The running CPU looks at its own word; another one is told to. */
static void work_mirror(struct thread *t)
{
	if (t->state != THREAD_RUNNING)
		return;
	smp_cpu(t->cpu)->work = t->work;
	kick_later(t->cpu);
}

void thread_set_work(struct thread *t, u32 bits)
{
	sched_guard();
	t->work |= bits;
	work_mirror(t);
	if ((bits & WORK_SIGNAL) && t->state == THREAD_SLEEPING && t->interruptible)
		sched_make_ready(t);
}

void thread_clear_work(u32 bits)
{
	sched_guard();
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

void thread_set_affinity(u64 mask)
{
	sched_guard();
	current_thread()->affinity = mask;
	sched_switch();
}

void sched_tick(void)
{
	sched_guard();
	timer_expire(clock_monotonic_ns());
	struct thread *t = current_thread();
	if (t->proc && (sched_storm_us || ready_for(cpu_bit()))) {
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

void sched_cpu_init(void)
{
	struct percpu *pc = this_cpu();
	struct thread *t = &idle_threads[pc->id];
	t->state = THREAD_RUNNING;
	t->cpu = pc->id;
	t->affinity = 1ull << pc->id;
	t->kstack_top = pc->kstack_top;
	pc->current = t;
}

void sched_idle(void)
{
	for (;;) {
		irq_disable();
		sched_lock();
		sched_switch();
		sched_unlock();
		/* Nothing was there for us under the lock; what comes later comes with an
		 * interrupt. */
		irq_enable_and_halt();
	}
}
