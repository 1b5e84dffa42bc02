/* SPDX-License-Identifier: MIT */
/*
 * What the calls of @mem have in common for both ABIs: sys/mem.c has the x86-64 forms,
 * sys/mem32.c the i386 ones.
 */
#ifndef SYS_MEM_IMPL_H
#define SYS_MEM_IMPL_H

#include "base/uaddr.h"

/* mmap; a place that the kernel chooses ends at or below `below` unless that is 0. */
long map_memory(uaddr_t addr, u64 length, u64 prot, u64 flags, int fd, s64 offset, uaddr_t below);
/* mremap; low: a place that the kernel chooses lies below 4 GiB. */
long remap_memory(uaddr_t addr, u64 old_length, u64 new_length, u64 flags, uaddr_t new_addr,
		  bool low);

#endif
