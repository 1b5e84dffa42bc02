/* SPDX-License-Identifier: MIT */
/* Function names for backtraces; the table is made from the first link by tools/genksyms. */
#ifndef BOOT_KSYMS_H
#define BOOT_KSYMS_H

#include "base/types.h"

/* The function that holds addr and the distance from its start; NULL outside the text. */
const char *ksym_find(u64 addr, u64 *offset);

#endif
