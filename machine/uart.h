/* SPDX-License-Identifier: MIT */
/* COM1, the serial log, and COM2, the launcher's bell (16550, polled output). */
#ifndef MACHINE_UART_H
#define MACHINE_UART_H

#include "base/types.h"

void uart_init(void);
void uart_write(const void *bytes, u64 n);
void uart_drain(void); /* waits, not for ever, until all of it is out */
/* Bytes waiting in COM1's receiver; 0 when there are none. */
u64 uart_read(void *dst, u64 n);

/* COM2 with its receive interrupt on. */
void bell_init(void);
void bell_ring(void);
void bell_drain(void); /* takes the bytes that made the interrupt */

#endif
