/* SPDX-License-Identifier: MIT */
/*
 * The ways a program can end, chosen by argv[1]. Those by signal are compared with the
 * host's like everything else: `endings abort`, `endings raise 15`, `endings exit 200`.
 */
#undef NDEBUG
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void first(void)
{
	puts("registered first, runs last");
}

static void second(void)
{
	puts("registered second, runs first");
}

__attribute__((destructor)) static void destructor(void)
{
	puts("destructor");
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "return";
	int value = argc > 2 ? atoi(argv[2]) : 0;

	atexit(first);
	atexit(second);
	printf("ending by %s %d\n", how, value);
	fflush(stdout);
	if (!strcmp(how, "exit"))
		exit(value);
	if (!strcmp(how, "_exit"))
		_exit(value);
	if (!strcmp(how, "quick"))
		quick_exit(value);
	if (!strcmp(how, "abort"))
		abort();
	if (!strcmp(how, "assert"))
		assert(argc == 0);
	if (!strcmp(how, "raise"))
		raise(value);
	if (!strcmp(how, "kill"))
		kill(getpid(), value);
	fputs("unflushed until exit\n", stdout);
	return value;
}
