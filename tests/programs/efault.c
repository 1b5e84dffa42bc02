/* SPDX-License-Identifier: MIT */
/*
 * Every pointer argument of every call, with every kind of bad address: the answer must be
 * EFAULT, nothing may be killed, nothing written. The calls and their arguments come from
 * abi/syscalls.tbl by way of build/gen/efault_cases.h; directions and sizes from
 * build/gen/sysdesc.c. What a good value looks like for the other arguments is told here.
 *
 * Some calls may rightly answer something else first or not look at the pointer at all;
 * those are the rows of `excuses`, each with its reason.
 */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "gen/sysdesc.c"

#define PAGE 4096ul
#define BAD 0x5ead0f00d5ead0l /* stands for the bad argument; replaced by each address in turn */

static int file_fd, dir_fd;
static char top[] = "/tmp/lstar-efault-XXXXXX", path[64];
static unsigned char *pages; /* by turns: to read and write, gone, to read, gone */
#define WRITABLE_END ((unsigned long)pages + PAGE)
#define READ_ONLY ((unsigned long)pages + 2 * PAGE)
static _Alignas(64) unsigned char scratch[3][4096];
static long cases_run, calls_made;

struct value {
	const char *call, *kind, *name; /* NULL: any */
	long value;
};

static long number(const char *call, const char *kind, const char *name)
{
	const struct value values[] = {
		{ "getdents", "fd", NULL, dir_fd },
		{ "getdents64", "fd", NULL, dir_fd },
		{ NULL, "fd", NULL, file_fd },
		{ NULL, "dirfd", NULL, AT_FDCWD },
		{ NULL, NULL, "masksize", 8 },
		{ "mincore", "addr", NULL, (long)pages },
		{ "mincore", "size", NULL, PAGE },
		{ "sched_getaffinity", "uint", NULL, 128 },
		{ "sched_setaffinity", "uint", NULL, 8 },
		{ NULL, "size", NULL, 64 },
		{ NULL, "ulong", "iovcnt", 1 },
		{ NULL, "uint", "nfds", 1 },
		{ NULL, "int", "nfds", 1 },
		{ "getgroups", "int", NULL, 64 },
		{ "setgroups", "int", NULL, 1 },
		{ "getdents", "uint", NULL, 512 },
		{ "getdents64", "uint", NULL, 512 },
		{ NULL, "mode", NULL, 0600 },
		{ NULL, "createmode", NULL, 0600 },
		{ NULL, "devmode", NULL, S_IFIFO | 0600 },
		{ NULL, "statxmask", NULL, 0x7ff },
		{ NULL, "sig", NULL, SIGUSR1 },
		{ NULL, "rlimitres", NULL, 4 }, /* RLIMIT_CORE */
		{ NULL, "uid", NULL, getuid() },
		{ NULL, "gid", NULL, getgid() },
		{ NULL, "clockid", NULL, CLOCK_MONOTONIC },
	};

	for (unsigned i = 0; i < sizeof values / sizeof *values; i++)
		if ((!values[i].call || !strcmp(values[i].call, call)) &&
		    (!values[i].kind || !strcmp(values[i].kind, kind)) &&
		    (!values[i].name || !strcmp(values[i].name, name)))
			return values[i].value;
	return 0;
}

static long good_buffer(const char *kind)
{
	static int turn;
	unsigned char *buffer = scratch[turn++ % 3];

	memset(buffer, 0, sizeof *scratch);
	if (!strcmp(kind, "cap_header"))
		((struct __user_cap_header_struct *)buffer)->version = _LINUX_CAPABILITY_VERSION_3;
	if (!strcmp(kind, "stack"))
		((stack_t *)buffer)->ss_flags = SS_DISABLE;
	return (long)buffer;
}

