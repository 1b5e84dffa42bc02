/* SPDX-License-Identifier: MIT */
/*
 * From the initrd to the first user instruction. What fails here is the user's news, not
 * a kernel bug: it goes to the launcher as a sentence.
 */
#include "boot/config.h"
#include "boot/end.h"
#include "boot/main.h"
#include "boot/panic.h"
#include "cpu/cpu.h"
#include "cpu/irq.h"
#include "gen/errno.h"
#include "kernel/fs/console.h"
#include "kernel/fs/fs_context.h"
#include "kernel/fs/initrd.h"
#include "kernel/fs/mount.h"
#include "kernel/fs/vfs.h"
#include "kernel/mm/kmalloc.h"
#include "kernel/mm/vmobj.h"
#include "kernel/proc/exec.h"
#include "kernel/proc/file.h"
#include "kernel/proc/personality.h"
#include "kernel/proc/proc.h"
#include "kernel/proc/vdso.h"
#include "kernel/trace/strace.h"
#include "lib/string.h"
#include "sys/dispatch.h"
#include "machine/hostlink.h"
#include "machine/log.h"

static struct run_config config;

static NORETURN void noexec(err_t err, const char *why)
{
	klog("cannot run %s: %s (errno %d)", config.exec, why, -err);
	system_end(HL_EXIT_NOEXEC, (u32)-err, why);
}

/* What a shell's execve would have shown; the environment vector lies above argv's NULL. */
static void trace_start(const struct trapframe *tf, const char *s)
{
	u32 n = (u32)min_u64(config.argc, config.strsize + 1);
	const char **argv = kmalloc(n * sizeof(*argv));

	trace_sink = console_trace;
	trace_strsize = config.strsize;
	current_proc()->traced = true;
	if (!argv)
		return;
	for (u32 i = 0; i < n; i++, s += strlen(s) + 1)
		argv[i] = s;
	strace_exec(current_thread()->tid, config.exec, argv, n,
		    tf->rsp + (config.argc + 2) * current_proc()->personality->word_bytes,
		    config.envc);
	kfree(argv);
}

static char *strings_get(void)
{
	u64 max = exec_strings_max(current_proc(), config.argc + config.envc);
	if (config.strings_len > max)
		noexec(-E2BIG, "arguments and environment are too long");
	char *strings = config_strings(&config);
	if (!strings)
		noexec(-ENOMEM, "no memory for arguments and environment");
	return strings;
}

static void first_thread(void *arg)
{
	struct fs_context *fs = arg;
	struct trapframe *tf = frame_of_kstack(current_thread()->kstack_top);
	char *strings = strings_get();
	struct exec_args args = { config.exec, strings, config.strings_len, config.argc,
				  config.envc };
	struct vmobj *image;
	const char *why = "no such program, or not executable, in the guest's files";

	err_t err = vfs_open_exec(fs, config.exec, &image);
	if (!err) {
		err = exec_image(image, config.exec, &args, tf, &why);
		vmobj_unref(image);
	}
	if (err)
		noexec(err, why);
	if (config.strace)
		trace_start(tf, strings);
	dispatch_update();
	kfree(strings);
	irq_disable();
	hl_user_started();
	frame_return_to_user(tf);
}

static void files_start(const struct boot_info *bi)
{
	const char *why = "out of memory", *bytes;
	u64 len;
	if (bi->initrd.start == bi->initrd.end)
		boot_refuse("no initrd: nothing to run");
	if (fs_init() || initrd_unpack(bi->initrd.start, bi->initrd.end - bi->initrd.start, &why) ||
	    fs_mount_all())
		boot_refuse("initrd: %s", why);
	initrd_config(&bytes, &len);
	if (!len)
		boot_refuse("initrd: no %s entry that says what to run", HL_CONFIG_NAME);
	why = config_parse(bytes, len, &config);
	if (why)
		boot_refuse("initrd: %s", why);
}

void first_program_start(const struct boot_info *bi)
{
	struct fdtable *fds;
	struct fs_context *fs;
	struct proc *p;
	struct thread *t;

	if (vdso_init())
		boot_refuse("too little memory for the vDSO");
	files_start(bi);
	err_t err = fs_context_new(config.cwd, &fs);
	if (err)
		boot_refuse("cannot make the working directory %s", config.cwd);
	if (fdtable_new(&fds) || console_open_std(fds, &config.console) || proc_new(fds, fs, &p) ||
	    thread_new(p, first_thread, fs, &t))
		boot_refuse("too little memory for the first process");
	console_set_foreground(p->pid);
	thread_start(t);
}

/* The first process is the last: the system's work is done. */
void proc_last_exit(struct proc *p, bool by_signal, u32 value, const char *text)
{
	klog("%s %u (%s) %s %u %s", "process", p->pid, p->name,
	     by_signal ? "killed by signal" : "exited with", value, text);
	system_end(by_signal ? HL_EXIT_SIGNAL : HL_EXIT_STATUS, value, text);
}
