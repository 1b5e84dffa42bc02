/* SPDX-License-Identifier: MIT */
/*
 * Restartable sequences (rseq(2) of Linux): user code that updates per-CPU data without
 * locks, because the kernel sends it to an abort address when it lost its CPU half way. The
 * thread registers an area in which the kernel keeps the CPU number and looks for a
 * descriptor of the sequence it is in. Anything wrong with either is the program's SIGSEGV.
 */
#include "sys/rseq.h"
#include "abi/linux64.h"
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/signals.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"

#define RSEQ_UNREGISTER 1u
#define CPU_ID_NONE UINT32_MAX

/* Offsets of what the kernel writes. */
#define AT_CPU_IDS offsetof(struct l64_rseq, cpu_id_start)
#define AT_SEQUENCE offsetof(struct l64_rseq, rseq_cs)

struct sequence { /* struct rseq_cs: the program's, read once */
	u32 version, flags;
	u64 start_ip, post_commit_offset, abort_ip;
};

static err_t cpu_ids_write(uaddr_t area, u32 start, u32 id)
{
	u32 ids[2] = { start, id };
	return copyout(area + AT_CPU_IDS, ids, sizeof ids);
}

/* The word before the abort handler must be the registered signature: or else a write
 * into the area could send the thread anywhere. */
static bool abort_is_marked(const struct sequence *s)
{
	u32 mark;
	return s->abort_ip >= sizeof mark && s->abort_ip < USER_TOP &&
	       copyin(&mark, s->abort_ip - sizeof mark, sizeof mark) == 0 &&
	       mark == current_thread()->rseq_sig;
}

/* -EFAULT: the area or the descriptor is not what it must be. */
static err_t sequence_abort(struct trapframe *tf, uaddr_t area)
{
	struct sequence s;
	u64 descriptor, none = 0;
	err_t e = copyin(&descriptor, area + AT_SEQUENCE, sizeof descriptor);
	if (e || !descriptor)
		return e;
	e = copyin(&s, descriptor, sizeof s);
	if (e)
		return e;
	u64 end = s.start_ip + s.post_commit_offset;
	if (s.version || s.flags || end < s.start_ip || end > USER_TOP ||
	    s.abort_ip - s.start_ip < s.post_commit_offset)
		return -EFAULT;
	if (tf->rip - s.start_ip < s.post_commit_offset) {
		if (!abort_is_marked(&s))
			return -EFAULT;
		tf->rip = s.abort_ip; /* the way out we are on judges the frame */
	}
	return copyout(area + AT_SEQUENCE, &none, sizeof none);
}

void rseq_resume(struct trapframe *tf)
{
	struct thread *t = current_thread();
	uaddr_t area = t->rseq_area;
	u32 cpu = this_cpu()->id;

	if (!area)
		return;
	if (cpu_ids_write(area, cpu, cpu) || sequence_abort(tf, area))
		proc_fault(SIGSEGV, "the registered rseq area or the sequence it names is broken");
}

static long unregister(struct thread *t, uaddr_t area, u32 length, u32 signature)
{
	if (!t->rseq_area || t->rseq_area != area || t->rseq_len != length)
		return -EINVAL;
	if (t->rseq_sig != signature)
		return -EPERM;
	t->rseq_area = 0;
	return cpu_ids_write(area, 0, CPU_ID_NONE);
}

long sys_rseq(uaddr_t area, u32 length, u32 flags, u32 signature)
{
	struct thread *t = current_thread();

	if (flags & RSEQ_UNREGISTER)
		return flags == RSEQ_UNREGISTER ? unregister(t, area, length, signature) : -EINVAL;
	if (flags)
		return -EINVAL;
	if (t->rseq_area) {
		if (t->rseq_area != area || t->rseq_len != length)
			return -EINVAL;
		return t->rseq_sig != signature ? -EPERM : -EBUSY;
	}
	if (length != sizeof(struct l64_rseq) || area % sizeof(struct l64_rseq))
		return -EINVAL;
	if (!user_range_ok(area, length))
		return -EFAULT;
	t->rseq_area = area;
	t->rseq_len = length;
	t->rseq_sig = signature;
	thread_set_work(t, WORK_RSEQ); /* the area is filled in on the way back */
	return 0;
}
