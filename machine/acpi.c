/* SPDX-License-Identifier: MIT */
/*
 * Finds the tables and reads the MADT. Tables may lie in RAM the firmware kept or just below
 * ram_end; every address is checked against the direct map before it is followed, and
 * every checksum is.
 */
#include "machine/acpi_impl.h"
#include "lib/string.h"
#include "machine/pmap.h"

#define LAPIC_PA_DEFAULT 0xfee00000
#define IOAPIC_PA_DEFAULT 0xfec00000
#define DIRECT_MAP_STEP (2ull << 20) /* machine/kernel_map.c maps whole large pages */
#define BIOS_AREA_START 0xe0000
#define BIOS_AREA_END 0x100000

struct rsdp {
	char signature[8];
	u8 checksum;
	char oem[6];
	u8 revision;
	u32 rsdt;
	u32 length;
	u64 xsdt;
	u8 xchecksum, reserved[3];
} PACKED;

struct madt {
	struct sdt sdt;
	u32 lapic, flags;
} PACKED;

static paddr_t limit;

static const void *at(paddr_t pa, u64 len)
{
	return pa && len <= limit && pa <= limit - len ? pa_to_kva(pa) : NULL;
}

static bool sums_to_zero(const void *p, u64 n)
{
	const u8 *b = p;
	u8 sum = 0;
	for (u64 i = 0; i < n; i++)
		sum = (u8)(sum + b[i]);
	return sum == 0;
}

static const struct rsdp *rsdp_find(paddr_t hint)
{
	const struct rsdp *r = at(hint, sizeof(*r));
	if (r && memcmp(r->signature, "RSD PTR ", 8) == 0)
		return r;
	for (paddr_t pa = BIOS_AREA_START; pa < BIOS_AREA_END; pa += 16) {
		r = at(pa, sizeof(*r));
		if (r && memcmp(r->signature, "RSD PTR ", 8) == 0 && sums_to_zero(r, 20))
			return r;
	}
	return NULL;
}

const struct sdt *acpi_table_at(paddr_t pa)
{
	const struct sdt *t = at(pa, sizeof(*t));
	if (!t || t->length < sizeof(*t) || !at(pa, t->length) || !sums_to_zero(t, t->length))
		return NULL;
	return t;
}

static const struct sdt *table_find(const struct rsdp *r, const char *signature)
{
	bool wide = r->revision >= 2 && r->xsdt;
	const struct sdt *root = acpi_table_at(wide ? r->xsdt : r->rsdt);
	if (!root)
		return NULL;
	u32 size = wide ? 8 : 4;
	u32 n = (root->length - sizeof(*root)) / size;
	for (u32 i = 0; i < n; i++) {
		u64 pa = 0;
		memcpy(&pa, (const u8 *)(root + 1) + (u64)i * size, size);
		const struct sdt *t = acpi_table_at(pa);
		if (t && memcmp(t->signature, signature, 4) == 0)
			return t;
	}
	return NULL;
}

static u32 read32(const u8 *p)
{
	u32 v;
	memcpy(&v, p, 4);
	return v;
}

static void madt_entry(const u8 *e, struct acpi_info *out)
{
	switch (e[0]) {
	case 0: /* local APIC: enabled or can be */
		if ((read32(e + 4) & 3) && out->ncpus < ACPI_CPUS_MAX)
			out->apic_id[out->ncpus++] = e[3];
		break;
	case 1: /* I/O APIC: the one with GSI 0 */
		if (read32(e + 8) == 0) {
			out->ioapic_pa = read32(e + 4);
			out->ioapic_gsi_base = 0;
		}
		break;
	case 2: /* interrupt source override */
		if (out->noverrides < ACPI_OVERRIDES_MAX) {
			out->override[out->noverrides].irq = e[3];
			out->override[out->noverrides].gsi = read32(e + 4);
			out->override[out->noverrides++].flags = (u16)(e[8] | e[9] << 8);
		}
		break;
	case 9: /* local x2APIC */
		if ((read32(e + 8) & 3) && out->ncpus < ACPI_CPUS_MAX)
			out->apic_id[out->ncpus++] = read32(e + 4);
		break;
	}
}

static void madt_read(const struct madt *m, struct acpi_info *out)
{
	const u8 *e = (const u8 *)(m + 1), *end = (const u8 *)m + m->sdt.length;
	out->lapic_pa = m->lapic;
	while (end - e >= 2 && e[1] >= 8 && e + e[1] <= end) {
		madt_entry(e, out);
		e += e[1];
	}
}

bool acpi_read(paddr_t rsdp, paddr_t ram_end, struct acpi_info *out)
{
	memset(out, 0, sizeof(*out));
	out->lapic_pa = LAPIC_PA_DEFAULT;
	out->ioapic_pa = IOAPIC_PA_DEFAULT;
	limit = align_up(ram_end, DIRECT_MAP_STEP); /* SeaBIOS's tables lie just above */
	const struct rsdp *r = rsdp_find(rsdp);
	const struct sdt *fadt = r ? table_find(r, "FACP") : NULL;
	const struct sdt *madt = r ? table_find(r, "APIC") : NULL;
	if (fadt)
		acpi_fadt_read(fadt, out);
	if (!madt || madt->length < sizeof(struct madt)) {
		out->ncpus = 1;
		return false;
	}
	madt_read((const struct madt *)madt, out);
	return true;
}
