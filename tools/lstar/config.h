/* SPDX-License-Identifier: MIT */
/* What to run, as the first file of the initrd: the "key=value" strings of abi/hostlink.h. */
#ifndef TOOLS_LSTAR_CONFIG_H
#define TOOLS_LSTAR_CONFIG_H

#include "tools/lstar/buf.h"
#include "tools/lstar/options.h"

/* exec: absolute guest path of the program; fds: mask of the open standard descriptors. */
void config_build(struct buf *out, const struct options *o, const char *exec, unsigned fds);

#endif
