/* SPDX-License-Identifier: MIT */
#ifndef SYS_DEBUG_H
#define SYS_DEBUG_H

#include "base/types.h"

/* The word `echo` of the kernel command line; without it the call does not exist. */
extern bool debug_echo;

#endif
