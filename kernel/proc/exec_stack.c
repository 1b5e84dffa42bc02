/* SPDX-License-Identifier: MIT */
/*
 * The first stack of a program, from its top downwards:
 *
 *	8 bytes of zeros, the path, the strings of argv and envp, a random gap below 8 KiB,
 *	"x86_64", 16 random bytes, the auxiliary vector, envp[], argv[], argc <- rsp
 *
 * For an i386 program every word has four bytes and the platform is "i686". rsp is a
 * multiple of 16 (x86-64 psABI 3.4.1; i386 psABI 2.3.1). Contents and order of the auxiliary vector
 * are those of Linux 6.1.
 *
 * Runs after the point of no return, in the new address space; the only failure left is
 * memory running out.
 */
#include "cpu/features.h"
#include "cpu/switch.h"
#include "cpu/uaccess.h"
#include "kernel/proc/exec_impl.h"
#include "kernel/proc/personality.h"
#include "lib/string.h"
#include "machine/random.h"

#include "gen/errno.h"

/* Linux uapi/linux/auxvec.h */
enum auxv_type {
	AT_NULL = 0,
	AT_PHDR = 3,
	AT_PHENT = 4,
	AT_PHNUM = 5,
	AT_PAGESZ = 6,
	AT_BASE = 7,
	AT_FLAGS = 8,
	AT_ENTRY = 9,
	AT_UID = 11,
	AT_EUID = 12,
	AT_GID = 13,
	AT_EGID = 14,
	AT_PLATFORM = 15,
	AT_HWCAP = 16,
	AT_CLKTCK = 17,
	AT_SECURE = 23,
	AT_RANDOM = 25,
	AT_HWCAP2 = 26,
	AT_EXECFN = 31,
	AT_SYSINFO = 32,
	AT_SYSINFO_EHDR = 33,
	AT_MINSIGSTKSZ = 51,
};

#define AUXV_PAIRS 22
#define CLOCK_TICKS_PER_SEC 100
#define HWCAP2_FSGSBASE (1 << 1)
#define TOP_ZEROS 8
#define RANDOM_GAP 8192
#define AT_RANDOM_BYTES 16

#define PLATFORM_BYTES 8

static const char platform64[PLATFORM_BYTES] = "x86_64", platform32[PLATFORM_BYTES] = "i686";

/* struct rt_sigframe without the FPU area, and what aligning both can cost (Linux
 * arch/x86/kernel/signal.c): the numbers a program's stacks must be prepared for. */
#define SIGFRAME_BYTES 440
#define SIGFRAME_PADDING (63 + 15)
#define SIGFRAME_MAGIC2 4

/* Words go up through a small buffer: a vector may have as many entries as the stack limit
 * allows, more than the kernel wants to allocate in one piece. */
struct word_writer {
	uaddr_t at;
	u32 word_bytes, n;
	err_t err;
	u64 buf[32]; /* n words of word_bytes each */
};

static void words_flush(struct word_writer *w)
{
	if (!w->err && w->n)
		w->err = copyout(w->at, w->buf, w->n * w->word_bytes);
	w->at += w->n * w->word_bytes;
	w->n = 0;
}

static void word_put(struct word_writer *w, u64 word)
{
	memcpy((u8 *)w->buf + w->n++ * w->word_bytes, &word, w->word_bytes);
	if (w->n == ARRAY_SIZE(w->buf))
		words_flush(w);
}

static void aux_put(struct word_writer *w, enum auxv_type type, u64 value)
{
	word_put(w, type);
	word_put(w, value);
}

static u64 min_signal_stack(void)
{
	return align_up(SIGFRAME_BYTES + SIGFRAME_PADDING + SIGFRAME_MAGIC2 + user_state_fpu_size(),
			16ull);
}

/* Where the loose items ended up. */
struct stack_items {
	uaddr_t execfn, strings, platform, random, below;
};

