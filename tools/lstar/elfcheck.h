/* SPDX-License-Identifier: MIT */
/*
 * The checks of a program that the host can make before it boots anything. The kernel
 * makes its own and trusts none of these; they exist because here the message can name
 * the file and say what to do.
 */
#ifndef TOOLS_LSTAR_ELFCHECK_H
#define TOOLS_LSTAR_ELFCHECK_H

#include "tools/lstar/outcome.h"

/* False: *out holds a NOEXEC outcome whose text begins after the program's name. */
MUST_CHECK bool elfcheck(const char *path, struct outcome *out);

#endif
