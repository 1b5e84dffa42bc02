/* SPDX-License-Identifier: MIT */
/*
 * The kernel found itself broken: say why, with registers and a symbolised backtrace, tell
 * the launcher, stop the machine. Trusts nothing: stack memory is looked at only inside the
 * kernel's own areas, and a second panic just stops.
 */
#include "boot/panic.h"
#include "boot/end.h"
#include "boot/ksyms.h"
#include "cpu/cpu.h"
#include "cpu/irq.h"
#include "cpu/msr.h"
#include "cpu/upcalls.h"
#include "kernel/mm/init.h"
#include "lib/printf.h"
#include "machine/hostlink.h"
#include "machine/log.h"
#include "machine/pmap.h"
#include "machine/poweroff.h"
#include "machine/smp.h"

#define FRAMES_MAX 32
#define VECTOR_DF 8
#define NO_VECTOR UINT32_MAX

extern u8 boot_stack_guard[];

static bool in_guard_page(u64 va)
{
	return kstack_is_guard(va) || align_down(va, PAGE_SIZE) == (u64)boot_stack_guard;
}

static bool readable(u64 va)
{
	paddr_t pa;
	u32 prot;
	return is_aligned(va, 8) && va >= DIRECT_MAP_BASE &&
	       pmap_lookup(&kernel_pmap, va, &pa, &prot);
}

static void frame_print(u64 rip)
{
	u64 off;
	const char *name = ksym_find(rip, &off);
	if (name)
		klog("  %016llx %s+0x%llx", (unsigned long long)rip, name, (unsigned long long)off);
	else
		klog("  %016llx", (unsigned long long)rip);
}

/* Walks saved frame pointers; the first word above each is the return address. */
static void backtrace_print(u64 rip, u64 rbp)
{
	klog("backtrace:");
	frame_print(rip);
	for (u32 i = 0; i < FRAMES_MAX && readable(rbp) && readable(rbp + 8); i++) {
		u64 next = *(u64 *)rbp;
		frame_print(*(u64 *)(rbp + 8));
		if (next <= rbp)
			break;
		rbp = next;
	}
}

static void regs_print(const struct trapframe *tf)
{
#define U(x) ((unsigned long long)(x))
	if (tf->vector != NO_VECTOR)
		klog("%s (vector %llu) error %llx, cr2 %016llx, cr3 %llx",
		     vector_name((u32)tf->vector), U(tf->vector), U(tf->orig_rax), U(cr2_read()),
		     U(cr3_read()));
	klog("rip %016llx cs %llx rflags %llx rsp %016llx ss %llx", U(tf->rip), U(tf->cs),
	     U(tf->rflags), U(tf->rsp), U(tf->ss));
	klog("rax %016llx rbx %016llx rcx %016llx rdx %016llx", U(tf->rax), U(tf->rbx), U(tf->rcx),
	     U(tf->rdx));
	klog("rsi %016llx rdi %016llx rbp %016llx r8  %016llx", U(tf->rsi), U(tf->rdi), U(tf->rbp),
	     U(tf->r8));
	klog("r9  %016llx r10 %016llx r11 %016llx r12 %016llx", U(tf->r9), U(tf->r10), U(tf->r11),
	     U(tf->r12));
	klog("r13 %016llx r14 %016llx r15 %016llx", U(tf->r13), U(tf->r14), U(tf->r15));
#undef U
}

static bool panicking;

static u32 panic_cpu;

void panic_stop_if_asked(void)
{
	while (__atomic_load_n(&panicking, __ATOMIC_ACQUIRE) && panic_cpu != this_cpu()->id)
		__asm__ volatile("hlt");
}

static void panic_begin(const char *why)
{
	irq_disable();
	if (__atomic_exchange_n(&panicking, true, __ATOMIC_SEQ_CST)) {
		if (panic_cpu == this_cpu()->id)
			machine_poweroff(); /* the report itself failed: what is in the log must do
					     */
		panic_stop_if_asked();
	}
	panic_cpu = this_cpu()->id;
	smp_stop_others();
	if (!hl_attached())
		log_to_serial(true);
	klog("kernel panic: %s", why);
}

void cpu_panic(const struct trapframe *tf, const char *why)
{
	if (tf->vector == VECTOR_DF && in_guard_page(cr2_read()))
		why = "kernel stack overflow";
	panic_begin(why);
	regs_print(tf);
	backtrace_print(tf->rip, tf->rbp);
	system_end(HL_EXIT_PANIC, 0, why);
}

/* The registers as panic's caller has them, as far as C keeps them over the call. */
static inline __attribute__((always_inline)) void frame_capture(struct trapframe *tf)
{
	*tf = (struct trapframe){ .vector = NO_VECTOR, .cs = KERNEL_CS, .ss = KERNEL_SS };
	__asm__ volatile("mov %%rbx, %0; mov %%r12, %1; mov %%r13, %2; mov %%r14, %3; mov %%r15, %4"
			 : "=m"(tf->rbx), "=m"(tf->r12), "=m"(tf->r13), "=m"(tf->r14),
			   "=m"(tf->r15));
	const u64 *frame = __builtin_frame_address(0);
	tf->rbp = frame[0];
	tf->rip = frame[1];
	tf->rsp = (u64)(frame + 2);
	tf->rflags = rflags_read();
}

void panic(const char *fmt, ...)
{
	char why[LOG_LINE_MAX];
	va_list args;
	va_start(args, fmt);
	kvsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	struct trapframe tf;
	frame_capture(&tf);
	panic_begin(why);
	regs_print(&tf);
	backtrace_print(tf.rip, tf.rbp);
	system_end(HL_EXIT_PANIC, 0, why);
}
