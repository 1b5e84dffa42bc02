/* SPDX-License-Identifier: MIT */
/*
 * What ACPI says about interrupt controllers and CPUs (its MADT; ACPI 6.5, 5.2.12), the
 * power management timer and the way to turn the machine off (its FADT).
 */
#ifndef MACHINE_ACPI_H
#define MACHINE_ACPI_H

#include "base/types.h"

#define ACPI_CPUS_MAX 16
#define ACPI_OVERRIDES_MAX 16

struct acpi_info {
	paddr_t lapic_pa, ioapic_pa;
	u32 ioapic_gsi_base;
	u32 ncpus;
	u32 apic_id[ACPI_CPUS_MAX];
	struct {
		u8 irq;
		u32 gsi;
		u16 flags;
	} override[ACPI_OVERRIDES_MAX];
	u32 noverrides;
	u16 pm_timer;	  /* port; 0: none */
	u16 pm1a_control; /* port; 0: cannot be turned off this way */
	u8 sleep_type;	  /* of S5, for that port */
};

/* rsdp: physical address, 0 when the loader had none (then the BIOS area is searched).
 * False: no usable MADT; *out holds the PC's fixed addresses and one CPU. */
bool acpi_read(paddr_t rsdp, paddr_t ram_end, struct acpi_info *out);

#endif
