/* SPDX-License-Identifier: MIT */
/*
 * Traps and interrupts once the frame stands: who caused it, and who answers.
 *
 * The saved CS says whose fault it is. The error code's U bit does not: QEMU 7.2 clears it
 * for a ring-3 far return under SMAP, and a kernel that believed it would panic
 * (docs/hazards/pf-user-bit.md).
 */
#include "base/guards.h"
#include "cpu/cpu.h"
#include "cpu/extable.h"
#include "cpu/gates.h"
#include "cpu/irq.h"
#include "cpu/msr.h"
#include "cpu/upcalls.h"

#define VECTOR_DB 1
#define VECTOR_NMI 2
#define VECTOR_PF 14
#define VECTOR_MC 18
#define VECTOR_FIRST_IRQ 32
#define PF_WRITE 2

#define VECTOR(number, mnemonic, error, dpl, ist, route) [number] = #mnemonic,
#define VECTOR_RANGE(first, last, mnemonic, route) [first... last] = #mnemonic,
static const char *const vector_names[256] = {
#include "cpu/vectors.def"
};

const char *vector_name(u32 vector)
{
	return vector < 256 ? vector_names[vector] : "syscall";
}

/* A page fault inside cpu/uaccess.S: fill the page in, or end the copy. */
static bool uaccess_fault(struct trapframe *tf, u64 cr2)
{
	u64 fixup = extable_find(tf->rip);
	if (!fixup)
		return false;
	if (cr2 < USER_TOP && (tf->rflags & RFLAGS_IF)) {
		irq_enable();
		err_t err = user_page_fault(cr2, tf->orig_rax & PF_WRITE ? UACCESS_WRITE : 0);
		irq_disable();
		if (!err)
			return true;
	}
	tf->rip = fixup;
	return true;
}

static void kernel_trap(struct trapframe *tf, u64 cr2)
{
	if (tf->vector == VECTOR_PF && uaccess_fault(tf, cr2))
		return;
	if (tf->vector == 13 && extable_find(tf->rip)) { /* #GP: non-canonical user address */
		tf->rip = extable_find(tf->rip);
		return;
	}
	cpu_panic(tf, tf->vector == VECTOR_PF && cr2 < USER_TOP ? "kernel touched user memory"
								: "exception in the kernel");
}

/*
 * The CPU refused the user's frame on iret_to_user. The frame is still where the gates
 * put it, only its registers were popped already: they are the ones we interrupted.
 */
static struct trapframe *bad_iret(const struct trapframe *fault)
{
	struct trapframe *tf = frame_of_kstack(this_cpu()->kstack_top);

	/* The fault's frame lies lower and overlaps: last word first. One at a time, because for
	 * an assignment a compiler may call memmove, which not every kernel has. */
	for (u32 i = offsetof(struct trapframe, rip) / sizeof(u64); i-- > 0;)
		((volatile u64 *)tf)[i] = ((const u64 *)fault)[i];
	tf->cs |= 3;
	return tf;
}

static void user_trap(struct trapframe *tf, u64 cr2)
{
	irq_enable();
	user_fault(tf, (u32)tf->vector, tf->orig_rax, cr2);
	irq_disable();
}

static void return_work(struct trapframe *tf)
{
	if (unlikely(this_cpu()->work))
		user_return_work(tf);
}

struct trapframe *trap_enter(struct trapframe *tf)
{
	u64 cr2 = tf->vector == VECTOR_PF ? cr2_read() : 0;

	if (unlikely(tf->rip == (u64)iret_to_user && !frame_from_user(tf)))
		tf = bad_iret(tf);
	if (tf->vector == VECTOR_MC)
		cpu_panic(tf, "machine check");
	if (tf->vector >= VECTOR_FIRST_IRQ)
		irq_dispatch((u32)tf->vector);
	else if (frame_from_user(tf))
		user_trap(tf, cr2);
	else
		kernel_trap(tf, cr2);
	if (frame_from_user(tf))
		return_work(tf);
	return tf;
}

/*
 * On an IST stack, GS base known good. #DB in the kernel has one innocent cause: SYSENTER
 * does not clear TF, so its gate's first instruction traps; it goes on without.
 */
void trap_paranoid_enter(struct trapframe *tf)
{
	if (tf->vector == VECTOR_NMI) {
		this_cpu()->nmi_count++;
		nmi_handle(tf);
		return;
	}
	if (tf->vector == VECTOR_DB && !frame_from_user(tf)) {
		tf->rflags &= ~RFLAGS_TF;
		return;
	}
	cpu_panic(tf, tf->vector == 8 ? "double fault" : "machine check");
}
