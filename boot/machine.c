/* SPDX-License-Identifier: MIT */
/*
 * Brings up CPU, memory, interrupts, clock and scheduler, and refuses with a sentence
 * where it cannot: too little memory, a failed self-check.
 */
#include "boot/main.h"
#include "boot/panic.h"
#include "cpu/cpu.h"
#include "kernel/mm/init.h"
#include "kernel/mm/page.h"
#include "kernel/sched/thread.h"
#include "machine/acpi.h"
#include "machine/apic.h"
#include "machine/clock.h"
#include "machine/hostlink.h"
#include "machine/log.h"
#include "machine/pmap.h"
#include "machine/poweroff.h"
#include "machine/random.h"
#include "machine/smp.h"

/* Below this nothing useful runs: tables, rings, and a small program's pages. */
#define MEMORY_MIN_BYTES (3ull << 20)
#define RING_ORDER 6	   /* 256 KiB a stream ... */
#define RING_ORDER_SMALL 3 /* ... or 32 KiB where memory is scarce */
#define RING_SMALL_BELOW (48ull << 20)
#define EARLY_REACH (1ull << 30)

extern u8 image_start[], image_end[], boot_stack_top[], boot_stack_guard[];

static struct percpu boot_cpu;
static struct ist_stacks boot_ist;

static paddr_t image_pa(const u8 *p)
{
	return (vaddr_t)p - KERNEL_IMAGE_BASE;
}

static void cpu_start(void)
{
	cpu_init(&boot_cpu, (vaddr_t)boot_stack_top, &boot_ist);
}

/*
 * The largest stretch of usable memory that the first page tables reach and nobody has
 * claimed: above the image, clear of the initrd.
 */
static struct bump bump_choose(const struct boot_info *bi)
{
	struct bump best = { 0, 0, 0 };
	paddr_t floor = align_up(image_pa(image_end), PAGE_SIZE);
	for (u32 i = 0; i < bi->mem.count; i++) {
		const struct mem_range *r = &bi->mem.range[i];
		if (!r->usable)
			continue;
		paddr_t start = max_u64(align_up(r->start, PAGE_SIZE), floor);
		paddr_t end = min_u64(align_down(r->end, PAGE_SIZE), EARLY_REACH);
		if (bi->initrd.end > start && bi->initrd.start < end) {
			paddr_t after = align_up(bi->initrd.end, PAGE_SIZE);
			paddr_t before = align_down(bi->initrd.start, PAGE_SIZE);
			bool low = before > start && (after >= end || before - start > end - after);
			start = low ? start : after;
			end = low ? before : end;
		}
		if (end > start && end - start > best.end - best.next)
			best = (struct bump){ start, start, end };
	}
	return best;
}

static void memory_start(const struct boot_info *bi)
{
	struct bump b = bump_choose(bi);
	if (b.end - b.next < MEMORY_MIN_BYTES || !kernel_map_init(&bi->mem, &b) ||
	    !mm_init(&bi->mem, &b, &bi->initrd))
		boot_refuse("too little memory: %llu KiB free beside the kernel and the program's "
			    "files",
			    (unsigned long long)((b.end - b.start) >> 10));
}

/* The boot stack stays as the idle thread's: it gets its guard page now. The IST stacks
 * of the image are exchanged for guarded ones. */
static void stacks_guard(void)
{
	paddr_t pa;
	pmap_unmap(&kernel_pmap, (vaddr_t)boot_stack_guard, &pa);
	pmap_flush(&kernel_pmap, (vaddr_t)boot_stack_guard, (vaddr_t)boot_stack_guard + PAGE_SIZE);
	for (u32 slot = IST_NMI; slot < IST_SLOTS; slot++) {
		vaddr_t top;
		if (kstack_alloc(&top))
			boot_refuse("too little memory for interrupt stacks");
		desc_set_ist(&boot_cpu, slot, (void *)top);
	}
}

static void interrupts_start(const struct boot_info *bi, struct acpi_info *acpi)
{
	if (!acpi_read(bi->rsdp, bi->mem.ram_end, acpi))
		klog("no ACPI MADT: using the PC's fixed interrupt controllers");
	if (!apic_init(acpi))
		boot_refuse("too little memory to map the interrupt controllers");
	apic_cpu_init();
	boot_cpu.apic_id = apic_id();
	smp_boot_cpu(&boot_cpu);
}

static paddr_t ring_alloc(u32 order)
{
	struct page *pg;
	if (page_alloc_order(order, &pg))
		boot_refuse("too little memory for the launcher's rings");
	return page_pa(pg);
}

static void link_start(void)
{
	struct page_stats st;
	page_stats(&st);
	u32 order = st.total * PAGE_SIZE < RING_SMALL_BELOW ? RING_ORDER_SMALL : RING_ORDER;
	struct hl_buffers b = { .size = PAGE_SIZE << order, .trace_size = PAGE_SIZE << order };
	b.stdin_pa = ring_alloc(order);
	b.stdout_pa = ring_alloc(order);
	b.stderr_pa = ring_alloc(order);
	b.trace_pa = ring_alloc(order);
	apic_route_irq(HL_BELL_IRQ, VECTOR_BELL);
	hl_attach(&b);
}

void machine_start(struct boot_info *bi)
{
	struct acpi_info acpi;

	cpu_start();
	memory_start(bi);
	stacks_guard();
	interrupts_start(bi, &acpi);
	poweroff_init(&acpi);
	clock_init(&(struct clock_hints){ bi->opt.tsc_khz, bi->opt.epoch_ns, acpi.pm_timer });
	random_init(bi->opt.seed, bi->opt.seed_len);
	sched_cpu_init();
	if (bi->opt.hostlink)
		link_start();
	cpu_check(bi);
	other_cpus_start(bi, &acpi);
}
