/* SPDX-License-Identifier: MIT */
/*
 * INIT-SIPI-SIPI (SDM vol. 3, 8.4.4.1) and cross-calls.
 *
 * A cross-call has one slot per caller: the mask of CPUs that have not answered. A CPU that
 * waits for answers answers others meanwhile, with interrupts off as well, so calls may
 * cross.
 */
#include "machine/smp.h"
#include "cpu/cpu.h"
#include "cpu/irq.h"
#include "cpu/msr.h"
#include "cpu/spinlock.h"
#include "lib/string.h"
#include "machine/ap_page.h"
#include "machine/apic.h"
#include "machine/clock.h"
#include "machine/pmap.h"

#define START_TIMEOUT_NS (1000 * 1000 * 1000ull)
#define INIT_WAIT_NS (10 * 1000 * 1000ull)
#define SIPI_WAIT_NS (200 * 1000ull)

struct ap_boot {
	u64 cr3, stack;
	struct percpu *percpu;
	u64 efer;
};
_Static_assert(offsetof(struct ap_boot, cr3) == AP_CR3, "ap_start.S");
_Static_assert(offsetof(struct ap_boot, stack) == AP_STACK, "ap_start.S");
_Static_assert(offsetof(struct ap_boot, percpu) == AP_PERCPU, "ap_start.S");
_Static_assert(offsetof(struct ap_boot, efer) == AP_EFER, "ap_start.S");

extern struct ap_boot ap_boot;
struct ap_boot ap_boot;
extern const u8 ap_trampoline[], ap_trampoline_end[];

u32 smp_ncpus;
static struct percpu *cpus[CPUS_MAX];

struct percpu *smp_cpu(u32 id)
{
	return cpus[id];
}

void smp_boot_cpu(struct percpu *pc)
{
	cpus[0] = pc;
	smp_ncpus = 1;
}

void smp_ap_ready(struct percpu *pc)
{
	cpus[pc->id] = pc;
	__atomic_store_n(&smp_ncpus, pc->id + 1, __ATOMIC_RELEASE);
}

void smp_ap_entry(struct percpu *pc);
void smp_ap_entry(struct percpu *pc)
{
	smp_ap_main(pc);
}

static void wait_ns(u64 ns)
{
	u64 end = clock_monotonic_ns() + ns;
	u32 spins = 0;
	while (clock_monotonic_ns() < end)
		spin_wait(&spins);
}

static bool came_up(u32 id, u64 ns)
{
	u64 end = clock_monotonic_ns() + ns;
	u32 spins = 0;
	while (__atomic_load_n(&smp_ncpus, __ATOMIC_ACQUIRE) <= id) {
		if (clock_monotonic_ns() >= end)
			return false;
		spin_wait(&spins);
	}
	return true;
}

bool smp_start(struct percpu *pc, vaddr_t stack_top)
{
	memcpy(pa_to_kva(AP_PAGE), ap_trampoline, (u64)(ap_trampoline_end - ap_trampoline));
	ap_boot =
		(struct ap_boot){ kernel_pmap.root, stack_top, pc, cpu_features.nx ? EFER_NXE : 0 };
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	apic_send_init(pc->apic_id);
	/* The manual asks for 10 ms; an emulated CPU is there at once, so ask it sooner. */
	wait_ns(SIPI_WAIT_NS);
	apic_send_startup(pc->apic_id, AP_PAGE >> PAGE_SHIFT);
	if (came_up(pc->id, INIT_WAIT_NS))
		return true;
	apic_send_startup(pc->apic_id, AP_PAGE >> PAGE_SHIFT);
	return came_up(pc->id, START_TIMEOUT_NS);
}

void smp_kick(u32 cpu)
{
	apic_send_ipi(cpus[cpu]->apic_id, VECTOR_KICK);
}

struct call {
	void (*fn)(void *);
	void *arg;
	u64 waiting; /* CPUs that have not run fn yet; 0: the slot is free */
};
static struct call calls[CPUS_MAX]; /* by calling CPU */

void smp_call_poll(void)
{
	u64 me = 1ull << this_cpu()->id;
	for (u32 i = 0; i < smp_ncpus; i++) {
		struct call *c = &calls[i];
		if (!(__atomic_load_n(&c->waiting, __ATOMIC_ACQUIRE) & me))
			continue;
		c->fn(c->arg);
		__atomic_fetch_and(&c->waiting, ~me, __ATOMIC_RELEASE);
	}
}

void smp_call_interrupt(void)
{
	smp_call_poll();
}

void smp_call(u64 mask, void (*fn)(void *), void *arg)
{
	u64 flags = irq_save();
	u32 me = this_cpu()->id, spins = 0;
	struct call *c = &calls[me];

	mask &= ~(1ull << me) & ((1ull << smp_ncpus) - 1);
	c->fn = fn;
	c->arg = arg;
	__atomic_store_n(&c->waiting, mask, __ATOMIC_SEQ_CST);
	for (u32 i = 0; i < smp_ncpus; i++)
		if (mask & 1ull << i)
			apic_send_ipi(cpus[i]->apic_id, VECTOR_CALL);
	while (__atomic_load_n(&c->waiting, __ATOMIC_ACQUIRE)) {
		smp_call_poll();
		spin_wait(&spins);
	}
	irq_restore(flags);
}

void smp_stop_others(void)
{
	for (u32 i = 0; i < smp_ncpus; i++)
		if (i != this_cpu()->id)
			apic_send_nmi(cpus[i]->apic_id);
}
