/* SPDX-License-Identifier: MIT */
/* The words of the kernel command line; abi/hostlink.h says what they mean. */
#include "boot/bootinfo.h"
#include "boot/break.h"
#include "lib/parse.h"
#include "lib/string.h"
#include "machine/log.h"
#include "machine/uart.h"
#include "kernel/sched/thread.h"
#include "sys/debug.h"

static const struct {
	const char *name;
	enum panic_test test;
} panic_tests[] = {
	{ "boot", PANIC_BOOT },
	{ "user", PANIC_USER },
	{ "fault", PANIC_FAULT },
	{ "stack", PANIC_STACK },
};

static bool panic_word(struct span v, struct boot_options *opt)
{
	for (u32 i = 0; i < ARRAY_SIZE(panic_tests); i++) {
		if (span_is(v, panic_tests[i].name)) {
			opt->panic = panic_tests[i].test;
			return true;
		}
	}
	return false;
}

static bool break_word(struct span v, struct boot_options *opt)
{
	const char *at = memchr(v.p, '@', v.len);
	u64 name_len = at ? (u64)(at - v.p) : v.len, cpu = 0;
	if (name_len >= sizeof(opt->break_what))
		return false;
	if (at && (!parse_u64(span_of(at + 1, v.len - name_len - 1), 10, &cpu) || cpu > UINT32_MAX))
		return false;
	memcpy(opt->break_what, v.p, name_len);
	opt->break_cpu = (u32)cpu;
	return break_known(opt->break_what);
}

static bool seed_word(struct span v, struct boot_options *opt)
{
	opt->seed_len = min_u64(v.len / 2, sizeof(opt->seed));
	return parse_hex_bytes(span_of(v.p, opt->seed_len * 2), opt->seed, opt->seed_len);
}

static bool word_parse(struct span w, struct boot_options *opt)
{
	struct span v = w;
	if (span_is(w, "hostlink")) {
		opt->hostlink = true;
		return true;
	}
	if (span_is(w, "echo")) {
		debug_echo = true;
		return true;
	}
	if (span_cut_prefix(&v, "storm_us="))
		return parse_u64(v, 10, &sched_storm_us);
	if (span_is(w, "log=serial")) {
		uart_init();
		log_to_serial(true);
		return true;
	}
	if (span_cut_prefix(&v, "tsc_khz="))
		return parse_u64(v, 10, &opt->tsc_khz);
	if (span_cut_prefix(&v, "epoch_ns="))
		return parse_u64(v, 10, &opt->epoch_ns);
	if (span_cut_prefix(&v, "seed="))
		return seed_word(v, opt);
	if (span_cut_prefix(&v, "break="))
		return break_word(v, opt);
	if (span_cut_prefix(&v, "panic="))
		return panic_word(v, opt);
	return false;
}

void cmdline_parse(struct boot_info *bi)
{
	struct span rest = span_of(bi->cmdline, strlen(bi->cmdline)), word;
	while (parse_word(&rest, &word))
		if (!word_parse(word, &bi->opt))
			klog("command line: '%.*s' not understood", (int)word.len, word.p);
}
