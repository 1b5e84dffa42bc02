/* SPDX-License-Identifier: MIT */
/* Reads all of stdin by getline, counts words with a hash table, prints the ten commonest. */
#define _GNU_SOURCE
#include "check.h"

struct entry {
	char *word;
	int count;
};

static struct entry table[4096];

static struct entry *find(const char *word)
{
	unsigned i = check_hash(17, word, strlen(word)) % 4096;

	while (table[i].word && strcmp(table[i].word, word))
		i = (i + 1) % 4096;
	if (!table[i].word)
		table[i].word = strdup(word);
	return &table[i];
}

static int commonest(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->count != y->count)
		return y->count - x->count;
	return strcmp(x->word ? x->word : "", y->word ? y->word : "");
}

int main(void)
{
	char *line = NULL, *save;
	size_t size = 0;
	long lines = 0, words = 0;

	while (getline(&line, &size, stdin) > 0) {
		lines++;
		for (char *w = strtok_r(line, " \n", &save); w;
		     w = strtok_r(NULL, " \n", &save), words++)
			find(w)->count++;
	}
	qsort(table, 4096, sizeof *table, commonest);
	printf("%ld lines, %ld words\n", lines, words);
	for (int i = 0; i < 10 && table[i].word; i++)
		printf("%5d %s\n", table[i].count, table[i].word);
	free(line);
	return ferror(stdin);
}
