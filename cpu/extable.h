/* SPDX-License-Identifier: MIT */
/* The exception table: instructions of cpu/uaccess.S that may fault, and where to go then. */
#ifndef CPU_EXTABLE_H
#define CPU_EXTABLE_H

#include "base/types.h"

/* The fixup address for a faulting instruction; 0 when it has none. */
u64 extable_find(u64 rip);

#endif
