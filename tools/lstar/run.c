/* SPDX-License-Identifier: MIT */
/*
 * lstar run and lstar strace: check the program, pack the guest's files, start QEMU,
 * pump, report. Nothing is on disk: memory and archive are memfds that QEMU inherits.
 * What can be done before QEMU starts is over in about a millisecond; the rest happens
 * while it starts.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tools/lstar/hostcpu.h"
#include "tools/lstar/prepare.h"
#include "tools/lstar/pump.h"
#include "tools/lstar/report.h"
#include "tools/lstar/run.h"
#include "tools/lstar/say.h"
#include "tools/lstar/signals.h"
#include "tools/lstar/strace.h"
#include "tools/lstar/tty.h"

#define ICOUNT_KHZ 1000000u		       /* one virtual nanosecond per TSC tick */
#define ICOUNT_EPOCH_NS 1735689600000000000ull /* the -rtc base of qemu_command.c */

struct run {
	struct options options;
	unsigned fds; /* mask of the standard descriptors that were open */
	struct tsc_sample tsc_start;
	struct outcome outcome;
	struct machine machine;
	u64 link_addr;
	struct link link;
	struct qemu qemu;
	struct pump pump;
	FILE *strace_file;
};

static u64 epoch_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (u64)ts.tv_sec * 1000000000u + (u64)ts.tv_nsec;
}

/* Everything that may differ between two runs comes from here; --icount pins it. */
static void machine_clock(struct run *r)
{
	struct machine *m = &r->machine;

	if (r->options.icount >= 0) {
		m->tsc_khz = ICOUNT_KHZ;
		m->epoch_ns = ICOUNT_EPOCH_NS;
		memset(m->seed, 0x5a, sizeof(m->seed));
		return;
	}
	if (getrandom(m->seed, sizeof(m->seed), 0) != sizeof(m->seed))
		die("getrandom: %s", strerror(errno));
	m->tsc_khz = tsc_khz_since(r->tsc_start);
	m->epoch_ns = epoch_ns();
}

static bool machine_fds(struct run *r)
{
	int bell[2], log[2] = { -1, -1 };

	if (!link_create(&r->link, r->options.memory, &r->outcome))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, bell) != 0 ||
	    (qemu_wants_log(&r->options) &&
	     socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, log) != 0)) {
		outcome_set(&r->outcome, OUTCOME_LAUNCHER, errno, "socketpair: %s",
			    strerror(errno));
		return false;
	}
	r->machine.ram = r->link.memfd;
	r->machine.bell = bell[1];
	r->machine.log = log[1];
	r->link.bell = bell[0];
	r->pump.log = log[0];
	return true;
}

/* Our copies of what QEMU inherited: while we hold its end, a dead QEMU is not noticed. */
static void close_qemu_ends(struct run *r)
{
	close(r->machine.bell);
	if (r->machine.log >= 0)
		close(r->machine.log);
}

static void machine_run(struct run *r)
{
	struct strv argv = { 0 };

	if (!machine_fds(r))
		return;
	machine_clock(r);
	qemu_command(&argv, &r->machine);
	if (r->options.dry_run || r->options.verbose) {
		fputs(r->options.dry_run ? "" : "lstar: starting ", stderr);
		qemu_print(r->options.dry_run ? stdout : stderr, &argv);
		fflush(NULL);
	}
	if (!r->options.dry_run) {
		bool ok = qemu_spawn(&r->qemu, &r->machine, &argv, &r->outcome);

		close_qemu_ends(r);
		if (ok && link_map(&r->link, r->link_addr, &r->outcome)) {
			pump_init(&r->pump, r->fds);
			pump_run(&r->pump);
		}
		qemu_reap(&r->qemu, true);
	}
	strv_free(&argv);
}

static void pump_reset(struct run *r)
{
	r->pump = (struct pump){ .options = &r->options,
				 .link = &r->link,
				 .qemu = &r->qemu,
				 .strace = r->pump.strace,
				 .outcome = &r->outcome,
				 .log = -1 };
}

/*
 * A KVM that opens may still fail when QEMU tries to use it. As long as the kernel never
 * came up nothing of the program has happened, so the same run can be had from TCG.
 */
