/* SPDX-License-Identifier: MIT */
/* Finding, checking and packing the program; finding the kernel. See prepare.h. */
#include <stdlib.h>
#include <unistd.h>

#include "tools/lstar/config.h"
#include "tools/lstar/cpio.h"
#include "tools/lstar/elfcheck.h"
#include "tools/lstar/guestfs.h"
#include "tools/lstar/link.h"
#include "tools/lstar/paths.h"
#include "tools/lstar/prepare.h"

#define GUEST_NEEDS (4ull << 20) /* beside the initrd; less cannot even boot */

static bool files_add(struct node *root, const struct options *o, struct outcome *out)
{
	for (size_t i = 0; i < o->files.n; i++)
		if (!guestfs_add_option(root, o->files.v[i], out))
			return false;
	return true;
}

/* Closes an archive that leaves the guest no room to work in. */
static int fits(int initrd, u64 size, const struct options *o, struct outcome *out)
{
	if (initrd < 0 || size + GUEST_NEEDS <= o->memory)
		return initrd;
	outcome_set(out, OUTCOME_CONFIG, 0,
		    "program and files take %llu MiB of the guest's %llu; give it more with -m",
		    (unsigned long long)(size >> 20), (unsigned long long)(o->memory >> 20));
	close(initrd);
	return -1;
}

int prepare_initrd(const struct options *o, unsigned fds, struct outcome *out)
{
	struct node *root = guestfs_new();
	struct buf config = { 0 };
	char *path = path_of_program(o->argv[0], out);
	char *exec = path != NULL ? path_absolute(path) : NULL;
	int initrd = -1;
	u64 size;

	if (path != NULL && elfcheck(path, out) && guestfs_add_same(root, exec, out) &&
	    files_add(root, o, out)) {
		config_build(&config, o, exec, fds);
		initrd = cpio_build(root, &config, &size, out);
		initrd = fits(initrd, size, o, out);
	}
	buf_free(&config);
	guestfs_free(root);
	free(exec);
	free(path);
	return initrd;
}

char *prepare_kernel(const struct options *o, u64 *link_addr, struct outcome *out)
{
	char *kernel = path_of_kernel(o->kernel);

	if (kernel == NULL && access("/proc/self/exe", F_OK) != 0) {
		outcome_set(
			out, OUTCOME_LAUNCHER, 0,
			"/proc is not there, and QEMU is handed its files through it; mount it");
		return NULL;
	}
	if (kernel == NULL) {
		outcome_set(out, OUTCOME_LAUNCHER, 0,
			    "no kernel image beside the launcher; build it with make, or name one "
			    "with --kernel");
		return NULL;
	}
	if (link_find(kernel, link_addr, out))
		return kernel;
	free(kernel);
	return NULL;
}