/* An answer that is right although it is not EFAULT. */
static int excused(const char *call, const struct arg_desc *arg, long result, const char *what)
{
	static const struct {
		const char *call, *arg;
		long result;
		const char *what; /* only for this kind of address */
	} excuses[] = {
		{ NULL, "remaining", 0,
		  NULL }, /* written only when a signal cuts the sleep short */
		{ "getgroups", "list", 0, NULL },      /* no groups, nothing to write */
		{ "setgroups", "list", -EPERM, NULL }, /* asked first when not root */
		{ "listxattr", "list", 0,
		  NULL }, /* no attributes, nothing to write; or no support */
		{ "llistxattr", "list", 0, NULL },
		{ "flistxattr", "list", 0, NULL },
		{ "listxattr", "list", -EOPNOTSUPP, NULL },
		{ "llistxattr", "list", -EOPNOTSUPP, NULL },
		{ "flistxattr", "list", -EOPNOTSUPP, NULL },
		{ NULL, "value", -ENODATA, NULL }, /* no such attribute, nothing to write */
		{ NULL, "value", -EOPNOTSUPP, NULL },
		{ "futex", "word", -EINVAL, NULL }, /* misaligned */
		{ "ioctl", "arg", -ENOTTY, NULL },  /* the scratch file is no terminal */
		{ "prctl", "arg2", -EINVAL, NULL }, /* an option this kernel does not have */
		{ "futex", "timeout", -ENOSYS, NULL },
		{ "futex", "timeout", -EINVAL, NULL },
		{ "prctl", "arg2", 0,
		  "straddling" }, /* a name is one byte shorter than its array */
		{ "capget", "header", -EINVAL,
		  "straddling" }, /* the version is read and judged alone */
		{ "capset", "header", -EINVAL, "straddling" },
		{ "sched_getparam", "param", -EINVAL, "null" },
	};

	for (unsigned i = 0; i < sizeof excuses / sizeof *excuses; i++)
		if ((!excuses[i].call || !strcmp(excuses[i].call, call)) &&
		    !strcmp(excuses[i].arg, arg->name) && excuses[i].result == result &&
		    (!excuses[i].what || !strcmp(excuses[i].what, what)))
			return 1;
	return 0;
}