static bool fall_back_to_tcg(struct run *r)
{
	if (!r->machine.kvm || strcmp(r->options.accel, "auto") != 0 || r->link.up ||
	    r->outcome.kind != OUTCOME_LAUNCHER)
		return false;
	if (r->options.verbose)
		say("KVM does not work here; trying again with TCG");
	link_destroy(&r->link);
	qemu_destroy(&r->qemu);
	r->machine.kvm = false;
	r->outcome = (struct outcome){ 0 };
	pump_reset(r);
	return true;
}

static bool strace_open(struct run *r)
{
	const struct options *o = &r->options;

	if (!o->strace)
		return true;
	r->strace_file = o->output != NULL ? fopen(o->output, "we") : stderr;
	if (r->strace_file == NULL) {
		outcome_set(&r->outcome, OUTCOME_LAUNCHER, errno, "-o '%s': %s", o->output,
			    strerror(errno));
		return false;
	}
	r->pump.strace = strace_new(r->strace_file);
	strace_set_strsize(r->pump.strace, o->strsize);
	return true;
}

static void strace_close(struct run *r)
{
	if (r->pump.strace == NULL)
		return;
	strace_end(r->pump.strace);
	fflush(r->strace_file);
}

static void run(struct run *r)
{
	pump_reset(r);
	r->machine = (struct machine){ .options = &r->options };
	r->qemu.output = -1;
	r->machine.kvm = strcmp(r->options.accel, "kvm") == 0 ||
			 (strcmp(r->options.accel, "auto") == 0 && r->options.icount < 0 &&
			  kvm_problem() == NULL);
	r->machine.initrd = prepare_initrd(&r->options, r->fds, &r->outcome);
	if (r->machine.initrd < 0)
		return;
	r->machine.kernel = prepare_kernel(&r->options, &r->link_addr, &r->outcome);
	if (r->machine.kernel == NULL || !strace_open(r))
		return;
	do
		machine_run(r);
	while (fall_back_to_tcg(r));
	strace_close(r);
}

/* Output the host refused to take is not the program's fault, but it must not look like success. */
static void check_output_errors(struct run *r)
{
	for (int i = 0; i < 2; i++) {
		int error = r->pump.out[i].error;

		if (error == 0)
			continue;
		if (r->outcome.kind == OUTCOME_EXIT)
			r->outcome = (struct outcome){ 0 };
		else
			say("cannot write the program's output: %s", strerror(error));
		outcome_set(&r->outcome, OUTCOME_LAUNCHER, error,
			    "cannot write the program's %s: %s", i == 0 ? "stdout" : "stderr",
			    strerror(error));
	}
}

static int finish(struct run *r, u64 start_ns, int status_fd)
{
	struct buf said = { 0 }, kernel_log = { 0 };
	bool mapped = r->link.page != NULL;

	tty_restore();
	check_output_errors(r);
	qemu_said(&r->qemu, &said);
	if (mapped)
		link_log(&r->link, &kernel_log);
	const struct report rep = {
		.options = &r->options,
		.outcome = &r->outcome,
		.qemu_said = &said,
		.kernel_log = &kernel_log,
		.kvm = r->machine.kvm,
		.wall_s = (double)(now_ns() - start_ns) / 1e9,
		.ram_used = mapped ? link_ram_used(&r->link) : 0,
		.tsc_khz = r->machine.tsc_khz,
		.kernel_entry_tsc = mapped ? r->link.page->kernel_entry_tsc : 0,
		.user_started_tsc = mapped ? r->link.page->user_started_tsc : 0,
	};

	int code = report(&rep, status_fd);

	buf_free(&said);
	buf_free(&kernel_log);
	return code;
}

static int run_command(int argc, char **argv, bool strace)
{
	static struct run r; /* large, and exit handlers may run while it is alive */
	u64 start_ns = now_ns();
	int status_fd;

	r.tsc_start = tsc_sample();
	r.fds = hostfd_init();
	if (!options_parse(&r.options, argc, argv, strace ? OPTIONS_STRACE : OPTIONS_RUN) || !report_open(&r.options, &status_fd))
		return EXIT_LAUNCHER;
	signals_init();
	tty_init(r.fds);
	run(&r);
	return r.options.dry_run && r.outcome.kind == OUTCOME_NONE
		       ? 0
		       : finish(&r, start_ns, status_fd);
}

int cmd_run(int argc, char **argv)
{
	return run_command(argc, argv, false);
}

int cmd_strace(int argc, char **argv)
{
	return run_command(argc, argv, true);
}
