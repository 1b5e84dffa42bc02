/* SPDX-License-Identifier: MIT */
#ifndef BOOT_MAIN_H
#define BOOT_MAIN_H

#include "base/types.h"
#include "boot/bootinfo.h"

/* From start.S, on the boot stack, interrupts off. */
NORETURN void kernel_main(void);
/* Everything below processes: CPU, memory, interrupts, time, scheduler, launcher link. */
void machine_start(struct boot_info *bi);
struct acpi_info;
/* The CPUs the MADT names, beside this one. */
void other_cpus_start(const struct boot_info *bi, const struct acpi_info *acpi);
/* The calling CPU's self-check; does not return when it fails. */
void cpu_check(const struct boot_info *bi);
/* Unpacks the initrd and makes the first process; the caller then idles. */
void first_program_start(const struct boot_info *bi);

#endif
