/* SPDX-License-Identifier: MIT */
/* qsort and bsearch over integers, strings and records; the merge buffer comes from malloc. */
#include "check.h"

struct record {
	unsigned key;
	char name[20];
};

static int by_number(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct record *)a)->name, ((const struct record *)b)->name);
}

int main(void)
{
	static unsigned numbers[100000];
	static struct record records[5000];
	unsigned seed = 99;

	for (int i = 0; i < 100000; i++)
		numbers[i] = check_random(&seed) % 50000;
	qsort(numbers, 100000, sizeof *numbers, by_number);
	printf("numbers %lx\n", check_hash(1, numbers, sizeof numbers));
	for (int i = 0; i < 5000; i++) {
		memset(&records[i], 0, sizeof records[i]);
		records[i].key = i;
		snprintf(records[i].name, sizeof records[i].name, "n%u", check_random(&seed));
	}
	qsort(records, 5000, sizeof *records, by_name);
	for (int i = 0; i < 5000; i += 500)
		printf("%s %u\n", records[i].name, records[i].key);
	unsigned want = numbers[77777],
		 *hit = bsearch(&want, numbers, 100000, sizeof *numbers, by_number);
	CHECK(hit && *hit == want);
	want = 60000;
	CHECK(bsearch(&want, numbers, 100000, sizeof *numbers, by_number) == NULL);
	return check_failures != 0;
}
