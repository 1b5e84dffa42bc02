/* SPDX-License-Identifier: MIT */
/*
 * The echo call's answer: a hash of number and arguments, so that one bit that a door loses
 * on the way in shows on the way out. Never in the range of errors, in no ABI. Shared by the
 * kernel (sys/debug.c) and the tests.
 */
#ifndef ABI_ECHO_H
#define ABI_ECHO_H

#include <stdint.h>

static inline uint32_t echo_hash(uint64_t number, const uint64_t argument[6])
{
	uint64_t h = number;
	for (int i = 0; i < 6; i++) {
		h = (h ^ argument[i]) * 0x9e3779b97f4a7c15ull;
		h ^= h >> 29;
	}
	return (uint32_t)(h >> 32) & 0x3fffffff;
}

#endif
