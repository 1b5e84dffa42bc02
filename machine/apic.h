/* SPDX-License-Identifier: MIT */
/* Local APIC and I/O APIC (SDM vol. 3, chapter 11), and the 8259 silenced. */
#ifndef MACHINE_APIC_H
#define MACHINE_APIC_H

#include "base/types.h"
#include "machine/acpi.h"

#define VECTOR_TIMER 0x20
#define VECTOR_BELL 0x21
#define VECTOR_KICK 0x22 /* look at your work and your queue */
#define VECTOR_CALL 0x23 /* machine/smp.h: smp_call */
#define VECTOR_SPURIOUS 0xff

/* False: the registers cannot be mapped. */
MUST_CHECK bool apic_init(const struct acpi_info *info);
void apic_cpu_init(void); /* on each CPU */
void apic_eoi(void);
u32 apic_id(void);
/* To the CPU with that APIC number. */
void apic_send_ipi(u32 apic, u8 vector);
void apic_send_nmi(u32 apic);
void apic_send_init(u32 apic);
void apic_send_startup(u32 apic, u8 page);
/* Sends an ISA interrupt to a vector of the boot CPU. */
void apic_route_irq(u8 irq, u8 vector);

/* The timer counts down once from `count` at the bus clock and then interrupts. */
void apic_timer_start(u32 count);
u32 apic_timer_left(void);

#endif
