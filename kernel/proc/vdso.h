/* SPDX-License-Identifier: MIT */
/*
 * The pages every program gets beside its own: a small shared object with calls that need
 * no crossing (x86-64) or the fastest way across (i386). See vdso/.
 */
#ifndef KERNEL_PROC_VDSO_H
#define KERNEL_PROC_VDSO_H

#include "base/uaddr.h"

struct aspace;

/* Where the pages are in a program; 0: not there. */
struct vdso_places {
	uaddr_t ehdr;		 /* AT_SYSINFO_EHDR */
	uaddr_t sysinfo;	 /* AT_SYSINFO, i386 only */
	uaddr_t sysenter_return; /* behind SYSENTER, i386 only */
};

/* Once, after the clock runs. -ENOMEM. */
MUST_CHECK err_t vdso_init(void);

/* Maps the pages of one class into a new address space. -ENOMEM. */
MUST_CHECK err_t vdso_map(struct aspace *as, bool class32, struct vdso_places *out);

/* After the clock's scale changed: readers see the old one or the new one, never a mixture. */
void vdso_clock_update(void);

#endif
