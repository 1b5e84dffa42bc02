/* SPDX-License-Identifier: MIT */
/* Port I/O and device registers. */
#ifndef MACHINE_IO_H
#define MACHINE_IO_H

#include "base/types.h"

static inline void port_write8(u16 port, u8 v)
{
	__asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port) : "memory");
}

static inline void port_write16(u16 port, u16 v)
{
	__asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port) : "memory");
}

static inline u8 port_read8(u16 port)
{
	u8 v;
	__asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline u32 port_read32(u16 port)
{
	u32 v;
	__asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}

static inline void mmio_write32(volatile void *base, u32 offset, u32 v)
{
	*(volatile u32 *)((volatile u8 *)base + offset) = v;
}

static inline u32 mmio_read32(const volatile void *base, u32 offset)
{
	return *(const volatile u32 *)((const volatile u8 *)base + offset);
}

#endif
