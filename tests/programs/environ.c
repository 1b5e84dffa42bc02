/* SPDX-License-Identifier: MIT */
/* The environment: what was passed, in order, and what setenv and friends make of it. */
#include "check.h"

extern char **environ;

int main(void)
{
	for (char **e = environ; *e; e++)
		printf("%s\n", *e);
	CHECK(getenv("FIRST") && !strcmp(getenv("FIRST"), "1"));
	CHECK(getenv("EMPTY") && !*getenv("EMPTY"));
	CHECK(getenv("NOT_THERE") == NULL);
	CHECK(setenv("FIRST", "changed", 1) == 0 && !strcmp(getenv("FIRST"), "changed"));
	CHECK(setenv("FIRST", "kept", 0) == 0 && !strcmp(getenv("FIRST"), "changed"));
	CHECK(unsetenv("FIRST") == 0 && getenv("FIRST") == NULL);
	static char put[] = "PUT=here";
	CHECK(putenv(put) == 0 && getenv("PUT") == put + 4);
	CHECK_ERRNO(setenv("BAD=NAME", "x", 1), EINVAL);
	CHECK(clearenv() == 0 && (environ == NULL || *environ == NULL));
	return check_failures != 0;
}
