/* SPDX-License-Identifier: MIT */
/*
 * The FADT (ACPI 6.5, 5.2.9): the power management timer, which counts at the same rate
 * everywhere, and what has to be written where to turn the machine off. The value for that
 * is in AML, as the package \_S5_; it is looked for by its name instead of by an
 * interpreter, which every firmware's fixed form of it allows.
 */
#include "lib/string.h"
#include "machine/acpi_impl.h"

#define FADT_DSDT 40
#define FADT_PM1A_CONTROL 64
#define FADT_PM_TIMER 76
#define FADT_FLAGS 112
#define FADT_HW_REDUCED (1u << 20) /* none of these registers is there */
#define FADT_BYTES 116		   /* of ACPI 1.0 */

#define AML_ZERO 0x00
#define AML_ONE 0x01
#define AML_BYTE 0x0a
#define AML_PACKAGE 0x12
#define S5_BYTES 8 /* name, package, length, count, byte prefix: up to the value */

static u32 field(const struct sdt *t, u32 offset)
{
	u32 v;
	memcpy(&v, (const u8 *)t + offset, sizeof(v));
	return v;
}

/* The first element of the package behind the name at p; -1 when it is written otherwise. */
static int s5_value(const u8 *p)
{
	p += 4;
	if (*p++ != AML_PACKAGE)
		return -1;
	p += (*p >> 6) + 2; /* length, whose first byte counts its others; number of elements */
	if (*p == AML_BYTE)
		return p[1];
	return *p == AML_ZERO || *p == AML_ONE ? *p : -1;
}

static int s5_find(const struct sdt *dsdt)
{
	const u8 *p = (const u8 *)(dsdt + 1), *end = (const u8 *)dsdt + dsdt->length;
	for (; p + S5_BYTES + 4 < end; p++)
		if (memcmp(p, "_S5_", 4) == 0)
			return s5_value(p);
	return -1;
}

void acpi_fadt_read(const struct sdt *fadt, struct acpi_info *out)
{
	if (fadt->length < FADT_BYTES || (field(fadt, FADT_FLAGS) & FADT_HW_REDUCED))
		return;
	const struct sdt *dsdt = acpi_table_at(field(fadt, FADT_DSDT));
	int type = dsdt ? s5_find(dsdt) : -1;
	out->pm_timer = (u16)field(fadt, FADT_PM_TIMER);
	if (type >= 0) {
		out->pm1a_control = (u16)field(fadt, FADT_PM1A_CONTROL);
		out->sleep_type = (u8)(type & 7);
	}
}
