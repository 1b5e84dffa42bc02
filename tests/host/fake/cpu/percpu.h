/* SPDX-License-Identifier: MIT */
/* Host tests: one CPU, one thread. Stands in for cpu/percpu.h. */
#ifndef CPU_PERCPU_H
#define CPU_PERCPU_H

struct thread;
extern struct thread *fake_current;

static inline struct thread *percpu_current(void)
{
	return fake_current;
}

#endif
