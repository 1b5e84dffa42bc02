/* SPDX-License-Identifier: MIT */
/*
 * x2APIC where the CPU has it (one MSR write for an IPI, and no limit of 255 CPUs), else the
 * registers in memory. LINT1 is set to NMI, else an injected NMI is dropped.
 */
#include "machine/apic.h"
#include "cpu/features.h"
#include "cpu/irq.h"
#include "cpu/msr.h"
#include "machine/io.h"
#include "machine/kernel_map.h"

#define LAPIC_ID 0x20
#define LAPIC_TPR 0x80
#define LAPIC_EOI 0xb0
#define LAPIC_SVR 0xf0
#define LAPIC_ICR 0x300
#define LAPIC_ICR_HIGH 0x310
#define LAPIC_LVT_TIMER 0x320
#define LAPIC_LVT_LINT0 0x350
#define LAPIC_LVT_LINT1 0x360
#define LAPIC_LVT_ERROR 0x370
#define LAPIC_TIMER_INIT 0x380
#define LAPIC_TIMER_NOW 0x390
#define LAPIC_TIMER_DIV 0x3e0
#define SVR_ENABLE 0x100
#define LVT_MASKED 0x10000
#define LVT_NMI 0x400
#define DIVIDE_BY_1 0xb

#define MSR_X2APIC_BASE 0x800 /* + register offset / 16 */
#define APIC_BASE_X2APIC (1 << 10)
#define CPUID1_ECX_X2APIC (1 << 21)
#define ICR_PENDING (1 << 12)
#define ICR_FIXED_ASSERT 0x4000
#define ICR_NMI 0x4400
#define ICR_INIT 0x4500
#define ICR_STARTUP 0x4600

#define IOAPIC_SELECT 0x00
#define IOAPIC_WINDOW 0x10
#define IOAPIC_REDIRECTION 0x10
#define POLARITY_LOW 0x2000
#define TRIGGER_LEVEL 0x8000

static volatile void *lapic, *ioapic;
static struct acpi_info info;
static bool x2apic;

static void lapic_write(u32 reg, u32 v)
{
	if (x2apic)
		msr_write(MSR_X2APIC_BASE + reg / 16, v);
	else
		mmio_write32(lapic, reg, v);
}

static u32 lapic_read(u32 reg)
{
	return x2apic ? (u32)msr_read(MSR_X2APIC_BASE + reg / 16) : mmio_read32(lapic, reg);
}

/* Both 8259s: remapped off the exception vectors, then masked (firmware leaves them on). */
static void pic_silence(void)
{
	port_write8(0x20, 0x11);
	port_write8(0xa0, 0x11);
	port_write8(0x21, 0xf0);
	port_write8(0xa1, 0xf8);
	port_write8(0x21, 4);
	port_write8(0xa1, 2);
	port_write8(0x21, 1);
	port_write8(0xa1, 1);
	port_write8(0x21, 0xff);
	port_write8(0xa1, 0xff);
}

bool apic_init(const struct acpi_info *i)
{
	info = *i;
	pic_silence();
	x2apic = cpuid(1, 0).c & CPUID1_ECX_X2APIC;
	lapic = mmio_map(info.lapic_pa, 0x1000);
	ioapic = mmio_map(info.ioapic_pa, 0x1000);
	return lapic && ioapic;
}

void apic_cpu_init(void)
{
	if (x2apic)
		msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | APIC_BASE_X2APIC);
	lapic_write(LAPIC_TPR, 0);
	lapic_write(LAPIC_LVT_TIMER, LVT_MASKED);
	lapic_write(LAPIC_LVT_LINT0, LVT_MASKED);
	lapic_write(LAPIC_LVT_LINT1, LVT_NMI);
	lapic_write(LAPIC_LVT_ERROR, LVT_MASKED);
	lapic_write(LAPIC_TIMER_DIV, DIVIDE_BY_1);
	lapic_write(LAPIC_SVR, SVR_ENABLE | VECTOR_SPURIOUS);
	lapic_write(LAPIC_LVT_TIMER, VECTOR_TIMER);
}

void apic_eoi(void)
{
	lapic_write(LAPIC_EOI, 0);
}

u32 apic_id(void)
{
	u32 id = lapic_read(LAPIC_ID);
	return x2apic ? id : id >> 24;
}

/* The two halves of the command register must not be torn by an interrupt that sends too. */
static void icr_write(u32 apic, u32 command)
{
	if (x2apic) {
		msr_write(MSR_X2APIC_BASE + LAPIC_ICR / 16, (u64)apic << 32 | command);
		return;
	}
	u64 flags = irq_save();
	while (mmio_read32(lapic, LAPIC_ICR) & ICR_PENDING)
		__builtin_ia32_pause();
	mmio_write32(lapic, LAPIC_ICR_HIGH, apic << 24);
	mmio_write32(lapic, LAPIC_ICR, command);
	irq_restore(flags);
}

void apic_send_ipi(u32 apic, u8 vector)
{
	icr_write(apic, ICR_FIXED_ASSERT | vector);
}

void apic_send_nmi(u32 apic)
{
	icr_write(apic, ICR_NMI);
}

void apic_send_init(u32 apic)
{
	icr_write(apic, ICR_INIT);
}

void apic_send_startup(u32 apic, u8 page)
{
	icr_write(apic, ICR_STARTUP | page);
}

static void ioapic_write(u32 reg, u32 v)
{
	mmio_write32(ioapic, IOAPIC_SELECT, reg);
	mmio_write32(ioapic, IOAPIC_WINDOW, v);
}

void apic_route_irq(u8 irq, u8 vector)
{
	u32 gsi = irq, mode = 0;
	for (u32 i = 0; i < info.noverrides; i++) {
		if (info.override[i].irq != irq)
			continue;
		gsi = info.override[i].gsi;
		mode |= (info.override[i].flags & 3) == 3 ? POLARITY_LOW : 0;
		mode |= (info.override[i].flags >> 2 & 3) == 3 ? TRIGGER_LEVEL : 0;
	}
	ioapic_write(IOAPIC_REDIRECTION + 2 * gsi + 1, apic_id() << 24);
	ioapic_write(IOAPIC_REDIRECTION + 2 * gsi, vector | mode);
}

void apic_timer_start(u32 count)
{
	lapic_write(LAPIC_TIMER_INIT, count);
}

u32 apic_timer_left(void)
{
	return lapic_read(LAPIC_TIMER_NOW);
}
