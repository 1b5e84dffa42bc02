/* SPDX-License-Identifier: MIT */
/* The auxiliary vector agrees with the program's own headers, stack and identity. */
#define _GNU_SOURCE
#include "check.h"

#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <unistd.h>

extern const ElfW(Ehdr) __ehdr_start;
int main(int argc, char **argv, char **envp);
extern void _start(void);

int main(int argc, char **argv, char **envp)
{
	const ElfW(Phdr) *ph = (void *)getauxval(AT_PHDR);
	unsigned long *end = (unsigned long *)envp;
	unsigned long hwcap = 0;
	int load = 0, vdso_ok = 1;

	while (*end)
		end++;
	for (ElfW(auxv_t) *a = (void *)(end + 1); a->a_type != AT_NULL; a++) {
		if (a->a_type == AT_SYSINFO_EHDR)
			vdso_ok = !memcmp((void *)(uintptr_t)a->a_un.a_val, ELFMAG, SELFMAG);
		if (a->a_type == AT_HWCAP) /* glibc's getauxval answers something else here */
			hwcap = a->a_un.a_val;
	}
	CHECK(vdso_ok);
	CHECK(getauxval(AT_PAGESZ) == 4096 && getauxval(AT_PHENT) == sizeof *ph);
	CHECK(ph == (void *)((char *)&__ehdr_start + __ehdr_start.e_phoff));
	CHECK(getauxval(AT_PHNUM) == __ehdr_start.e_phnum);
	for (unsigned i = 0; ph && i < getauxval(AT_PHNUM); i++)
		load += ph[i].p_type == PT_LOAD;
	CHECK(load >= 1);
	CHECK(getauxval(AT_ENTRY) == (unsigned long)&_start);
	CHECK(getauxval(AT_BASE) == 0);
	CHECK(getauxval(AT_UID) == getuid() && getauxval(AT_EUID) == geteuid());
	CHECK(getauxval(AT_GID) == getgid() && getauxval(AT_EGID) == getegid());
	CHECK(getauxval(AT_SECURE) == 0 && getauxval(AT_CLKTCK) == 100 && getauxval(AT_FLAGS) == 0);
	const char *name = (void *)getauxval(AT_EXECFN), *platform = (void *)getauxval(AT_PLATFORM);
	CHECK(name && argc >= 1 && strrchr(name, '/') && strrchr(argv[0], '/') &&
	      !strcmp(strrchr(name, '/'), strrchr(argv[0], '/')));
	CHECK(platform && !strcmp(platform, sizeof(long) == 8 ? "x86_64" : "i686"));
	CHECK(hwcap & 1); /* CPUID.1:EDX, bit 0: a floating-point unit */
	const unsigned char *random = (void *)getauxval(AT_RANDOM);
	int any = 0;
	for (int i = 0; random && i < 16; i++)
		any |= random[i];
	CHECK(any);
	CHECK((char *)random > (char *)argv && (char *)argv > (char *)&load);
	CHECK((uintptr_t)(argv - 1) % 16 == 0); /* the stack pointer the program started with */
	return check_failures != 0;
}
