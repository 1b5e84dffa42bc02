/* SPDX-License-Identifier: MIT */
/* Host paths; see paths.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/lstar/buf.h"
#include "tools/lstar/paths.h"

char *path_current(void)
{
	char *cwd = getcwd(NULL, 0);

	/* The directory may have been removed under us; the guest then starts at its root. */
	return cwd != NULL && cwd[0] == '/' ? cwd : xstrdup("/");
}

char *path_absolute(const char *path)
{
	if (path[0] == '/')
		return xstrdup(path);
	char *cwd = path_current();
	char *abs = xasprintf("%s/%s", strcmp(cwd, "/") == 0 ? "" : cwd, path);

	free(cwd);
	return abs;
}

static bool is_program(const char *path, int *error)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		if (errno == EACCES)
			*error = EACCES;
		return false;
	}
	if (S_ISREG(st.st_mode) && access(path, X_OK) == 0)
		return true;
	*error = EACCES;
	return false;
}

static char *search(const char *name, const char *dirs, int *error)
{
	for (const char *dir = dirs;; dir++) {
		size_t n = strcspn(dir, ":");
		char *path = xasprintf("%.*s%s%s", (int)n, dir, n > 0 ? "/" : "", name);

		if (is_program(path, error))
			return path;
		free(path);
		dir += n;
		if (*dir == '\0')
			return NULL;
	}
}

char *path_of_program(const char *name, struct outcome *out)
{
	const char *dirs = getenv("PATH");
	int error = ENOENT;

	if (name[0] == '\0') {
		outcome_set(out, OUTCOME_NOEXEC, ENOENT, "the program's name is empty");
		return NULL;
	}
	if (strchr(name, '/') != NULL)
		return xstrdup(name);
	char *path = search(name, dirs != NULL ? dirs : "/usr/local/bin:/usr/bin:/bin", &error);

	if (path != NULL)
		return path;
	outcome_set(out, OUTCOME_NOEXEC, error,
		    error == ENOENT ? "not found in PATH"
				    : "found in PATH, but not as a file that may be executed");
	return NULL;
}

char *path_of_kernel(const char *option)
{
	static const char *const beside[] = { "lstar.elf", "../lib/lstar/lstar.elf" };
	const char *env = getenv("LSTAR_KERNEL");
	char self[4096];

	if (option != NULL || (env != NULL && env[0] != '\0'))
		return xstrdup(option != NULL ? option : env);
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self));

	while (n > 0 && self[n - 1] != '/')
		n--;
	for (size_t i = 0; n > 0 && i < ARRAY_SIZE(beside); i++) {
		char *path = xasprintf("%.*s%s", (int)n, self, beside[i]);

		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	return NULL;
}
