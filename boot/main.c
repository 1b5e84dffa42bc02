/* SPDX-License-Identifier: MIT */
/* The order in which the kernel comes up. */
#include "boot/main.h"
#include "boot/panic.h"
#include "kernel/sched/thread.h"
#include "machine/hostlink.h"
#include "machine/log.h"
#include "machine/uart.h"

static struct boot_info boot_info;

void kernel_main(void)
{
	struct boot_info *bi = &boot_info;

	hl_log_init();
	const char *wrong = bootinfo_read(bi);
	if (!bi->opt.hostlink)
		uart_init();
	if (wrong)
		log_to_serial(true);
	klog("Lstar: %s", bi->cmdline);
	if (wrong)
		boot_refuse("%s", wrong);
	machine_start(bi);
	if (bi->opt.panic != PANIC_NONE)
		panic_provoke(bi->opt.panic);
	first_program_start(bi);
	sched_idle();
}
