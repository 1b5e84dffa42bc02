/* SPDX-License-Identifier: MIT */
/*
 * lstar doctor: does this machine have what a run needs? One line per question, each
 * with what to do when the answer is no; the last question is a real run of a program
 * of a few instructions.
 */
#define _GNU_SOURCE 1

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/lstar/hostcpu.h"
#include "tools/lstar/link.h"
#include "tools/lstar/paths.h"
#include "tools/lstar/pump.h"
#include "tools/lstar/run.h"
#include "tools/lstar/say.h"

#define TRIAL_STATUS 42

static bool answer(bool ok, const char *question, const char *detail)
{
	printf("%-5s %-13s %s\n", ok ? "ok" : "FAIL", question, detail);
	fflush(stdout);
	return ok;
}

static bool check_qemu(void)
{
	const char *env = getenv("LSTAR_QEMU");
	struct outcome out = { 0 };
	char *path =
		path_of_program(env != NULL && env[0] != '\0' ? env : "qemu-system-x86_64", &out);
	char version[256] = "";

	if (path == NULL)
		return answer(false, "qemu", "not found; Debian: apt-get install qemu-system-x86");
	char *command = xasprintf("'%s' --version 2>&1", path);
	FILE *f = popen(command, "r");

	if (f != NULL && fgets(version, sizeof(version), f) == NULL)
		version[0] = '\0';
	bool ok = f != NULL && pclose(f) == 0;

	version[strcspn(version, "\n")] = '\0';
	answer(ok, "qemu",
	       ok ? version : "found, but it does not start; reinstall qemu-system-x86");
	free(command);
	free(path);
	return ok;
}

static bool check_kernel(void)
{
	char *path = path_of_kernel(NULL);
	struct outcome out = { 0 };
	u64 addr;
	bool ok;

	if (path == NULL)
		return answer(false, "kernel",
			      "no lstar.elf beside the launcher; build it with make");
	ok = link_find(path, &addr, &out);
	answer(ok, "kernel", ok ? path : out.text);
	free(path);
	return ok;
}

static bool check_host(void)
{
	int fd = memfd_create("lstar-doctor", MFD_CLOEXEC);
	bool ok = fd >= 0 && access("/proc/self/fd", R_OK | X_OK) == 0;

	if (fd >= 0)
		close(fd);
	return answer(ok, "host",
		      ok ? "memfd and /proc are there"
			 : "memfd_create or /proc is missing; mount /proc");
}

/* KVM is not needed: this line never fails. */
static void tell_accelerator(void)
{
	const char *problem = kvm_problem();
	char *text = problem == NULL ? xstrdup("KVM") : xasprintf("TCG (%s)", problem);

	answer(true, "accelerator", text);
	free(text);
}

/* mov $231,%eax; mov $TRIAL_STATUS,%edi; syscall: exit_group and nothing else. */
static bool trial_program(int fd)
{
	static const struct {
		Elf64_Ehdr e;
		Elf64_Phdr p;
		u8 code[12];
	} image = {
		.e = { .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
				    EV_CURRENT },
		       .e_type = ET_EXEC,
		       .e_machine = EM_X86_64,
		       .e_version = EV_CURRENT,
		       .e_entry = 0x400000 + sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
		       .e_phoff = sizeof(Elf64_Ehdr),
		       .e_ehsize = sizeof(Elf64_Ehdr),
		       .e_phentsize = sizeof(Elf64_Phdr),
		       .e_phnum = 1 },
		.p = { .p_type = PT_LOAD,
		       .p_flags = PF_R | PF_X,
		       .p_vaddr = 0x400000,
		       .p_paddr = 0x400000,
		       .p_filesz = sizeof(image),
		       .p_memsz = sizeof(image),
		       .p_align = PAGE_SIZE },
		.code = { 0xb8, 231, 0, 0, 0, 0xbf, TRIAL_STATUS, 0, 0, 0, 0x0f, 0x05 },
	};

	return write(fd, &image, sizeof(image)) == sizeof(image) && fchmod(fd, 0755) == 0;
}

static int trial_run(const char *program)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		execl("/proc/self/exe", "lstar", "run", "--timeout", "60", program, (char *)NULL);
		_exit(EXIT_LAUNCHER);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

static bool check_trial(void)
{
	const char *dir = getenv("TMPDIR");
	char *path = xasprintf("%s/lstar-doctor-XXXXXX", dir != NULL ? dir : "/tmp");
	int fd = mkstemp(path), status = -1;
	u64 start = now_ns();

	if (fd >= 0 && trial_program(fd)) {
		close(fd);
		status = trial_run(path);
	}
	unlink(path);
	free(path);
	if (status != TRIAL_STATUS)
		return answer(false, "trial run",
			      "failed; the lines above or lstar run -v say why");
	char *text = xasprintf("a program ran and ended as it should, in %.0f ms",
			       (double)(now_ns() - start) / 1e6);

	answer(true, "trial run", text);
	free(text);
	return true;
}

int cmd_doctor(int argc UNUSED, char **argv UNUSED)
{
	bool ok = check_host();

	ok &= check_qemu();
	ok &= check_kernel();
	tell_accelerator();
	ok = ok && check_trial();
	return ok ? 0 : EXIT_LAUNCHER;
}