static long call(long nr, const long *a)
{
	register long r10 __asm__("r10") = a[3];
	register long r8 __asm__("r8") = a[4];
	register long r9 __asm__("r9") = a[5];
	long r;

	calls_made++;
	__asm__ volatile("syscall"
			 : "=a"(r)
			 : "0"(nr), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return r;
}

static void expect_fault(const struct call_desc *desc, int index, const long *values,
			 const char *what, unsigned long address)
{
	const struct arg_desc *arg = &desc->args[index];
	long a[6], r;

	for (int i = 0; i < 6; i++)
		a[i] = values[i] == BAD ? (long)address : values[i];
	r = call(desc->nr[ABI_LINUX64], a);
	if (r == -EFAULT || excused(desc->name, arg, r, what))
		return;
	printf("FAIL %s argument %d (%s) %s: %ld\n", desc->name, index, arg->name, what, r);
	check_failures++;
}

/* Bytes the call is bound to touch, or 0 when it may stop earlier and answer a short count. */
static size_t span(const struct arg_desc *arg, const long *values)
{
	size_t count = arg->count_arg < 0 ? (arg->count ? arg->count : 1)
					  : (size_t)values[(int)arg->count_arg];

	if (arg->unit != COUNT_ELEMENTS || (arg->size == 1 && arg->count_arg >= 0))
		return 0;
	return arg->size * count;
}

static void one_argument(const struct call_desc *desc, int index, const long *values)
{
	static const struct {
		const char *what;
		unsigned long address;
	} everywhere[] = {
		{ "null", 0 },
		{ "first page", 0xfff },
		{ "kernel text", 0xffffffff80100000 },
		{ "kernel half", 0xffff800000000000 },
		{ "top byte", -1ul },
		{ "top page", -4096ul },
		{ "non-canonical", 0x800000000000 },
		{ "high non-canonical", 0xfff8800000000000 },
		{ "user end", 0x7ffffffff000 },
		{ "last user bytes", 0x7fffffffffff },
	};
	const struct arg_desc *arg = &desc->args[index];
	size_t size = span(arg, values);

	cases_run++;
	for (unsigned i = 0; i < sizeof everywhere / sizeof *everywhere; i++)
		if (everywhere[i].address || !arg->optional)
			expect_fault(desc, index, values, everywhere[i].what,
				     everywhere[i].address);
	expect_fault(desc, index, values, "unmapped", WRITABLE_END);
	memset((void *)(WRITABLE_END - 64), 'p', 64); /* an earlier call may have written here */
	if (arg->class == ARG_PATH)
		expect_fault(desc, index, values, "no end before unmapped", WRITABLE_END - 5);
	else if (size > 1)
		expect_fault(desc, index, values, "straddling", WRITABLE_END - size + 1);
	if (arg->dir == DIR_OUT) {
		(void)*(volatile char *)
			READ_ONLY; /* mapped now: only the page's own protection is left */
		expect_fault(desc, index, values, "read-only", READ_ONLY);
	}
}

#define EF_BAD BAD
#define EF_NONE 0
#define EF_number(kind, name) number(calling, #kind, #name)
#define EF_path(name) (long)path
#define EF_string(name) (long)"user.none"
#define EF_strv(name) 0
#define EF_variant(name) 0
#define EF_in(kind) good_buffer(#kind)
#define EF_out(kind) good_buffer(#kind)
#define EF_inout(kind) good_buffer(#kind)
#define EFAULT_CASE(nr, name, index, a, b, c, d, e, f)             \
	calling = #name;                                           \
	if (!only || !strcmp(only, #name))                         \
		one_argument(sysdesc_find(ABI_LINUX64, nr), index, \
			     (const long[]){ a, b, c, d, e, f });

static void all_cases(const char *only)
{
	const char *calling;

#include "gen/efault_cases.h"
}

/* ioctl, fcntl, prctl and their like: one case for each meaning that is a pointer. */
static void one_variant(const struct call_desc *desc, int index, const struct variant_desc *variant)
{
	struct call_desc meant = *desc;
	long values[6] = { 0 };

	for (int i = 0; i < desc->nargs; i++) {
		const char *name = desc->args[i].name;
		if (i == index)
			values[i] = BAD;
		else if (i == desc->args[index].count_arg)
			values[i] = variant->value;
		else if (!strcmp(name, "fd"))
			values[i] = file_fd;
		else if (!strcmp(name, "val"))
			values[i] = 1; /* a futex word that differs: no waiting */
		else if (desc->args[i].class == ARG_POINTER)
			values[i] = good_buffer("");
	}
	meant.args[index] = variant->arg;
	meant.args[index].name = desc->args[index].name;
	meant.args[index].optional = true; /* what NULL means differs; not judged here */
	one_argument(&meant, index, values);
}

static void all_variants(const char *only)
{
	for (unsigned i = 0; i < SYSDESC_COUNT; i++)
		for (int arg = 0; arg < sysdesc[i].nargs && sysdesc[i].nr[ABI_LINUX64] >= 0; arg++)
			for (const struct variant_desc *v = variants; v->set != SET_none; v++)
				if (sysdesc[i].args[arg].class == ARG_VARIANT &&
				    sysdesc[i].args[arg].set == v->set &&
				    v->arg.class != ARG_NUMBER &&
				    (!only || !strcmp(only, sysdesc[i].name)))
					one_variant(&sysdesc[i], arg, v);
}

int main(int argc, char **argv)
{
	char target[64];

	setvbuf(stdout, NULL, _IOLBF, 0);
	NEED(mkdtemp(top));
	snprintf(target, sizeof target, "%s/file", top);
	snprintf(path, sizeof path, "%s/link", top);
	file_fd = open(target, O_RDWR | O_CREAT, 0600);
	dir_fd = open(top, O_RDONLY | O_DIRECTORY);
	NEED(file_fd >= 0 && dir_fd >= 0 && symlink(target, path) == 0 &&
	     write(file_fd, scratch, 4096) == 4096);
	lseek(file_fd, 0, SEEK_SET);
	pages = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	NEED(pages != MAP_FAILED);
	memset(pages, 0, PAGE);
	NEED(munmap(pages + PAGE, PAGE) == 0 && munmap(pages + 3 * PAGE, PAGE) == 0);
	NEED(mprotect((void *)READ_ONLY, PAGE, PROT_READ) == 0);
	all_cases(argc > 1 ? argv[1] : NULL);
	all_variants(argc > 1 ? argv[1] : NULL);
	int changed = 0;
	for (unsigned i = 0; i < PAGE; i++)
		changed |= ((unsigned char *)READ_ONLY)[i];
	CHECK(changed == 0);
	unlink(path);
	unlink(target);
	CHECK(rmdir(top) == 0);
	printf("%ld arguments, %s calls\n", cases_run, calls_made > cases_run ? "many" : "too few");
	return check_failures != 0 || cases_run == 0;
}
