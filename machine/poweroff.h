/* SPDX-License-Identifier: MIT */
/* Turning the machine off when there is no launcher that waits for it. */
#ifndef MACHINE_POWEROFF_H
#define MACHINE_POWEROFF_H

#include "machine/acpi.h"

void poweroff_init(const struct acpi_info *info);
/* Stop port, Bochs's, ACPI's S5, else the CPU halts for ever. */
NORETURN void machine_poweroff(void);

#endif
