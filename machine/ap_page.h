/* SPDX-License-Identifier: MIT */
/* Between machine/smp.c and machine/ap_start.S. */
#ifndef MACHINE_AP_PAGE_H
#define MACHINE_AP_PAGE_H

/* Below 1 MiB, page aligned: a start-up IPI names it by its page number. */
#define AP_PAGE 0x8000

/* Offsets in struct ap_boot (asserted in machine/smp.c). */
#define AP_CR3 0
#define AP_STACK 8
#define AP_PERCPU 16
#define AP_EFER 24

#endif
