/* SPDX-License-Identifier: MIT */
/*
 * Time: the TSC as the clock, the local APIC timer as the alarm.
 */
#ifndef MACHINE_CLOCK_H
#define MACHINE_CLOCK_H

#include "base/types.h"

#define NSEC_PER_SEC 1000000000ull

struct clock_hints {
	u64 tsc_khz;  /* 0 when the boot loader does not know; then CPUID or a measurement says */
	u64 epoch_ns; /* CLOCK_REALTIME when the machine started; 0: ask the battery's clock */
	u16 pm_timer; /* port of ACPI's timer, 0: none */
};
void clock_init(const struct clock_hints *h);
u64 clock_monotonic_ns(void); /* since boot */
u64 clock_realtime_ns(void);  /* since 1970 */
u64 clock_tsc_khz(void);

/* How the clocks follow from the TSC, for those who read it without the kernel. */
struct clock_scale {
	u64 tsc_start;	 /* TSC when CLOCK_MONOTONIC was 0 */
	u64 ns_per_tick; /* << 32 */
	u64 epoch_ns;	 /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
};
void clock_scale_get(struct clock_scale *out);

/* Arms this CPU's timer interrupt for a CLOCK_MONOTONIC instant; UINT64_MAX: none. */
void clock_alarm(u64 deadline_ns);
void clock_alarm_fired(void); /* from the timer's interrupt */

#endif
