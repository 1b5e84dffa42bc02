/* SPDX-License-Identifier: MIT */
/*
 * QEMU's command line; see qemu.h and abi/hostlink.h for the kernel's. The machine is
 * the smallest QEMU has (microvm: no PCI, no legacy devices) under qboot, which enters
 * the kernel some milliseconds after QEMU's own start. Lstar needs no BIOS service, so
 * qboot serves pc and q35 too, where it saves SeaBIOS's fifty milliseconds and more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/hostlink.h"
#include "tools/lstar/qemu.h"

bool qemu_wants_log(const struct options *o)
{
	if (o->verbose)
		return true;
	for (size_t i = 0; i < o->kernel_args.n; i++)
		if (strcmp(o->kernel_args.v[i], "log=serial") == 0)
			return true;
	return false;
}

/* A word the user gave with --kernel-arg replaces ours of the same key. */
static bool overridden(const struct options *o, const char *key)
{
	for (size_t i = 0; i < o->kernel_args.n; i++)
		if (strncmp(o->kernel_args.v[i], key, strlen(key)) == 0)
			return true;
	return false;
}

static void kernel_words(struct buf *b, const struct machine *m)
{
	const struct options *o = m->options;

	buf_printf(b, "hostlink");
	if (!overridden(o, "tsc_khz="))
		buf_printf(b, " tsc_khz=%llu", (unsigned long long)m->tsc_khz);
	if (!overridden(o, "epoch_ns="))
		buf_printf(b, " epoch_ns=%llu", (unsigned long long)m->epoch_ns);
	if (!overridden(o, "seed=")) {
		buf_printf(b, " seed=");
		for (size_t i = 0; i < sizeof(m->seed); i++)
			buf_printf(b, "%02x", m->seed[i]);
	}
	if (o->verbose && !overridden(o, "log="))
		buf_printf(b, " log=serial");
	for (size_t i = 0; i < o->kernel_args.n; i++)
		buf_printf(b, " %s", o->kernel_args.v[i]);
}

static void machine_words(struct strv *argv, const struct machine *m)
{
	const struct options *o = m->options;
	const char *microvm = strcmp(o->machine, "microvm") == 0 ? ",pit=off,pic=off,rtc=off" : "";
	const char *cpu = o->cpu != NULL ? o->cpu : m->kvm ? "host" : "max";

	strv_add(argv, "-M");
	strv_addf(argv, "%s%s,memory-backend=ram", o->machine, microvm);
	strv_add(argv, "-accel");
	strv_add(argv, m->kvm ? "kvm" : "tcg");
	strv_add(argv, "-cpu");
	strv_add(argv, cpu);
	strv_add(argv, "-smp");
	strv_addf(argv, "%u", o->cpus);
	strv_add(argv, "-m");
	strv_addf(argv, "%lluM", (unsigned long long)(o->memory >> 20));
	strv_add(argv, "-object");
	strv_addf(argv, "memory-backend-file,id=ram,size=%lluM,mem-path=/proc/self/fd/%d,share=on",
		  (unsigned long long)(o->memory >> 20), m->ram);
	if (o->icount >= 0) {
		strv_add(argv, "-icount");
		strv_addf(argv, "shift=%d,sleep=off", o->icount);
		strv_add(argv, "-seed");
		strv_add(argv, "1");
		strv_add(argv, "-rtc");
		strv_add(argv, "base=2025-01-01T00:00:00,clock=vm");
	}
}

static void device_words(struct strv *argv, const struct machine *m)
{
	strv_add(argv, "-device");
	strv_addf(argv, "isa-debug-exit,iobase=0x%x,iosize=4", HL_STOP_PORT);
	if (m->log >= 0) {
		strv_add(argv, "-chardev");
		strv_addf(argv, "socket,id=log,fd=%d", m->log);
	}
	strv_add(argv, "-serial");
	strv_add(argv, m->log >= 0 ? "chardev:log" : "null");
	strv_add(argv, "-chardev");
	strv_addf(argv, "socket,id=bell,fd=%d", m->bell);
	strv_add(argv, "-device");
	strv_add(argv, "isa-serial,chardev=bell,index=1"); /* COM2: HL_BELL_PORT, HL_BELL_IRQ */
}

static const char *qemu_binary(void)
{
	const char *env = getenv("LSTAR_QEMU");

	return env != NULL && env[0] != '\0' ? env : "qemu-system-x86_64";
}

void qemu_command(struct strv *argv, const struct machine *m)
{
	static const char *const fixed[] = { "-nodefaults", "-no-user-config", "-display", "none",
					     "-no-reboot",  "-bios",	       "qboot.rom" };
	struct buf append = { 0 };

	strv_add(argv, qemu_binary());
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		strv_add(argv, fixed[i]);
	machine_words(argv, m);
	device_words(argv, m);
	kernel_words(&append, m);
	strv_add(argv, "-kernel");
	strv_add(argv, m->kernel);
	strv_add(argv, "-initrd");
	strv_addf(argv, "/proc/self/fd/%d", m->initrd);
	strv_add(argv, "-append");
	strv_add(argv, append.data);
	for (size_t i = 0; i < m->options->qemu_args.n; i++)
		strv_add(argv, m->options->qemu_args.v[i]);
	buf_free(&append);
}

void qemu_print(FILE *to, const struct strv *argv)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_-+=,./:@%";

	for (size_t i = 0; i < argv->n; i++) {
		const char *word = argv->v[i];

		if (i > 0)
			fputc(' ', to);
		if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
			fputs(word, to);
			continue;
		}
		fputc('\'', to);
		for (; *word != '\0'; word++)
			fputs(*word == '\'' ? "'\\''" : (char[]){ *word, '\0' }, to);
		fputc('\'', to);
	}
	fputc('\n', to);
}
