/* SPDX-License-Identifier: MIT */
/* The allocator under load: many sizes on both sides of the mmap threshold, contents checked. */
#include "check.h"

#include <malloc.h>
#include <stdint.h>

#define SLOTS 700

static struct {
	unsigned char *data;
	size_t size;
	unsigned char fill;
} slot[SLOTS];

static void verify(int i)
{
	if (!slot[i].data)
		return;
	if (slot[i].data[0] != slot[i].fill || slot[i].data[slot[i].size - 1] != slot[i].fill ||
	    slot[i].data[slot[i].size / 2] != slot[i].fill) {
		printf("FAIL slot %d of %zu bytes was overwritten\n", i, slot[i].size);
		exit(1);
	}
}

static size_t pick_size(unsigned *seed)
{
	unsigned kind = check_random(seed) % 100;

	if (kind < 70)
		return 1 + check_random(seed) % 400;
	if (kind < 97)
		return 1 + check_random(seed) % 20000;
	return 1 + check_random(seed) % 600000;
}

int main(void)
{
	unsigned seed = 7;
	unsigned long total = 0;

	for (int round = 0; round < 30000; round++) {
		int i = check_random(&seed) % SLOTS;
		size_t size = pick_size(&seed);
		verify(i);
		if (check_random(&seed) % 3 == 0) {
			free(slot[i].data);
			slot[i].data = NULL;
			continue;
		}
		slot[i].data = realloc(slot[i].data, size);
		if (!slot[i].data)
			return 1;
		slot[i].size = size;
		slot[i].fill = check_random(&seed);
		memset(slot[i].data, slot[i].fill, size);
		total += size;
	}
	printf("total %lu\n", total);
	for (int i = 0; i < SLOTS; i++) {
		verify(i);
		free(slot[i].data);
	}
	unsigned char *zeros = calloc(1000, 1000);
	NEED(zeros != NULL);
	for (int i = 0; i < 1000000; i++)
		if (zeros[i])
			return 1;
	free(zeros);
	for (size_t align = 16; align <= 65536; align *= 2) {
		void *p = aligned_alloc(align, align * 3);
		if ((uintptr_t)p % align)
			printf("FAIL alignment %zu\n", align);
		free(p);
	}
	volatile size_t huge = (size_t)PTRDIFF_MAX + (sizeof(long) == 4); /* 2 GiB - 1 can be had */
	CHECK(calloc(huge, 3) == NULL && errno == ENOMEM);
	CHECK(malloc(huge) == NULL && errno == ENOMEM);
	return check_failures != 0;
}
