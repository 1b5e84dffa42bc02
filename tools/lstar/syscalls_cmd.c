/* SPDX-License-Identifier: MIT */
/*
 * lstar syscalls: the one table as text. Without options every call with its number in each
 * ABI; with --abi the calls of that ABI in the order of their numbers; with --missing the
 * Linux calls Lstar does not have.
 */
#include "tools/lstar/syscalls_cmd.h"

#include <stdio.h>
#include <string.h>

#include "gen/abi_names.h"
#include "gen/sysdesc.h"
#include "tools/lstar/buf.h"
#include "tools/lstar/say.h"

static const char *const abi_words[ABI_COUNT] = { "native", "linux64", "linux32" };

static const char *direction_word(const struct arg_desc *arg)
{
	if (arg->class != ARG_POINTER)
		return "";
	return arg->dir == DIR_IN ? "in " : arg->dir == DIR_OUT ? "out " : "inout ";
}

static void add_argument(struct buf *text, const struct call_desc *call, unsigned i)
{
	const struct arg_desc *arg = &call->args[i];

	buf_printf(text, "%s%s%s", i ? ", " : "", direction_word(arg), arg->name);
	if (arg->class == ARG_POINTER && arg->count_arg >= 0)
		buf_printf(text, "[%s]", call->args[arg->count_arg].name);
	else if (arg->class == ARG_POINTER && arg->count > 1)
		buf_printf(text, "[%u]", arg->count);
	if (arg->optional)
		buf_printf(text, "?");
}

static void print_call(const struct call_desc *call, const char *numbers)
{
	struct buf text = { 0 };

	buf_printf(&text, "%s(", call->name);
	for (unsigned i = 0; i < call->nargs; i++)
		add_argument(&text, call, i);
	buf_printf(&text, ")");
	printf("%s  %s", numbers, text.data);
	if (call->note)
		printf("  -- partial: %s", call->note);
	printf("\n");
	buf_free(&text);
}

static void print_all(void)
{
	printf("%7s %7s %7s  %s\n", abi_words[0], abi_words[1], abi_words[2], "call");
	for (size_t i = 0; i < SYSDESC_COUNT; i++) {
		struct buf numbers = { 0 };

		for (int abi = 0; abi < ABI_COUNT; abi++) {
			if (sysdesc[i].nr[abi] < 0)
				buf_printf(&numbers, "%s%7s", abi ? " " : "", "-");
			else
				buf_printf(&numbers, "%s%7d", abi ? " " : "", sysdesc[i].nr[abi]);
		}
		print_call(&sysdesc[i], numbers.data);
		buf_free(&numbers);
	}
}

static void print_abi(enum abi_id abi)
{
	const u64 beyond = 1024; /* gensys allows no number above this */

	for (u64 nr = 0; nr < beyond; nr++) {
		const struct call_desc *call = sysdesc_find(abi, nr);
		char number[8];

		snprintf(number, sizeof number, "%4u", (unsigned)nr);
		if (call)
			print_call(call, number);
	}
}

static void print_missing(void)
{
	for (const struct abi_name *a = abi_absent; a->name; a++)
		printf("%4u  %s\n", (unsigned)a->value, a->name);
}

static enum abi_id abi_by_word(const char *word)
{
	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (strcmp(word, abi_words[abi]) == 0)
			return (enum abi_id)abi;
	die("no ABI is called '%s'; there are native, linux64 and linux32", word);
}

int cmd_syscalls(int argc, char **argv)
{
	if (argc == 1)
		print_all();
	else if (argc == 2 && strcmp(argv[1], "--missing") == 0)
		print_missing();
	else if (argc == 3 && strcmp(argv[1], "--abi") == 0)
		print_abi(abi_by_word(argv[2]));
	else
		die("usage: lstar syscalls [--abi native|linux64|linux32 | --missing]");
	return fflush(stdout) == 0 ? 0 : EXIT_LAUNCHER;
}
