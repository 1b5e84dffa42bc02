/* SPDX-License-Identifier: MIT */
/*
 * exec: the order of things. Whatever can fail because of what the caller or the file says
 * is done on a new address space while the old image still stands. Then comes the point of
 * no return (image_replace); after it only memory can run out, and that ends the process.
 *
 * The program starts with every general register 0, clean FPU state and segment bases, the
 * signals it had pending or blocked, and no handlers.
 */
#include "cpu/desc.h"
#include "cpu/frame.h"
#include "cpu/irq.h"
#include "kernel/mm/aspace.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/vmobj.h"
#include "kernel/proc/exec.h"
#include "kernel/proc/exec_impl.h"
#include "kernel/proc/file.h"
#include "kernel/proc/personality.h"
#include "kernel/proc/signal.h"
#include "lib/string.h"

#include "gen/errno.h"
#include "gen/flags.h"

#define STRINGS_MIN (128ull * 1024)	   /* ARG_MAX */
#define STRINGS_MAX ((8ull << 20) / 4 * 3) /* three quarters of the default stack limit */
#define RFLAGS_RESERVED1 (1ull << 1)

u64 exec_strings_max(const struct proc *p, u32 nstrings)
{
	u64 max = min_u64(STRINGS_MAX, p->limits[LINUX_RLIMIT_STACK].cur / 4);
	u64 pointers = max_u64(nstrings, 1) * sizeof(u64);

	max = max_u64(max, STRINGS_MIN);
	return max > pointers ? max - pointers : 0;
}

/* args is kernel data, but its sizes came from user code. */
static err_t check_args(const struct proc *p, const struct exec_args *args, const char **why)
{
	u64 off = 0, n = (u64)args->argc + args->envc;

	*why = "the arguments and the environment are too large";
	if (n > UINT32_MAX ||
	    args->strings_len + strlen(args->path) + 1 > exec_strings_max(p, (u32)n))
		return -E2BIG;
	for (u64 i = 0; i < n; i++) {
		u64 left = args->strings_len - off;
		u64 len = strnlen(args->strings + off, left);
		if (len == left)
			return -EINVAL; /* fewer strings than promised */
		if (len + 1 > EXEC_STRING_MAX)
			return -E2BIG;
		off += len + 1;
	}
	return off == args->strings_len ? 0 : -EINVAL;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The process becomes the new program as far as others can see. */
static void identity_replace(struct proc *p, const struct personality *personality,
			     const char *name, char *exe_path)
{
	char *old = p->exe_path;

	p->exe_path = exe_path;
	p->personality = personality;
	{
		spin_guard(&p->lock);
		memset(p->name, 0, sizeof p->name);
		strlcpy(p->name, name, sizeof p->name);
	}
	kfree(old);
}

/* What user code told the kernel about addresses of the old image means nothing now. */
static void thread_forget_image(struct thread *t)
{
	t->clear_child_tid = 0;
	t->robust_list = 0;
	t->robust_len = 0;
	t->rseq_area = 0;
	t->rseq_len = t->rseq_sig = 0;
	t->sigaltstack_sp = t->sigaltstack_size = 0;
	t->sigaltstack_flags = LINUX_SS_DISABLE;
}

/* The point of no return. */
static void image_replace(struct proc *p, struct new_image *img)
{
	struct thread *t = current_thread();
	struct aspace *old = p->aspace;

	p->aspace = img->aspace;
	aspace_activate(img->aspace);
	img->aspace = NULL; /* the process's now */
	aspace_unref(old);
	thread_forget_image(t);
	t->tid = p->pid; /* a new program's first thread has the process's number */
	signal_exec(p);
	fdtable_exec(p->fds);
	user_state_reset(&t->user, img->personality->data_segment, true);
}

static void frame_start(struct trapframe *tf, const struct personality *personality, uaddr_t entry,
			uaddr_t sp)
{
	*tf = (struct trapframe){
		.vector = tf->vector,
		.orig_rax = tf->orig_rax,
		.rip = entry,
		.cs = personality->cs,
		.rflags = RFLAGS_IF | RFLAGS_RESERVED1,
		.rsp = sp,
		.ss = USER_SS,
	};
}

static err_t image_prepare(struct vmobj *file, const struct proc *p, const struct exec_args *args,
			   struct new_image *img, const char **why)
{
	err_t e = check_args(p, args, why);

	if (!e)
		e = exec_read(file, img, why);
	if (!e)
		e = exec_map(file, p, exec_stack_bytes(args), img, why);
	return e;
}

static char *string_dup(const char *s)
{
	u64 size = strlen(s) + 1;
	char *copy = kmalloc(size);
	return copy ? memcpy(copy, s, size) : NULL;
}

err_t exec_image(struct vmobj *file, const char *exe_path, const struct exec_args *args,
		 struct trapframe *tf, const char **why)
{
	struct proc *p = current_proc();
	struct new_image img = { 0 };
	char *path = string_dup(exe_path);
	uaddr_t sp;
	err_t e = image_prepare(file, p, args, &img, why);

	if (!e && !path) {
		*why = "out of memory";
		e = -ENOMEM;
	}
	if (!e) {
		image_replace(p, &img);
		p->sysenter_return = img.vdso.sysenter_return;
		identity_replace(p, img.personality, base_name(args->path), path);
		if (exec_stack_build(&img, &p->cred, args, &sp))
			proc_die(SIGKILL, "out of memory while the program was being started");
		frame_start(tf, img.personality, img.bias + img.plan.header.entry, sp);
	} else {
		kfree(path);
		aspace_unref(img.aspace);
	}
	kfree(img.phdrs);
	return e;
}

err_t proc_exec(struct vmobj *image, const struct exec_args *args, struct trapframe *tf)
{
	const char *why;
	return exec_image(image, args->path, args, tf, &why);
}
