/* SPDX-License-Identifier: MIT */
/*
 * Between the parts of exec: reading and mapping (exec_map.c), the first stack
 * (exec_stack.c) and the order of it all (exec.c).
 */
#ifndef KERNEL_PROC_EXEC_IMPL_H
#define KERNEL_PROC_EXEC_IMPL_H

#include "base/types.h"
#include "base/uaddr.h"
#include "kernel/proc/elf.h"
#include "kernel/proc/exec.h"
#include "kernel/proc/vdso.h"

struct aspace;
struct personality;

/* A new image on its way. Owned: phdrs, aspace (until exec.c hands it to the process). */
struct new_image {
	struct elf_plan plan;
	const struct personality *personality;
	void *phdrs;
	struct aspace *aspace;
	u64 bias; /* address in memory minus address as linked */
	uaddr_t stack_top;
	struct vdso_places vdso;
};

/* Reads headers and notes of the file into img->plan. */
MUST_CHECK err_t exec_read(struct vmobj *file, struct new_image *img, const char **why);

/* Makes img->aspace: segments, break, mmap base and a stack with room for stack_bytes. */
MUST_CHECK err_t exec_map(struct vmobj *file, const struct proc *p, u64 stack_bytes,
			  struct new_image *img, const char **why);

/* Most bytes exec_stack_build will use below stack_top. */
u64 exec_stack_bytes(const struct exec_args *args);

/* Writes strings, auxiliary vector, envp, argv and argc into the active address space. */
MUST_CHECK err_t exec_stack_build(const struct new_image *img, const struct cred *cred,
				  const struct exec_args *args, uaddr_t *sp);

#endif
