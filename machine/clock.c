/* SPDX-License-Identifier: MIT */
/*
 * TSC as the clock: scaled by a 32.32 multiplier so that a reading costs one multiplication.
 * The alarm is the local APIC timer, one shot; a deadline beyond its range is reached in
 * steps (the interrupt handler arms it again).
 */
#include "machine/clock.h"
#include "cpu/features.h"
#include "machine/apic.h"
#include "machine/smp.h"

#define NS_SHIFT 32
#define MEASURE_NS 2000000ull
#define QEMU_APIC_KHZ 1000000u /* QEMU's local APIC counts nanoseconds on every machine */

static u64 tsc_khz, ns_per_tick; /* ns_per_tick << NS_SHIFT */
static u64 tsc_start, epoch_ns, apic_khz = QEMU_APIC_KHZ;

static u64 ticks_to_ns(u64 ticks)
{
	return (u64)((unsigned __int128)ticks * ns_per_tick >> NS_SHIFT);
}

/* CPUID 0x15 gives the crystal and a ratio; 0x40000010 is what hypervisors offer. */
static u64 tsc_khz_from_cpuid(void)
{
	if (cpuid(0, 0).a >= 0x15) {
		struct cpuid r = cpuid(0x15, 0);
		if (r.a && r.b && r.c)
			return (u64)r.c * r.b / r.a / 1000;
	}
	struct cpuid hv = cpuid(0x40000000, 0);
	if (hv.a >= 0x40000010 && hv.a < 0x40010000)
		return cpuid(0x40000010, 0).a;
	return 0;
}

/*
 * Counts TSC ticks over a stretch of the APIC timer. Trusts the APIC's nominal rate, which
 * is right under QEMU; other machines say more by CPUID.
 */
static u64 tsc_khz_measured(void)
{
	u32 span = (u32)(MEASURE_NS * QEMU_APIC_KHZ / 1000000);
	apic_timer_start(UINT32_MAX);
	u32 from = apic_timer_left();
	u64 t0 = tsc_read();
	while (from - apic_timer_left() < span)
		__builtin_ia32_pause();
	u64 ticks = tsc_read() - t0;
	apic_timer_start(0);
	return ticks * 1000000 / MEASURE_NS;
}

void clock_init(u64 khz, u64 epoch)
{
	tsc_khz = khz ? khz : tsc_khz_from_cpuid();
	if (!tsc_khz)
		tsc_khz = tsc_khz_measured();
	ns_per_tick = (1000000ull << NS_SHIFT) / tsc_khz;
	/* A VM's TSC starts at 0; a real machine's does not, and boot is when we begin. */
	tsc_start = tsc_read();
	u64 since_start = ticks_to_ns(tsc_start);
	bool vm_fresh = since_start < 10 * NSEC_PER_SEC;
	epoch_ns = epoch + (vm_fresh ? since_start : 0);
}

u64 clock_monotonic_ns(void)
{
	return ticks_to_ns(tsc_read() - tsc_start);
}

u64 clock_realtime_ns(void)
{
	return epoch_ns + clock_monotonic_ns();
}

u64 clock_tsc_khz(void)
{
	return tsc_khz;
}

void clock_scale_get(struct clock_scale *out)
{
	*out = (struct clock_scale){ tsc_start, ns_per_tick, epoch_ns };
}

/* What each CPU's alarm is set for; a device write costs more than the comparison. */
static u64 alarm_at[CPUS_MAX];

void clock_alarm_fired(void)
{
	alarm_at[this_cpu()->id] = UINT64_MAX;
}

void clock_alarm(u64 deadline_ns)
{
	u64 *at = &alarm_at[this_cpu()->id];
	if (*at == deadline_ns)
		return;
	*at = deadline_ns;
	if (deadline_ns == UINT64_MAX) {
		apic_timer_start(0);
		return;
	}
	u64 now = clock_monotonic_ns();
	u64 ns = deadline_ns > now ? deadline_ns - now : 1;
	u64 count = ns / 1000 >= UINT32_MAX ? UINT32_MAX : ns * apic_khz / 1000000;
	apic_timer_start(count ? (u32)min_u64(count, UINT32_MAX) : 1);
}
