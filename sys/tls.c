/* SPDX-License-Identifier: MIT */
/*
 * Segments a thread describes for itself: three entries of the GDT, loaded with the thread
 * (cpu/user_state.c). i386 C libraries put their thread pointer behind one of them and GS.
 *
 * Only what cannot hurt gets into the GDT: present data segments of ring 3, 32-bit. 16-bit
 * ones are refused: IRET to a 16-bit stack would leave bits of the kernel's rsp in the
 * user's (docs/hazards/tls-segments.md). Manual: set_thread_area(2); SDM vol. 3, 3.4.5.
 */
#include "cpu/desc.h"
#include "cpu/switch.h"
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"

#define ANY_ENTRY (~0u)
/* Bits of a descriptor above those of type: system-segment flag off, ring 3, present. */
#define DESC_USER (0xfull << 44)
#define DESC_ACCESSED (1ull << 40)
#define DESC_TYPE(contents, writable) (((u64)(contents) << 2 | (u64)(writable) << 1) << 40)
#define DESC_AVAILABLE (1ull << 52)
#define DESC_32BIT (1ull << 54)
#define DESC_PAGES (1ull << 55)

/* The two ways to say "no segment": all zeros, and what old libraries send to free one. */
static bool is_empty(const struct l32_user_desc *d)
{
	u32 flags = d->flags & L32_DESC_FLAGS;

	return !d->base_addr && !d->limit &&
	       (flags == 0 || flags == (L32_DESC_READ_EXEC_ONLY | L32_DESC_NOT_PRESENT));
}

static bool is_harmless(const struct l32_user_desc *d)
{
	return (d->flags & L32_DESC_SEG_32BIT) && L32_DESC_CONTENTS(d->flags) <= 1 &&
	       !(d->flags & L32_DESC_NOT_PRESENT);
}

static u64 descriptor_of(const struct l32_user_desc *d)
{
	u64 base = d->base_addr, limit = d->limit & 0xfffff;

	if (is_empty(d))
		return 0;
	return (limit & 0xffff) | (base & 0xffffff) << 16 | (limit >> 16) << 48 |
	       (base >> 24) << 56 | DESC_USER | DESC_ACCESSED | DESC_32BIT |
	       DESC_TYPE(L32_DESC_CONTENTS(d->flags), !(d->flags & L32_DESC_READ_EXEC_ONLY)) |
	       (d->flags & L32_DESC_LIMIT_IN_PAGES ? DESC_PAGES : 0) |
	       (d->flags & L32_DESC_USEABLE ? DESC_AVAILABLE : 0);
}

static struct l32_user_desc description_of(u32 entry, u64 desc)
{
	u32 type = (u32)(desc >> 40) & 0xf;

	return (struct l32_user_desc){
		.entry_number = entry,
		.base_addr = (u32)(desc >> 16 & 0xffffff) | (u32)(desc >> 56) << 24,
		.limit = (u32)(desc & 0xffff) | (u32)(desc >> 48 & 0xf) << 16,
		.flags = (desc & DESC_32BIT ? L32_DESC_SEG_32BIT : 0) | (type >> 2 & 3) << 1 |
			 (type & 2 ? 0 : L32_DESC_READ_EXEC_ONLY) |
			 (desc & DESC_PAGES ? L32_DESC_LIMIT_IN_PAGES : 0) |
			 (desc ? 0 : L32_DESC_NOT_PRESENT) |
			 (desc & DESC_AVAILABLE ? L32_DESC_USEABLE : 0),
	};
}

static u32 free_entry(const struct user_state *us)
{
	for (u32 i = 0; i < GDT_TLS_COUNT; i++) {
		if (!us->tls[i])
			return GDT_TLS_MIN + i;
	}
	return ANY_ENTRY;
}

static bool is_tls(u32 entry)
{
	return entry - GDT_TLS_MIN < GDT_TLS_COUNT;
}

long sys_set_thread_area(uinout_user_desc area)
{
	struct user_state *us = &current_thread()->user;
	struct l32_user_desc d;
	err_t e = get_user(&d, area);

	if (e)
		return e;
	if (!is_empty(&d) && !is_harmless(&d))
		return -EINVAL;
	if (d.entry_number == ANY_ENTRY) {
		d.entry_number = free_entry(us);
		if (d.entry_number == ANY_ENTRY)
			return -ESRCH;
		e = copyout(area.a, &d.entry_number, sizeof d.entry_number);
		if (e)
			return e;
	}
	if (!is_tls(d.entry_number))
		return -EINVAL;
	user_state_set_tls(us, d.entry_number - GDT_TLS_MIN, descriptor_of(&d));
	return 0;
}

long sys_get_thread_area(uinout_user_desc area)
{
	const struct user_state *us = &current_thread()->user;
	struct l32_user_desc d;
	err_t e = get_user(&d, area);

	if (e)
		return e;
	if (!is_tls(d.entry_number))
		return -EINVAL;
	d = description_of(d.entry_number, us->tls[d.entry_number - GDT_TLS_MIN]);
	return put_user(area, &d);
}
