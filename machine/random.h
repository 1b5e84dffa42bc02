/* SPDX-License-Identifier: MIT */
/*
 * Random bytes: ChaCha20 keyed at boot from RDSEED/RDRAND, the launcher's seed and the
 * TSC; rekeyed after each use so that earlier output cannot be recovered.
 */
#ifndef MACHINE_RANDOM_H
#define MACHINE_RANDOM_H

#include "base/types.h"

void random_init(const void *seed, u64 len);
void random_bytes(void *dst, u64 n);

#endif
