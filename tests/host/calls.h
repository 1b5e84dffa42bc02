/* SPDX-License-Identifier: MIT */
/* Host tests: the handlers of sys/ with plain pointers as arguments. */
#ifndef TESTS_CALLS_H
#define TESTS_CALLS_H

#include "fake_kernel.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"

static inline ustr_t str(const char *s)
{
	return (ustr_t){ (uaddr_t)s };
}
static inline uout_char out(void *p)
{
	return (uout_char){ .a = (uaddr_t)p };
}
static inline uin_char in(const void *p)
{
	return (uin_char){ .a = (uaddr_t)p };
}
static inline int open_(const char *path, u32 flags)
{
	return (int)sys_open(str(path), flags, 0644);
}
static inline struct l64_stat stat_(const char *path)
{
	struct l64_stat st = { 0 };
	if (sys_lstat(str(path), (uout_stat){ .a = (uaddr_t)&st }))
		st.st_mode = 0;
	return st;
}

#endif
