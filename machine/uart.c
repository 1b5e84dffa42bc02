/* SPDX-License-Identifier: MIT */
/*
 * 16550 UARTs. 115200 8N1 is programmed although an emulated port does not care: a real
 * one, and Bochs, do.
 */
#include "machine/uart.h"
#include "abi/hostlink.h"
#include "machine/io.h"

#define COM1 0x3f8
#define REG_DATA 0
#define REG_IER 1
#define REG_FCR 2
#define REG_LCR 3
#define REG_MCR 4
#define REG_LSR 5
#define LCR_8N1 0x03
#define LCR_DLAB 0x80
#define IER_RX 0x01
#define FCR_ENABLE_CLEAR 0x07
#define MCR_DTR_RTS_OUT2 0x0b /* OUT2 lets the interrupt through */
#define LSR_RX_READY 0x01
#define LSR_TX_EMPTY 0x20 /* takes another byte */
#define LSR_TX_DONE 0x40  /* the last bit is on the wire */
#define DONE_SPINS 1000000
#define TX_SPINS 100000 /* a port that never drains must not stop the kernel */

static void port_init(u16 base, u8 ier)
{
	port_write8(base + REG_LCR, LCR_DLAB);
	port_write8(base + REG_DATA, 1);
	port_write8(base + REG_IER, 0);
	port_write8(base + REG_LCR, LCR_8N1);
	port_write8(base + REG_FCR, FCR_ENABLE_CLEAR);
	port_write8(base + REG_MCR, MCR_DTR_RTS_OUT2);
	port_write8(base + REG_IER, ier);
}

static void port_putc(u16 base, u8 c)
{
	for (u32 i = 0; i < TX_SPINS && !(port_read8(base + REG_LSR) & LSR_TX_EMPTY); i++)
		;
	port_write8(base + REG_DATA, c);
}

void uart_init(void)
{
	port_init(COM1, 0);
}

void uart_write(const void *bytes, u64 n)
{
	const u8 *p = bytes;
	for (u64 i = 0; i < n; i++)
		port_putc(COM1, p[i]);
}

void uart_drain(void)
{
	for (u32 i = 0; i < DONE_SPINS && !(port_read8(COM1 + REG_LSR) & LSR_TX_DONE); i++)
		;
}

u64 uart_read(void *dst, u64 n)
{
	u8 *p = dst;
	u64 got = 0;
	while (got < n && (port_read8(COM1 + REG_LSR) & LSR_RX_READY))
		p[got++] = port_read8(COM1 + REG_DATA);
	return got;
}

void bell_init(void)
{
	port_init(HL_BELL_PORT, IER_RX);
}

void bell_ring(void)
{
	port_write8(HL_BELL_PORT + REG_DATA, '!');
}

void bell_drain(void)
{
	while (port_read8(HL_BELL_PORT + REG_LSR) & LSR_RX_READY)
		port_read8(HL_BELL_PORT + REG_DATA);
}
