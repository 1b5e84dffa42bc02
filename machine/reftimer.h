/* SPDX-License-Identifier: MIT */
/*
 * A timer whose rate is known, to measure those by whose rate is not: ACPI's power
 * management timer, else channel 2 of the PIT. Neither need be there.
 */
#ifndef MACHINE_REFTIMER_H
#define MACHINE_REFTIMER_H

#include "base/types.h"

/*
 * Calls sample(from) and sample(to) some milliseconds apart; returns the nanoseconds between, or 0
 * when no timer of that kind counts here. Takes a fraction of a second at most.
 */
u64 reftimer_interval(u16 pm_timer, void (*sample)(void *), void *from, void *to);

#endif
