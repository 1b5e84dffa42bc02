/* SPDX-License-Identifier: MIT */
/*
 * lstar image: a bootable ISO with the kernel, and one program and its files as `lstar run`
 * would have packed them. GRUB loads both by multiboot2. What is not in the image cannot be
 * told later, so the environment and the working directory are those of this moment; the
 * program's streams are COM1.
 *
 * grub-mkrescue makes the ISO from a directory; it puts in every GRUB it finds installed,
 * for BIOS, UEFI or both.
 */
#define _GNU_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/lstar/prepare.h"
#include "tools/lstar/run.h"
#include "tools/lstar/say.h"

#define STREAMS_ALL 7

struct image {
	struct options options;
	char dir[4096]; /* "": not made */
	char *kernel;
	int initrd;
	struct outcome outcome;
};

/* Made in this order, removed in the opposite one. */
static const struct {
	const char *name;
	bool directory;
} parts[] = {
	{ "/boot", true },
	{ "/boot/grub", true },
	{ "/boot/grub/grub.cfg", false },
	{ "/boot/lstar.elf", false },
	{ "/boot/initrd", false },
};

static bool fail(struct image *m, const char *what)
{
	outcome_set(&m->outcome, OUTCOME_LAUNCHER, errno, "%s: %s", what, strerror(errno));
	return false;
}

static bool dirs_make(struct image *m)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(m->dir, sizeof(m->dir), "%s/lstar-image-XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(m->dir) == NULL) {
		fail(m, m->dir);
		m->dir[0] = '\0';
		return false;
	}
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		char *path = xasprintf("%s%s", m->dir, parts[i].name);
		bool ok = !parts[i].directory || mkdir(path, 0777) == 0 || fail(m, path);

		free(path);
		if (!ok)
			return false;
	}
	return true;
}

static void dirs_remove(const struct image *m)
{
	for (size_t i = ARRAY_SIZE(parts); i-- > 0 && m->dir[0] != '\0';) {
		char *path = xasprintf("%s%s", m->dir, parts[i].name);

		remove(path);
		free(path);
	}
	if (m->dir[0] != '\0')
		rmdir(m->dir);
}

static bool copy(struct image *m, int from, const char *name)
{
	char *path = xasprintf("%s/boot/%s", m->dir, name);
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	off_t at = 0;
	ssize_t n = 1;

	while (to >= 0 && (n = sendfile(to, from, &at, 1 << 30)) > 0)
		;
	bool ok = (to >= 0 && n == 0) || fail(m, path);

	if (to >= 0)
		close(to);
	free(path);
	return ok;
}

static bool kernel_copy(struct image *m)
{
	int from = open(m->kernel, O_RDONLY | O_CLOEXEC);

	if (from < 0)
		return fail(m, m->kernel);
	bool ok = copy(m, from, "lstar.elf");

	close(from);
	return ok;
}

/* GRUB's shell takes everything between single quotes as it is. */
static bool menu_write(struct image *m)
{
	char *path = xasprintf("%s/boot/grub/grub.cfg", m->dir);
	FILE *f = fopen(path, "we");
	bool ok = f != NULL || fail(m, path);

	free(path);
	if (!ok)
		return false;
	fputs("multiboot2 /boot/lstar.elf", f);
	for (size_t i = 0; i < m->options.kernel_args.n; i++)
		fprintf(f, " '%s'", m->options.kernel_args.v[i]);
	fputs("\nmodule2 /boot/initrd\nboot\n", f);
	return fclose(f) == 0 || fail(m, "grub.cfg");
}

/* Runs grub-mkrescue; what it says is kept in a memfd until it is known to matter. */
static int mkrescue(const struct image *m, int said)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		dup2(said, STDOUT_FILENO);
		dup2(said, STDERR_FILENO);
		execlp("grub-mkrescue", "grub-mkrescue", "-o", m->options.output, m->dir, NULL);
		_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid < 0 ? EXIT_CANNOT_EXEC : WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static bool iso_make(struct image *m)
{
	int said = memfd_create("grub-mkrescue", MFD_CLOEXEC);
	char text[4096];
	int status = said < 0 ? EXIT_CANNOT_EXEC : mkrescue(m, said);
	ssize_t n = said < 0 ? 0 : pread(said, text, sizeof(text), 0);

	if (said >= 0)
		close(said);
	if (status == EXIT_NOT_FOUND)
		outcome_set(&m->outcome, OUTCOME_LAUNCHER, ENOENT,
			    "grub-mkrescue was not found; install it (Debian: apt-get install "
			    "grub-common grub-pc-bin grub-efi-amd64-bin xorriso mtools)");
	else if (status != 0)
		outcome_set(&m->outcome, OUTCOME_LAUNCHER, 0, "grub-mkrescue failed:\n%.*s",
			    n > 0 ? (int)n : 0, text);
	return status == 0;
}

static bool image_make(struct image *m)
{
	u64 link_addr;

	m->initrd = prepare_initrd(&m->options, STREAMS_ALL, &m->outcome);
	if (m->initrd < 0)
		return false;
	m->kernel = prepare_kernel(&m->options, &link_addr, &m->outcome);
	if (m->kernel == NULL || m->options.dry_run)
		return m->kernel != NULL;
	return dirs_make(m) && kernel_copy(m) && copy(m, m->initrd, "initrd") && menu_write(m) &&
	       iso_make(m);
}

static bool kernel_args_ok(const struct options *o)
{
	for (size_t i = 0; i < o->kernel_args.n; i++) {
		if (strpbrk(o->kernel_args.v[i], "'\n") == NULL)
			continue;
		say("--kernel-arg '%s': GRUB cannot pass on quotes or newlines",
		    o->kernel_args.v[i]);
		return false;
	}
	return true;
}

int cmd_image(int argc, char **argv)
{
	static struct image m = { .initrd = -1 };

	if (!options_parse(&m.options, argc, argv, OPTIONS_IMAGE) || !kernel_args_ok(&m.options))
		return EXIT_LAUNCHER;
	bool ok = image_make(&m);

	dirs_remove(&m);
	if (m.initrd >= 0)
		close(m.initrd);
	free(m.kernel);
	if (ok)
		return 0;
	say("image: %s", m.outcome.text[0] != '\0' ? m.outcome.text : strerror(m.outcome.value));
	if (m.outcome.kind != OUTCOME_NOEXEC)
		return EXIT_LAUNCHER;
	return m.outcome.value == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_EXEC;
}
