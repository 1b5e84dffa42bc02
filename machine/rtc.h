/* SPDX-License-Identifier: MIT */
/* The PC's clock that runs on a battery: where a machine without a launcher learns the date. */
#ifndef MACHINE_RTC_H
#define MACHINE_RTC_H

#include "base/types.h"

/* Nanoseconds since 1970, taking the clock to show UTC; 0 when there is none. */
u64 rtc_read_ns(void);

#endif
