/* SPDX-License-Identifier: MIT */
/*
 * Ways to end a machine, from the most particular on. A port nobody listens at swallows its
 * byte, so trying is harmless; ACPI's register is written only where its tables name it.
 */
#include "machine/poweroff.h"
#include "abi/hostlink.h"
#include "cpu/irq.h"
#include "machine/io.h"

#define BOCHS_SHUTDOWN_PORT 0x8900 /* takes the letters of that word */
#define SLEEP_TYPE_SHIFT 10
#define SLEEP_ENABLE (1 << 13)

static u16 pm1a_control;
static u16 sleep_command;

void poweroff_init(const struct acpi_info *info)
{
	pm1a_control = info->pm1a_control;
	sleep_command = (u16)(info->sleep_type << SLEEP_TYPE_SHIFT | SLEEP_ENABLE);
}

void machine_poweroff(void)
{
	port_write8(HL_STOP_PORT, HL_STOP_CODE);
	for (const char *p = "Shutdown"; *p; p++)
		port_write8(BOCHS_SHUTDOWN_PORT, (u8)*p);
	if (pm1a_control)
		port_write16(pm1a_control, sleep_command);
	for (;;) {
		irq_disable();
		__asm__ volatile("hlt");
	}
}