static void put_auxv(struct word_writer *w, const struct new_image *img, const struct cred *cred,
		     const struct stack_items *at)
{
	const struct elf_plan *plan = &img->plan;

	if (img->vdso.sysinfo)
		aux_put(w, AT_SYSINFO, img->vdso.sysinfo);
	aux_put(w, AT_SYSINFO_EHDR, img->vdso.ehdr);
	aux_put(w, AT_MINSIGSTKSZ, min_signal_stack());
	aux_put(w, AT_HWCAP, cpu_features.hwcap);
	aux_put(w, AT_PAGESZ, PAGE_SIZE);
	aux_put(w, AT_CLKTCK, CLOCK_TICKS_PER_SEC);
	aux_put(w, AT_PHDR, plan->phdr_loaded ? img->bias + plan->phdr_vaddr : 0);
	aux_put(w, AT_PHENT, plan->header.phent_bytes);
	aux_put(w, AT_PHNUM, plan->header.phnum);
	aux_put(w, AT_BASE, 0);
	aux_put(w, AT_FLAGS, 0);
	aux_put(w, AT_ENTRY, img->bias + plan->header.entry);
	aux_put(w, AT_UID, cred->uid);
	aux_put(w, AT_EUID, cred->euid);
	aux_put(w, AT_GID, cred->gid);
	aux_put(w, AT_EGID, cred->egid);
	aux_put(w, AT_SECURE, 0);
	aux_put(w, AT_RANDOM, at->random);
	aux_put(w, AT_HWCAP2, cpu_features.fsgsbase ? HWCAP2_FSGSBASE : 0);
	aux_put(w, AT_EXECFN, at->execfn);
	aux_put(w, AT_PLATFORM, at->platform);
	aux_put(w, AT_NULL, 0);
}

/* n pointers to the strings from *s on, and the NULL behind them. */
static void put_string_pointers(struct word_writer *w, const struct exec_args *args,
				uaddr_t strings, u32 n, u64 *off)
{
	for (u32 i = 0; i < n; i++) {
		word_put(w, strings + *off);
		*off += strlen(args->strings + *off) + 1;
	}
	word_put(w, 0);
}

static void place_items(uaddr_t top, const struct exec_args *args, struct stack_items *at)
{
	u64 gap;

	random_bytes(&gap, sizeof gap);
	at->execfn = top - TOP_ZEROS - (strlen(args->path) + 1);
	at->strings = at->execfn - args->strings_len;
	at->platform = align_down(at->strings - gap % RANDOM_GAP, 16ull) - PLATFORM_BYTES;
	at->random = at->platform - AT_RANDOM_BYTES;
	at->below = at->random;
}

static err_t write_items(const struct exec_args *args, const char *platform,
			 const struct stack_items *at)
{
	u8 seed[AT_RANDOM_BYTES];
	err_t e = copyout(at->execfn, args->path, strlen(args->path) + 1);

	if (!e)
		e = copyout(at->strings, args->strings, args->strings_len);
	if (!e)
		e = copyout(at->platform, platform, PLATFORM_BYTES);
	random_bytes(seed, sizeof seed);
	if (!e)
		e = copyout(at->random, seed, sizeof seed);
	return e;
}

/* A program always has an argv[0]; without one it gets "" (as Linux since 5.18). */
static u32 argv_entries(const struct exec_args *args)
{
	return args->argc ? args->argc : 1;
}

static u64 vector_words(const struct exec_args *args)
{
	return 1 + argv_entries(args) + 1 + (u64)args->envc + 1 + 2 * AUXV_PAIRS;
}

u64 exec_stack_bytes(const struct exec_args *args)
{
	return TOP_ZEROS + strlen(args->path) + 1 + args->strings_len + RANDOM_GAP +
	       PLATFORM_BYTES + AT_RANDOM_BYTES + vector_words(args) * 8 + 3 * 16;
}

err_t exec_stack_build(const struct new_image *img, const struct cred *cred,
		       const struct exec_args *args, uaddr_t *sp)
{
	struct stack_items at;
	const u32 word_bytes = img->personality->word_bytes;
	struct word_writer w = { .word_bytes = word_bytes };
	u64 off = 0;
	err_t e;

	place_items(img->stack_top, args, &at);
	e = write_items(args, word_bytes == 4 ? platform32 : platform64, &at);
	if (e)
		return e;
	*sp = align_down(at.below - vector_words(args) * word_bytes, 16ull);
	w.at = *sp;
	word_put(&w, argv_entries(args));
	if (args->argc == 0)
		word_put(&w, img->stack_top - TOP_ZEROS); /* an empty string */
	put_string_pointers(&w, args, at.strings, args->argc, &off);
	put_string_pointers(&w, args, at.strings, args->envc, &off);
	put_auxv(&w, img, cred, &at);
	words_flush(&w);
	return w.err;
}
