/* SPDX-License-Identifier: MIT */
/*
 * Every wait here is bounded by a count of port reads (about a microsecond each on
 * hardware), because a timer that is not there never advances: QEMU's microvm has neither.
 */
#include "machine/reftimer.h"
#include "machine/io.h"

#define SPINS_MAX 200000

#define PM_HZ 3579545ull
#define PM_MASK 0xffffff /* some are no wider */
#define PM_TICKS 35795	 /* 10 ms */

#define PIT_HZ 1193182ull
#define PIT_TICKS 11932 /* 10 ms */
#define PIT_CHANNEL2 0x42
#define PIT_COMMAND 0x43
#define PIT_MODE0_CHANNEL2 0xb0 /* both bytes; the output rises at zero */
#define GATE_PORT 0x61
#define GATE_ON 0x01
#define SPEAKER_ON 0x02
#define OUTPUT_HIGH 0x20

#define NSEC_PER_SEC 1000000000ull

static u64 by_pm_timer(u16 port, void (*sample)(void *), void *from, void *to)
{
	u32 spins = 0, start = port_read32(port) & PM_MASK, passed;
	sample(from);
	do
		passed = (port_read32(port) - start) & PM_MASK;
	while (passed < PM_TICKS && ++spins < SPINS_MAX);
	sample(to);
	return passed < PM_TICKS ? 0 : passed * NSEC_PER_SEC / PM_HZ;
}

static void pit_start(void)
{
	port_write8(GATE_PORT, (port_read8(GATE_PORT) & ~SPEAKER_ON) | GATE_ON);
	port_write8(PIT_COMMAND, PIT_MODE0_CHANNEL2);
	port_write8(PIT_CHANNEL2, PIT_TICKS & 0xff);
	port_write8(PIT_CHANNEL2, PIT_TICKS >> 8);
}

static u64 by_pit(void (*sample)(void *), void *from, void *to)
{
	u32 spins = 0;
	pit_start();
	sample(from);
	while (!(port_read8(GATE_PORT) & OUTPUT_HIGH) && ++spins < SPINS_MAX)
		;
	sample(to);
	/* High at once: nobody counts behind that port. */
	return spins == 0 || spins == SPINS_MAX ? 0 : PIT_TICKS * NSEC_PER_SEC / PIT_HZ;
}

u64 reftimer_interval(u16 pm_timer, void (*sample)(void *), void *from, void *to)
{
	u64 ns = pm_timer ? by_pm_timer(pm_timer, sample, from, to) : 0;
	return ns ? ns : by_pit(sample, from, to);
}
