/* SPDX-License-Identifier: MIT */
/*
 * TSC rate and KVM; see hostcpu.h. Under TCG the guest's TSC runs at the host's rate
 * and the guest has nothing quick to measure it with, so the launcher passes the rate.
 * It is measured over the launcher's own preparations, which take longer than the
 * measurement needs: one reading is good to some tens of nanoseconds, so half a
 * millisecond apart is good to about one part in ten thousand.
 */
#include <cpuid.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include "tools/lstar/hostcpu.h"

#define SPAN_NS 500000u
#define TRIES 8

#define CPUID_1_ECX_VMX (1u << 5)	 /* SDM vol. 2, CPUID */
#define CPUID_80000001_ECX_SVM (1u << 2) /* APM vol. 3, appendix E */

static u64 clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_RAW, &ts);
	return (u64)ts.tv_sec * 1000000000u + (u64)ts.tv_nsec;
}

/* The tightest of several readings: an interrupt between the two clocks shows as a wide one. */
struct tsc_sample tsc_sample(void)
{
	struct tsc_sample best = { 0 };
	u64 width = UINT64_MAX;

	for (int i = 0; i < TRIES; i++) {
		u64 before = __rdtsc();
		u64 ns = clock_ns();
		u64 after = __rdtsc();

		if (after - before < width) {
			width = after - before;
			best = (struct tsc_sample){ before + width / 2, ns };
		}
	}
	return best;
}

u64 tsc_khz_since(struct tsc_sample start)
{
	while (clock_ns() - start.ns < SPAN_NS)
		;
	struct tsc_sample now = tsc_sample();

	return (u64)((unsigned __int128)(now.tsc - start.tsc) * 1000000u / (now.ns - start.ns));
}

static bool has_virtualisation(void)
{
	u32 a, b, c, d;

	if (__get_cpuid(1, &a, &b, &c, &d) && (c & CPUID_1_ECX_VMX) != 0)
		return true;
	return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & CPUID_80000001_ECX_SVM) != 0;
}

/*
 * An open /dev/kvm proves little: the kvm_pvm module offers one on machines without
 * hardware virtualisation, and there SYSCALL itself goes wrong in the guest. CPUID tells.
 */
const char *kvm_problem(void)
{
	if (!has_virtualisation())
		return "the processor offers neither VMX nor SVM";
	if (access("/sys/module/kvm_pvm", F_OK) == 0)
		return "the host's KVM is kvm_pvm, which runs SYSCALL wrongly";
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return "/dev/kvm cannot be opened for writing";
	close(fd);
	return NULL;
}
