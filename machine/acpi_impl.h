/* SPDX-License-Identifier: MIT */
/* Shared by the readers of the single ACPI tables. */
#ifndef MACHINE_ACPI_IMPL_H
#define MACHINE_ACPI_IMPL_H

#include "machine/acpi.h"

struct sdt {
	char signature[4];
	u32 length;
	u8 revision, checksum;
	char oem[6], oem_table[8];
	u32 oem_revision, creator, creator_revision;
} PACKED;

/* The table at a physical address, whole and with a good checksum; else NULL. */
const struct sdt *acpi_table_at(paddr_t pa);
/* Fills pm_timer, pm1a_control and sleep_type. */
void acpi_fadt_read(const struct sdt *fadt, struct acpi_info *out);

#endif
