/* SPDX-License-Identifier: MIT */
/*
 * xAPIC through its registers: present on every machine QEMU has; x2APIC comes with many
 * CPUs. LINT1 is set to NMI, else an injected NMI is dropped.
 */
#include "machine/apic.h"
#include "machine/io.h"
#include "machine/kernel_map.h"

#define LAPIC_ID 0x20
#define LAPIC_TPR 0x80
#define LAPIC_EOI 0xb0
#define LAPIC_SVR 0xf0
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

#define IOAPIC_SELECT 0x00
#define IOAPIC_WINDOW 0x10
#define IOAPIC_REDIRECTION 0x10
#define POLARITY_LOW 0x2000
#define TRIGGER_LEVEL 0x8000

static volatile void *lapic, *ioapic;
static struct acpi_info info;

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
	lapic = mmio_map(info.lapic_pa, 0x1000);
	ioapic = mmio_map(info.ioapic_pa, 0x1000);
	return lapic && ioapic;
}

void apic_cpu_init(void)
{
	mmio_write32(lapic, LAPIC_TPR, 0);
	mmio_write32(lapic, LAPIC_LVT_TIMER, LVT_MASKED);
	mmio_write32(lapic, LAPIC_LVT_LINT0, LVT_MASKED);
	mmio_write32(lapic, LAPIC_LVT_LINT1, LVT_NMI);
	mmio_write32(lapic, LAPIC_LVT_ERROR, LVT_MASKED);
	mmio_write32(lapic, LAPIC_TIMER_DIV, DIVIDE_BY_1);
	mmio_write32(lapic, LAPIC_SVR, SVR_ENABLE | VECTOR_SPURIOUS);
	mmio_write32(lapic, LAPIC_LVT_TIMER, VECTOR_TIMER);
}

void apic_eoi(void)
{
	mmio_write32(lapic, LAPIC_EOI, 0);
}

u32 apic_id(void)
{
	return mmio_read32(lapic, LAPIC_ID) >> 24;
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
	mmio_write32(lapic, LAPIC_TIMER_INIT, count);
}

u32 apic_timer_left(void)
{
	return mmio_read32(lapic, LAPIC_TIMER_NOW);
}
