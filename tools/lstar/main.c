/* SPDX-License-Identifier: MIT */
/*
 * lstar: runs programs inside the Lstar kernel. This file is only the table of
 * subcommands; the manual is docs/man/lstar.1.scd, design and protocol are in
 * abi/hostlink.h.
 */
#include <stdio.h>
#include <string.h>

#include "base/types.h"
#include "tools/lstar/run.h"
#include "tools/lstar/say.h"
#include "tools/lstar/syscalls_cmd.h"

#define LSTAR_VERSION "0.1"

static int cmd_help(int argc, char **argv);
static int cmd_version(int argc, char **argv);

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage;
	const char *summary;
} commands[] = {
	{ "run", cmd_run, "run [OPTIONS] [--] PROGRAM [ARGS...]", "run a static Linux program" },
	{ "strace", cmd_strace, "strace [-o FILE] [-s N] [OPTIONS] PROGRAM [ARGS...]",
	  "run it and print every system call it makes" },
	{ "image", cmd_image, "image -o FILE [OPTIONS] PROGRAM [ARGS...]",
	  "make a bootable ISO that runs it" },
	{ "syscalls", cmd_syscalls, "syscalls [--abi NAME | --missing]",
	  "list the calls the kernel answers" },
	{ "doctor", cmd_doctor, "doctor", "check that this machine has what a run needs" },
	{ "help", cmd_help, "help", "print this text" },
	{ "version", cmd_version, "version", "print the version" },
};

static const char options_text[] =
	"\n"
	"options of run and strace:\n"
	"  -e, --env NAME[=VALUE]   set a variable; NAME alone takes the host's value\n"
	"  -E, --clean-env          start from an empty environment, not from the host's\n"
	"  -C, --chdir DIR          working directory in the guest (default: the host's)\n"
	"      --file HOST[:GUEST]  take a file or directory tree along (repeatable)\n"
	"  -m, --memory SIZE        guest memory, such as 64M or 2G (default 256M)\n"
	"  -c, --cpus N             processors, 1 to 16 (default 1)\n"
	"  -t, --timeout SECONDS    end the run after that long, with exit code 124\n"
	"  -v, --verbose            show QEMU's command line and the kernel log\n"
	"      --status-file FILE   write how the run ended, as JSON\n"
	"      --machine TYPE       microvm (default), q35 or pc\n"
	"      --accel NAME         auto (default), tcg or kvm\n"
	"      --cpu MODEL          processor model of QEMU (default max; host with kvm)\n"
	"      --icount N           count instructions instead of time: repeatable runs\n"
	"      --qemu-arg ARG       append a word to QEMU's command line (repeatable)\n"
	"      --kernel-arg WORD    append a word to the kernel's command line (repeatable)\n"
	"      --kernel FILE        kernel image (default: $LSTAR_KERNEL, or beside lstar)\n"
	"      --dry-run            print QEMU's command line and do nothing\n"
	"options of strace:\n"
	"  -o, --output FILE        write the trace there instead of to stderr\n"
	"  -s, --string-size N      bytes of each string to show (default 32)\n"
	"options of image: -o FILE, and of the above -e -E -C -m --file --kernel --kernel-arg\n"
	"\n"
	"exit code: the program's own; 128+N when signal N ended it; 124 timeout;\n"
	"125 the launcher, QEMU or the kernel failed; 126 cannot execute; 127 not found\n";

static int cmd_help(int argc UNUSED, char **argv UNUSED)
{
	printf("usage: lstar COMMAND ...\n\n");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  lstar %s\n      %s\n", commands[i].usage, commands[i].summary);
	fputs(options_text, stdout);
	return fflush(stdout) == 0 ? 0 : EXIT_LAUNCHER;
}

static int cmd_version(int argc UNUSED, char **argv UNUSED)
{
	printf("lstar %s\n", LSTAR_VERSION);
	return fflush(stdout) == 0 ? 0 : EXIT_LAUNCHER;
}

static const char *long_name(const char *word)
{
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return "help";
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return "version";
	return word;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		die("no command given; try 'lstar help', or: lstar run PROGRAM [ARGS...]");
	const char *name = long_name(argv[1]);

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	die("unknown command '%s'; 'lstar help' lists them", name);
}
