/* SPDX-License-Identifier: MIT */
/* One line per thing the crossing depends on. */
#include "boot/break.h"
#include "cpu/cpu.h"
#include "cpu/msr.h"
#include "lib/string.h"

static void star(void)
{
	msr_write(MSR_STAR, msr_read(MSR_STAR) & ~(3ull << 48));
}
static void lstar(void)
{
	msr_write(MSR_LSTAR, msr_read(MSR_LSTAR) + 1);
}
static void cstar(void)
{
	msr_write(MSR_CSTAR, 0);
}
static void sfmask(void)
{
	msr_write(MSR_SFMASK, 0x200);
}
static void sysenter(void)
{
	msr_write(MSR_SYSENTER_EIP, 0);
}
static void efer(void)
{
	msr_write(MSR_EFER, msr_read(MSR_EFER) & ~(u64)EFER_SCE);
}
static void wp(void)
{
	cr0_write(cr0_read() & ~(u64)CR0_WP);
}
static void mce(void)
{
	cr4_write(cr4_read() & ~(u64)CR4_MCE);
}
static void smep(void)
{
	cr4_write(cr4_read() & ~(u64)CR4_SMEP);
}
static void smap(void)
{
	cr4_write(cr4_read() & ~(u64)CR4_SMAP);
}
static void umip(void)
{
	cr4_write(cr4_read() & ~(u64)CR4_UMIP);
}
static void gdt(void)
{
	this_cpu()->gdt.entry[USER_CS32 / 8] = this_cpu()->gdt.entry[USER_CS64 / 8];
}
static void idt_dpl(void)
{
	idt[14].type |= 3 << 5;
}
static void idt_ist(void)
{
	idt[2].ist = 0;
}
static void ist_word(void)
{
	*(u64 *)(this_cpu()->tss.ist[IST_NMI - 1] + 8) = 0;
}
static void rsp0(void)
{
	this_cpu()->tss.rsp0 -= 8;
}

static const struct {
	const char *name;
	void (*break_it)(void);
} breaks[] = {
	{ "star", star },	{ "lstar", lstar },	  { "cstar", cstar },
	{ "sfmask", sfmask },	{ "sysenter", sysenter }, { "efer", efer },
	{ "wp", wp },		{ "mce", mce },		  { "smep", smep },
	{ "smap", smap },	{ "umip", umip },	  { "gdt", gdt },
	{ "idt-dpl", idt_dpl }, { "idt-ist", idt_ist },	  { "ist-word", ist_word },
	{ "rsp0", rsp0 },
};

static u32 find(const char *what)
{
	u32 i = 0;
	while (i < ARRAY_SIZE(breaks) && strcmp(what, breaks[i].name) != 0)
		i++;
	return i;
}

bool break_known(const char *what)
{
	return find(what) < ARRAY_SIZE(breaks);
}

void break_cpu(const char *what, u32 cpu)
{
	if (cpu == this_cpu()->id && break_known(what))
		breaks[find(what)].break_it();
}
