/* SPDX-License-Identifier: MIT */
/*
 * The guest's configuration; see config.h. The environment is the host's, because an
 * unmodified program shall behave as it does there; -E starts from nothing.
 */
#define _GNU_SOURCE 1

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/hostlink.h"
#include "tools/lstar/config.h"
#include "tools/lstar/hostfd.h"
#include "tools/lstar/paths.h"
#include "tools/lstar/tty.h"

static void pair(struct buf *out, const char *key, const char *value)
{
	buf_add(out, key, strlen(key));
	buf_add(out, "=", 1);
	buf_add(out, value, strlen(value) + 1);
}

static void pair_number(struct buf *out, const char *key, unsigned long value)
{
	char *text = xasprintf("%lu", value);

	pair(out, key, text);
	free(text);
}

/* A variable given with -e keeps the place of the host's variable of that name. */
static void env_set(struct strv *env, const char *setting)
{
	size_t name = strcspn(setting, "=");

	for (size_t i = 0; i < env->n; i++) {
		if (strncmp(env->v[i], setting, name) == 0 && env->v[i][name] == '=') {
			free(env->v[i]);
			env->v[i] = xstrdup(setting);
			return;
		}
	}
	strv_add(env, setting);
}

static void env_build(struct buf *out, const struct options *o)
{
	struct strv env = { 0 };

	for (char **e = environ; !o->clean_env && *e != NULL; e++)
		strv_add(&env, *e);
	for (size_t i = 0; i < o->env.n; i++) {
		const char *name = o->env.v[i];
		const char *value = getenv(name);

		if (strchr(name, '=') != NULL) {
			env_set(&env, name);
		} else if (value != NULL) {
			char *setting = xasprintf("%s=%s", name, value);

			env_set(&env, setting);
			free(setting);
		}
	}
	for (size_t i = 0; i < env.n; i++)
		pair(out, "env", env.v[i]);
	strv_free(&env);
}

static void tty_build(struct buf *out)
{
	struct tty_info info;
	char hex[2 * HL_TERMIOS_BYTES + 1];

	if (!tty_info(&info))
		return;
	for (size_t i = 0; i < HL_TERMIOS_BYTES; i++) {
		static const char digits[] = "0123456789abcdef";

		hex[2 * i] = digits[info.termios[i] >> 4];
		hex[2 * i + 1] = digits[info.termios[i] & 15];
	}
	hex[2 * HL_TERMIOS_BYTES] = '\0';
	pair_number(out, "tty", info.mask);
	pair(out, "termios", hex);
	char *size = xasprintf("%u,%u", info.rows, info.cols);

	pair(out, "winsize", size);
	free(size);
}

void config_build(struct buf *out, const struct options *o, const char *exec, unsigned fds)
{
	char *cwd = o->chdir != NULL ? path_absolute(o->chdir) : path_current();

	pair(out, "exec", exec);
	for (char **arg = o->argv; *arg != NULL; arg++)
		pair(out, "arg", *arg);
	env_build(out, o);
	pair(out, "cwd", cwd);
	pair_number(out, "fds", fds);
	if (hostfd_joined(fds))
		pair_number(out, "joined", 1);
	tty_build(out);
	if (o->strace) {
		pair_number(out, "strace", 1);
		pair_number(out, "strsize", o->strsize);
	}
	free(cwd);
}
