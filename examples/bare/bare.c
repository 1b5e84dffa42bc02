/* SPDX-License-Identifier: MIT */
/*
 * A kernel of one file around liblstar. Every CPU runs program.S, which calls through each
 * door, executes an instruction that is none, and ends with a breakpoint; each arrival is a
 * line on the serial port. QEMU's exit device tells how it went: status 33 when on every CPU
 * each call carried the answer to the one before.
 *
 * What a real kernel does beside this stands in docs/adopting.md: here one stack serves a CPU
 * and its only thread, kernel text stays writable, and nothing guards the stacks.
 */
#include "bare.h"
#include "cpu/cpu.h"
#include "cpu/msr.h"
#include "cpu/spinlock.h"
#include "cpu/uaccess.h"
#include "cpu/upcalls.h"

#define COM1 0x3f8
#define DEBUG_EXIT 0xf4 /* QEMU ends with 2 * value + 1 */
#define PHYS(p) ((u64)(p)-KERNEL_BASE)
#define AP_PAGE ((volatile u8 *)KERNEL_BASE + 8 * PAGE_SIZE) /* where the other CPUs start */
#define APIC_ICR (*(volatile u32 *)(KERNEL_BASE + 503 * 0x200000ull + 0x300))

extern const u8 ap_start[], user_start[], user_landing[], user_end[];
u8 stacks[CPUS][STACK_SIZE] __attribute__((aligned(16)));
u32 cpus_started;
static struct percpu cpus[CPUS];
static struct ist_stacks ist[CPUS];
static u32 ncpus, cpus_ready, cpus_done, calls[CPUS];

/*
 * The one set of page tables: physical 0-2 MiB at KERNEL_BASE, and until all CPUs are there
 * also at 0; the interrupt controller's registers 503 large pages higher; physical 2-4 MiB
 * for the program.
 */
u64 tables[4][512] __attribute__((aligned(4096))) = {
	{ [0] = PHYS(tables[1]) + 7, [511] = PHYS(tables[1]) + 3 },
	{ [0] = PHYS(tables[2]) + 3, [1] = PHYS(tables[3]) + 7, [510] = PHYS(tables[2]) + 3 },
	{ [0] = 0x83, [503] = 0xfee00093 },
	{ [0] = 0x200087 },
};

static void port_write(u16 port, u8 v)
{
	__asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

static void say(const char *what, const char *more)
{
	static struct spinlock serial;
	char line[] = "cpu 0: ";
	const char *part[] = { line, what, more, "\n" };

	line[4] += this_cpu()->id;
	spin_guard(&serial);
	for (u32 i = 0; i < ARRAY_SIZE(part); i++)
		for (const char *s = part[i]; *s; s++)
			port_write(COM1, (u8)*s); /* QEMU's is always ready */
}

void cpu_panic(const struct trapframe *tf, const char *why)
{
	say("panic: ", why);
	for (;;)
		port_write(DEBUG_EXIT, 17);
}

long syscall_dispatch_door(struct trapframe *tf)
{
	static const char *const name[] = { "SYSCALL", "SYSCALL", "SYSENTER", "INT 0x80" };

	say(name[tf->vector - VECTOR_DOOR(0)], tf->cs == USER_CS32 ? " from 32-bit code" : "");
	if (tf->orig_rax != calls[this_cpu()->id]++)
		cpu_panic(tf, "an answer was lost");
	if (tf->vector == VECTOR_DOOR(DOOR_SYSENTER))
		tf->rip = USER_BASE + (u64)(user_landing - user_start);
	return (long)tf->orig_rax + 1;
}

long syscall_dispatch(struct trapframe *tf)
{
	return syscall_dispatch_door(tf);
}

/* On behind #UD: it was UD2, or a door that this CPU has not, and each of them is two bytes. */
void user_fault(struct trapframe *tf, u32 vector, u64 error, u64 cr2)
{
	say("#", vector_name(vector));
	tf->rip += 2;
	if (vector == 6)
		return;
	if (vector != 3)
		cpu_panic(tf, "that was unexpected");
	if (__atomic_add_fetch(&cpus_done, 1, __ATOMIC_SEQ_CST) == ncpus)
		port_write(DEBUG_EXIT, 16);
	for (;;)
		__asm__ volatile("hlt");
}

err_t user_page_fault(uaddr_t addr, u32 access)
{
	return -EFAULT; /* no page is brought in on demand */
}

/* Nothing of this happens here. */
/* clang-format off */
void user_return_work(struct trapframe *tf) {}
void irq_dispatch(u32 vector) {}
void nmi_handle(struct trapframe *tf) {}
/* clang-format on */

static void first_cpu(void)
{
	port_write(0x21, 0xff); /* no interrupts from the old controllers */
	port_write(0xa1, 0xff);
	ncpus = (u32)max_u64(cpuid(1, 0).b >> 16 & 0xff, 1); /* of the first package */
	if (ncpus > CPUS || copyout(USER_BASE, user_start, (u64)(user_end - user_start)))
		cpu_panic(NULL, "more CPUs or less memory than expected");
	for (u32 i = 0; i < PAGE_SIZE; i++)
		AP_PAGE[i] = ap_start[i];
	/* INIT to all others; ten milliseconds; start-up (SDM vol. 3, 8.4.4.1) */
	APIC_ICR = 0xc4500;
	for (u64 start = tsc_read(); tsc_read() - start < 50000000;)
		;
	APIC_ICR = 0xc4608;
}

void bare_main(u32 id)
{
	vaddr_t top = (vaddr_t)stacks[id + 1];
	struct trapframe *tf = frame_of_kstack(top); /* start.S left room for it */
	const char *what = "";

	cpus[id].id = id;
	cpu_init(&cpus[id], top, &ist[id]);
	if (!cpu_selfcheck(&cpus[id], &what))
		cpu_panic(NULL, what);
	if (id == 0)
		first_cpu();
	__atomic_add_fetch(&cpus_ready, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&cpus_ready, __ATOMIC_SEQ_CST) < ncpus)
		;
	tables[1][0] = 0; /* all are here: from now on the lower half is the program's */
	cr3_write(cr3_read());
	tf->rip = USER_BASE;
	tf->cs = USER_CS64;
	tf->ss = USER_SS;
	tf->rflags = 0x202;
	frame_return_to_user(tf);
}
