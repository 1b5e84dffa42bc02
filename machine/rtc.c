/* SPDX-License-Identifier: MIT */
/*
 * MC146818 registers behind ports 0x70 and 0x71. They are read until two readings agree,
 * because the clock may tick in between. The century is not looked at: its register is
 * somewhere else on every board.
 */
#include "machine/rtc.h"
#include "lib/string.h"
#include "machine/io.h"

#define INDEX_PORT 0x70
#define DATA_PORT 0x71
#define REG_STATUS_B 0x0b
#define B_BINARY 0x04
#define B_24_HOURS 0x02
#define HOUR_PM 0x80
#define READINGS_MAX 1000
#define NSEC_PER_SEC 1000000000ull

enum { SECOND, MINUTE, HOUR, DAY, MONTH, YEAR, NFIELDS };
static const u8 reg[NFIELDS] = { 0, 2, 4, 7, 8, 9 };

static u8 cmos_read(u8 index)
{
	port_write8(INDEX_PORT, index);
	return port_read8(DATA_PORT);
}

static void fields_read(u8 f[NFIELDS])
{
	for (u32 i = 0; i < NFIELDS; i++)
		f[i] = cmos_read(reg[i]);
}

static bool fields_settled(u8 f[NFIELDS])
{
	u8 again[NFIELDS];
	for (u32 i = 0; i < READINGS_MAX; i++) {
		fields_read(f);
		fields_read(again);
		if (memcmp(f, again, sizeof(again)) == 0)
			return true;
	}
	return false;
}

static u8 from_bcd(u8 v)
{
	return (u8)(v / 16 * 10 + v % 16);
}

static void fields_decode(u8 f[NFIELDS], u8 status)
{
	bool pm = !(status & B_24_HOURS) && (f[HOUR] & HOUR_PM);
	if (!(status & B_24_HOURS))
		f[HOUR] &= (u8)~HOUR_PM;
	for (u32 i = 0; i < NFIELDS && !(status & B_BINARY); i++)
		f[i] = from_bcd(f[i]);
	if (!(status & B_24_HOURS))
		f[HOUR] = (u8)(f[HOUR] % 12 + (pm ? 12 : 0));
}

/* Days from 1970 to a date of this century: years that begin in March, so that the leap day is
 * last. */
static u64 days(u32 year, u32 month, u32 day)
{
	u32 y = 2000 + year - (month <= 2), m = (month + 9) % 12;
	return 365ull * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

u64 rtc_read_ns(void)
{
	u8 f[NFIELDS];
	if (!fields_settled(f))
		return 0;
	fields_decode(f, cmos_read(REG_STATUS_B));
	/* All ones is what a port without a clock reads as. */
	if (f[SECOND] > 59 || f[MINUTE] > 59 || f[HOUR] > 23 || f[DAY] < 1 || f[DAY] > 31 ||
	    f[MONTH] < 1 || f[MONTH] > 12 || f[YEAR] > 99)
		return 0;
	u64 s = days(f[YEAR], f[MONTH], f[DAY]) * 86400 + f[HOUR] * 3600u + f[MINUTE] * 60u +
		f[SECOND];
	return s * NSEC_PER_SEC;
}
