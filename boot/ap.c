/* SPDX-License-Identifier: MIT */
/*
 * The other CPUs: memory for each, start, self-check, idle loop. One that does not come up is
 * a line in the log; the system runs with those that do.
 */
#include "boot/break.h"
#include "boot/main.h"
#include "boot/panic.h"
#include "cpu/cpu.h"
#include "cpu/irq.h"
#include "gen/errno.h"
#include "kernel/mm/init.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/sched/thread.h"
#include "machine/apic.h"
#include "machine/log.h"
#include "machine/smp.h"

static const struct boot_info *boot;

/*
 * INT 0x80 from ring 0: the same stub and frame as from user mode, but no other stack and no
 * swapgs. The dispatcher has no process to ask and says -ENOSYS; every other register and GS
 * must be as before.
 */
static bool int80_from_kernel_works(void)
{
	struct percpu *pc = this_cpu();
	long result = 1;
	u64 kept = 0x5a5a5a5a5a5a5a5aull, also = ~kept;
	__asm__ volatile("int $0x80" : "+a"(result), "+b"(kept), "+d"(also) : : "memory");
	return result == -ENOSYS && kept == 0x5a5a5a5a5a5a5a5aull && also == ~kept &&
	       this_cpu() == pc && !irq_enabled();
}

void cpu_check(const struct boot_info *bi)
{
	const char *what = "";
	break_cpu(bi->opt.break_what, bi->opt.break_cpu);
	bool ok = cpu_selfcheck(this_cpu(), &what);
	if (ok && !int80_from_kernel_works()) {
		what = "INT 0x80 from ring 0";
		ok = false;
	}
	if (!ok)
		boot_refuse("self-check of CPU %u: %s is not as the crossing needs it",
			    this_cpu()->id, what);
}

void smp_ap_main(struct percpu *pc)
{
	cpu_init(pc, pc->kstack_top, NULL);
	apic_cpu_init();
	sched_cpu_init();
	cpu_check(boot);
	smp_ap_ready(pc);
	sched_idle();
}

static struct percpu *ap_alloc(u32 id, u32 apic)
{
	struct percpu *pc = kzalloc(sizeof(*pc));
	vaddr_t top;
	if (!pc)
		return NULL;
	pc->id = id;
	pc->apic_id = apic;
	for (u32 slot = IST_NMI; slot < IST_SLOTS; slot++) {
		if (kstack_alloc(&top))
			return NULL;
		desc_set_ist(pc, slot, (void *)top);
	}
	if (kstack_alloc(&top))
		return NULL;
	cpu_set_kstack(pc, top);
	return pc;
}

void other_cpus_start(const struct boot_info *bi, const struct acpi_info *acpi)
{
	boot = bi;
	for (u32 i = 0; i < acpi->ncpus && smp_ncpus < CPUS_MAX; i++) {
		if (acpi->apic_id[i] == this_cpu()->apic_id)
			continue;
		struct percpu *pc = ap_alloc(smp_ncpus, acpi->apic_id[i]);
		if (!pc)
			boot_refuse("too little memory for CPU %u", smp_ncpus);
		if (!smp_start(pc, pc->kstack_top))
			klog("CPU with APIC number %u did not start; going on without it",
			     pc->apic_id);
	}
	klog("CPUs running: %u", smp_ncpus);
}
