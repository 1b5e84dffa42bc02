/* SPDX-License-Identifier: MIT */
/*
 * Option parsing for run, strace and image. Options end at the first word that is none, so
 * that the program's own options never need quoting; `--` ends them too. A value that
 * makes no sense is refused here, before anything was started.
 */
#include <ctype.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/lstar/options.h"
#include "tools/lstar/say.h"

#define MEMORY_DEFAULT (256ull << 20)
#define MEMORY_MIN (8ull << 20) /* qboot and the PVH tables need some; less makes QEMU hang */
#define MEMORY_MAX (1ull << 40)
#define CPUS_MAX 16
#define STRSIZE_DEFAULT 32
#define STRSIZE_MAX 65536

enum long_only {
	OPT_FILE = 256,
	OPT_STATUS_FILE,
	OPT_MACHINE,
	OPT_ACCEL,
	OPT_CPU,
	OPT_ICOUNT,
	OPT_QEMU_ARG,
	OPT_KERNEL_ARG,
	OPT_KERNEL,
	OPT_DRY_RUN,
};

static const struct option long_options[] = {
	{ "env", required_argument, NULL, 'e' },
	{ "clean-env", no_argument, NULL, 'E' },
	{ "chdir", required_argument, NULL, 'C' },
	{ "memory", required_argument, NULL, 'm' },
	{ "cpus", required_argument, NULL, 'c' },
	{ "timeout", required_argument, NULL, 't' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "output", required_argument, NULL, 'o' },
	{ "string-size", required_argument, NULL, 's' },
	{ "file", required_argument, NULL, OPT_FILE },
	{ "status-file", required_argument, NULL, OPT_STATUS_FILE },
	{ "machine", required_argument, NULL, OPT_MACHINE },
	{ "accel", required_argument, NULL, OPT_ACCEL },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "icount", required_argument, NULL, OPT_ICOUNT },
	{ "qemu-arg", required_argument, NULL, OPT_QEMU_ARG },
	{ "kernel-arg", required_argument, NULL, OPT_KERNEL_ARG },
	{ "kernel", required_argument, NULL, OPT_KERNEL },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ NULL, 0, NULL, 0 },
};

static bool parse_uint(const char *name, const char *text, u64 min, u64 max, u64 *out)
{
	char *end;
	u64 value = strtoull(text, &end, 10);

	if (isdigit((unsigned char)text[0]) && *end == '\0' && value >= min && value <= max) {
		*out = value;
		return true;
	}
	say("%s '%s': expected a number from %llu to %llu", name, text, (unsigned long long)min,
	    (unsigned long long)max);
	return false;
}

/* 64M, 2G, 512K; a bare number counts MiB, as it does for QEMU. */
static bool parse_memory(const char *text, u64 *out)
{
	char *end;
	u64 value = strtoull(text, &end, 10);
	u64 unit = 1ull << 20;

	if (*end != '\0') {
		const char *suffix = "KMGT", *at = strchr(suffix, toupper((unsigned char)*end));

		unit = at == NULL ? 0 : 1ull << (10 * (at - suffix + 1));
		end++;
	}
	if (!isdigit((unsigned char)text[0]) || *end != '\0' || unit == 0 ||
	    value > MEMORY_MAX / unit) {
		say("-m '%s': expected a size such as 64M or 2G", text);
		return false;
	}
	*out = align_up(value * unit, 1ull << 20);
	if (*out >= MEMORY_MIN)
		return true;
	say("-m '%s': too little to boot; give the guest at least %lluM", text, MEMORY_MIN >> 20);
	return false;
}

static bool parse_timeout(const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	if (end != text && *end == '\0' && isfinite(*out) && *out > 0 && *out < 1e9)
		return true;
	say("-t '%s': expected a number of seconds above 0, such as 10 or 0.5", text);
	return false;
}

static bool parse_choice(const char *name, const char *text, const char *const *choices,
			 const char **out)
{
	for (const char *const *c = choices; *c != NULL; c++) {
		if (strcmp(*c, text) == 0) {
			*out = *c;
			return true;
		}
	}
	say("%s '%s': expected %s, %s or %s", name, text, choices[0], choices[1], choices[2]);
	return false;
}

static bool parse_number_option(struct options *o, int opt, const char *value)
{
	u64 n;

	switch (opt) {
	case 'c':
		if (!parse_uint("-c", value, 1, CPUS_MAX, &n))
			return false;
		o->cpus = (unsigned)n;
		return true;
	case 's':
		if (!parse_uint("-s", value, 0, STRSIZE_MAX, &n))
			return false;
		o->strsize = (unsigned)n;
		return true;
	default: /* OPT_ICOUNT; 10 is QEMU's own limit */
		if (!parse_uint("--icount", value, 0, 10, &n))
			return false;
		o->icount = (int)n;
		return true;
	}
}

