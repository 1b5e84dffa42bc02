/* SPDX-License-Identifier: MIT */
/* stdio: buffering modes, formatted input, pushing back, seeking, memory streams, errors. */
#include "check.h"

static void formatted_input(void)
{
	int a, n;
	float f;
	char word[16], set[16];

	n = sscanf("  42 3.5 hello abc123 rest", "%d %f %15s %15[a-c]", &a, &f, word, set);
	printf("scanf %d: %d %.2f %s %s\n", n, a, f, word, set);
	n = sscanf("0x1f 077 -5", "%i %i", &a, &n);
	printf("scanf bases %d\n", a);
	printf("scanf nothing %d\n", sscanf("", "%d", &a));
}

static void file_stream(const char *path)
{
	char line[64];
	FILE *f = fopen(path, "w+");

	NEED(f != NULL);
	setvbuf(f, NULL, _IOFBF, 37);
	for (int i = 0; i < 200; i++)
		fprintf(f, "line %d of %s\n", i, "many");
	CHECK(fseek(f, 100, SEEK_SET) == 0 && ftell(f) == 100);
	CHECK(fgets(line, sizeof line, f) != NULL);
	fputs(line, stdout);
	CHECK(ungetc('Z', f) == 'Z' && fgetc(f) == 'Z');
	CHECK(fseek(f, -5, SEEK_END) == 0 && fread(line, 1, 10, f) == 5 && feof(f));
	rewind(f);
	CHECK(!feof(f) && fputs("LINE", f) >= 0 && fflush(f) == 0);
	rewind(f);
	CHECK(fgets(line, sizeof line, f) && !strncmp(line, "LINE 0", 6));
	CHECK(freopen(path, "a", f) == f && fputs("tail\n", f) >= 0 && fclose(f) == 0);
	f = fopen(path, "r");
	long size = 0;
	while (fgetc(f) != EOF)
		size++;
	printf("size %ld\n", size);
	CHECK(fputc('x', f) == EOF && ferror(f));
	fclose(f);
	remove(path);
}

int main(void)
{
	char path[] = "/tmp/lstar-stdio-XXXXXX", memory[32], *grown;
	size_t grown_size;

	setvbuf(stdout, NULL, _IOLBF, 0);
	formatted_input();
	NEED(mkstemp(path) >= 0);
	file_stream(path);
	CHECK_ERRNO((long)fopen("/no/such/file", "r") == 0 ? -1 : 0, ENOENT);
	perror("perror says");
	FILE *m = fmemopen(memory, sizeof memory, "w");
	fprintf(m, "in memory %d", 7);
	fclose(m);
	puts(memory);
	m = open_memstream(&grown, &grown_size);
	for (int i = 0; i < 1000; i++)
		fputc('a' + i % 26, m);
	fclose(m);
	printf("grown %zu %.10s\n", grown_size, grown);
	printf("%s %5s|%-5s| %05d %+d %x %#o %c %% %p\n", "s", "r", "l", 42, 42, 255u, 8u, 'c',
	       (void *)0);
	printf("written %d\n", snprintf(NULL, 0, "%*d", 123, 5));
	fprintf(stderr, "and this goes to stderr\n");
	return check_failures != 0;
}
