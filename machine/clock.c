/* SPDX-License-Identifier: MIT */
/*
 * TSC as the clock: scaled by a 32.32 multiplier so that a reading costs one multiplication.
 * The alarm is the local APIC timer, one shot; a deadline beyond its range is reached in
 * steps (the interrupt handler arms it again).
 */
#include "machine/clock.h"
#include "cpu/features.h"
#include "machine/apic.h"
#include "machine/log.h"
#include "machine/reftimer.h"
#include "machine/rtc.h"
#include "machine/smp.h"

#define NS_SHIFT 32
#define MEASURE_NS 2000000ull
#define VIRTUAL_APIC_KHZ 1000000u /* QEMU's and KVM's count nanoseconds on every machine */
#define CPUID1_ECX_HYPERVISOR (1u << 31)
#define APIC_SPINS_MAX 10000000u

static u64 tsc_khz, ns_per_tick; /* ns_per_tick << NS_SHIFT */
static u64 tsc_start, epoch_ns, apic_khz;

static u64 ticks_to_ns(u64 ticks)
{
	return (u64)((unsigned __int128)ticks * ns_per_tick >> NS_SHIFT);
}

static struct cpuid hypervisor(void)
{
	if (!(cpuid(1, 0).c & CPUID1_ECX_HYPERVISOR))
		return (struct cpuid){ 0 };
	return cpuid(0x40000000, 0);
}

/* CPUID 0x15 gives the crystal and a ratio; 0x40000010 is what hypervisors offer. */
static u64 tsc_khz_from_cpuid(void)
{
	if (cpuid(0, 0).a >= 0x15) {
		struct cpuid r = cpuid(0x15, 0);
		if (r.a && r.b && r.c)
			return (u64)r.c * r.b / r.a / 1000;
	}
	return hypervisor().a >= 0x40000010 ? cpuid(0x40000010, 0).a : 0;
}

/* "TCGTCGTCGTCG" or "KVMKVMKVM" in ebx, ecx, edx. */
static u64 apic_khz_from_cpuid(void)
{
	struct cpuid hv = hypervisor();
	bool known = hv.b == 0x54474354 || hv.b == 0x4b4d564b;
	return known ? VIRTUAL_APIC_KHZ : 0;
}

struct sample {
	u64 tsc;
	u32 apic; /* counts down */
};

static void sample_take(void *to)
{
	struct sample *s = to;
	s->tsc = tsc_read();
	s->apic = apic_timer_left();
}

/* A stretch of the APIC timer, whose rate is known. */
static u64 interval_by_apic(struct sample *from, struct sample *to)
{
	u32 span = (u32)(MEASURE_NS * apic_khz / 1000000), spins = 0;
	sample_take(from);
	do {
		__builtin_ia32_pause();
		sample_take(to);
	} while (from->apic - to->apic < span && ++spins < APIC_SPINS_MAX);
	return (u64)(from->apic - to->apic) * 1000000 / apic_khz;
}

/* A stretch of the TSC, whose rate is known. */
static u64 interval_by_tsc(struct sample *from, struct sample *to)
{
	u64 span = MEASURE_NS * tsc_khz / 1000000;
	sample_take(from);
	do
		sample_take(to);
	while (to->tsc - from->tsc < span);
	return (to->tsc - from->tsc) * 1000000 / tsc_khz;
}

/* Whichever of the two rates is known gives the other; else a third timer gives both. */
static void rates_measure(u16 pm_timer)
{
	struct sample from, to;
	u64 ns = 0;

	apic_timer_start(UINT32_MAX);
	if (apic_khz)
		ns = interval_by_apic(&from, &to);
	else if (tsc_khz)
		ns = interval_by_tsc(&from, &to);
	else
		ns = reftimer_interval(pm_timer, sample_take, &from, &to);
	if (!ns) { /* an emulator without a name, most likely */
		klog("no timer of a known rate: taking the APIC's for 1 GHz");
		apic_khz = VIRTUAL_APIC_KHZ;
		ns = interval_by_apic(&from, &to);
	}
	apic_timer_start(0);
	if (!tsc_khz && ns)
		tsc_khz = (to.tsc - from.tsc) * 1000000 / ns;
	if (!apic_khz && ns)
		apic_khz = (u64)(from.apic - to.apic) * 1000000 / ns;
}

void clock_init(const struct clock_hints *h)
{
	tsc_khz = h->tsc_khz ? h->tsc_khz : tsc_khz_from_cpuid();
	apic_khz = apic_khz_from_cpuid();
	if (!tsc_khz || !apic_khz)
		rates_measure(h->pm_timer);
	/* Neither may be zero, or a stopped timer would be a division. */
	tsc_khz = max_u64(tsc_khz, 1);
	apic_khz = max_u64(apic_khz, 1);
	ns_per_tick = (1000000ull << NS_SHIFT) / tsc_khz;
	/* A VM's TSC starts at 0; a real machine's does not, and boot is when we begin. */
	tsc_start = tsc_read();
	u64 since_start = ticks_to_ns(tsc_start);
	bool vm_fresh = since_start < 10 * NSEC_PER_SEC;
	epoch_ns = h->epoch_ns ? h->epoch_ns + (vm_fresh ? since_start : 0) : rtc_read_ns();
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
