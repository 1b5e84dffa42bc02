/* SPDX-License-Identifier: MIT */
/*
 * The end of a process. Its files close first (their last bytes still have to go out, and
 * that may sleep), then its memory goes, then the kernel above is told.
 */
#include "cpu/irq.h"
#include "kernel/mm/aspace.h"
#include "kernel/proc/file.h"
#include "kernel/proc/proc.h"
#include "kernel/trace/strace.h"

#define STATUS_MASK 0xff /* of what wait() shows of an exit status */

/* The thread goes on without user memory: its page tables are about to be freed under it. */
static void memory_release(struct proc *p)
{
	struct aspace *as = p->aspace;

	current_thread()->pmap = &kernel_pmap;
	pmap_activate(&kernel_pmap);
	p->aspace = NULL;
	aspace_unref(as);
}

static void stop_signals(struct proc *p)
{
	spin_guard(&p->lock);
	p->main_thread = NULL;
}

static void trace_end(const struct proc *p, bool by_signal, u32 value)
{
	u32 tid = current_thread()->tid;

	if (!p->traced)
		return;
	if (!by_signal)
		strace_exited(tid, (int)value);
	else
		strace_killed(tid, (int)value, false); /* no core files are written */
}

static NORETURN void process_end(bool by_signal, u32 value, const char *text)
{
	struct proc *p = current_proc();

	irq_enable();
	trace_end(p, by_signal, value);
	stop_signals(p);
	thread_clear_work(WORK_SIGNAL);
	fdtable_unref(p->fds);
	p->fds = NULL;
	fs_context_unref(p->fs);
	p->fs = NULL;
	memory_release(p);
	proc_last_exit(p, by_signal, value, text);
}

void proc_exit(u32 status)
{
	process_end(false, status & STATUS_MASK, "");
}

void proc_die(int signo, const char *text)
{
	process_end(true, (u32)signo, text);
}