static bool parse_machine_option(struct options *o, int opt, char *value)
{
	static const char *const machines[] = { "microvm", "q35", "pc", NULL };
	static const char *const accels[] = { "tcg", "kvm", "auto", NULL };

	switch (opt) {
	case OPT_MACHINE:
		return parse_choice("--machine", value, machines, &o->machine);
	case OPT_ACCEL:
		return parse_choice("--accel", value, accels, &o->accel);
	case OPT_CPU:
		o->cpu = value;
		return true;
	case OPT_QEMU_ARG:
		strv_add(&o->qemu_args, value);
		return true;
	case OPT_KERNEL_ARG:
		strv_add(&o->kernel_args, value);
		return true;
	case OPT_KERNEL:
		o->kernel = value;
		return true;
	default:
		return parse_number_option(o, opt, value);
	}
}

static bool parse_one(struct options *o, int opt, char *value)
{
	switch (opt) {
	case 'e':
		strv_add(&o->env, value);
		return true;
	case 'E':
		o->clean_env = true;
		return true;
	case 'C':
		o->chdir = value;
		return true;
	case 'm':
		return parse_memory(value, &o->memory);
	case 't':
		return parse_timeout(value, &o->timeout_s);
	case 'v':
		o->verbose = true;
		return true;
	case 'o':
		o->output = value;
		return true;
	case OPT_FILE:
		strv_add(&o->files, value);
		return true;
	case OPT_STATUS_FILE:
		o->status_file = value;
		return true;
	case OPT_DRY_RUN:
		o->dry_run = true;
		return true;
	default:
		return parse_machine_option(o, opt, value);
	}
}

/* getopt reports both problems by one character; name the word the user typed. */
static bool complain(int opt, char **argv)
{
	const char *word = argv[optind - 1];

	if (optopt > 0 && optopt < 256 && strncmp(word, "--", 2) != 0)
		say("%s: option '-%c' %s; see 'lstar help'", argv[0], optopt,
		    opt == ':' ? "needs a value" : "is unknown");
	else
		say("%s: option '%s' %s; see 'lstar help'", argv[0], word,
		    opt == ':' ? "needs a value" : "is unknown or takes no value");
	return false;
}

/* An image has no launcher: what only one could do is refused, not forgotten. */
static bool allowed(int opt, enum options_for command)
{
	switch (opt) {
	case 'o':
		return command != OPTIONS_RUN;
	case 's':
		return command == OPTIONS_STRACE;
	case 'e':
	case 'E':
	case 'C':
	case 'm':
	case OPT_FILE:
	case OPT_KERNEL:
	case OPT_KERNEL_ARG:
	case OPT_DRY_RUN:
		return true;
	default:
		return command != OPTIONS_IMAGE;
	}
}

static bool no_program(const char *command)
{
	say("%s: no program given; for example: lstar %s%s busybox echo hello", command, command,
	    strcmp(command, "image") == 0 ? " -o hello.iso" : "");
	return false;
}

bool options_parse(struct options *o, int argc, char **argv, enum options_for command)
{
	int opt;

	*o = (struct options){
		.strace = command == OPTIONS_STRACE,
		.strsize = STRSIZE_DEFAULT,
		.memory = MEMORY_DEFAULT,
		.cpus = 1,
		.machine = "microvm",
		.accel = "auto",
		.icount = -1,
	};
	opterr = 0;
	while ((opt = getopt_long(argc, argv, "+:e:EC:m:c:t:vo:s:", long_options, NULL)) != -1) {
		optopt = opt == '?' || opt == ':' ? optopt : opt;
		if (opt == '?' || opt == ':' || !allowed(opt, command))
			return complain(opt, argv);
		if (!parse_one(o, opt, optarg))
			return false;
	}
	if (optind >= argc)
		return no_program(argv[0]);
	if (command == OPTIONS_IMAGE && o->output == NULL) {
		say("image: -o FILE is missing; for example: lstar image -o hello.iso busybox "
		    "echo hello");
		return false;
	}
	if (o->icount >= 0 && strcmp(o->accel, "kvm") == 0) {
		say("--icount counts what TCG translates; it cannot be used with --accel kvm");
		return false;
	}
	o->argv = argv + optind;
	return true;
}

void options_free(struct options *o)
{
	strv_free(&o->env);
	strv_free(&o->files);
	strv_free(&o->qemu_args);
	strv_free(&o->kernel_args);
}
