/* SPDX-License-Identifier: MIT */
/* What sys/cred.c and sys/cred16.c have in common: supplementary groups of the caller. */
#ifndef SYS_CRED_IMPL_H
#define SYS_CRED_IMPL_H

#include "base/types.h"

/* May the caller set so many, and can they be kept? */
MUST_CHECK err_t groups_check(int size);
void groups_set(const u32 *groups, u32 n);

#endif
