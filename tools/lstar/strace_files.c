/* SPDX-License-Identifier: MIT */
/* Structs that describe files and terminals, as strace abbreviates them. */
#include "gen/flags.h"
#include "tools/lstar/strace_impl.h"

#define ULL(x) ((unsigned long long)(x))

static bool is_device(u32 mode)
{
	u32 type = mode & LINUX_S_IFMT;

	return type == LINUX_S_IFCHR || type == LINUX_S_IFBLK;
}

void print_stat(struct buf *out, const void *element)
{
	const struct l64_stat *s = element;

	buf_printf(out, "{st_mode=");
	print_file_mode(out, s->st_mode);
	if (is_device(s->st_mode)) {
		buf_printf(out, ", st_rdev=");
		print_dev(out, s->st_rdev);
	} else {
		buf_printf(out, ", st_size=%lld", (long long)s->st_size);
	}
	buf_printf(out, ", ...}");
}

void print_statx(struct buf *out, const void *element)
{
	const struct l64_statx *s = element;

	buf_printf(out, "{stx_mask=");
	print_set(out, SET_statxmask, s->stx_mask);
	buf_printf(out, ", stx_attributes=");
	print_set(out, SET_statxattr, s->stx_attributes);
	buf_printf(out, ", stx_mode=");
	print_file_mode(out, s->stx_mode);
	buf_printf(out, ", stx_size=%llu, ...}", ULL(s->stx_size));
}

void print_statfs(struct buf *out, const void *element)
{
	const struct l64_statfs *s = element;

	buf_printf(out, "{f_type=");
	print_set(out, SET_fsmagic, (u64)s->f_type);
	buf_printf(out, ", f_bsize=%llu, f_blocks=%llu, f_bfree=%llu, f_bavail=%llu",
		   ULL(s->f_bsize), ULL(s->f_blocks), ULL(s->f_bfree), ULL(s->f_bavail));
	buf_printf(out, ", f_files=%llu, f_ffree=%llu, f_fsid={val=[%#x, %#x]}", ULL(s->f_files),
		   ULL(s->f_ffree), (u32)s->f_fsid[0], (u32)s->f_fsid[1]);
	buf_printf(out, ", f_namelen=%llu, f_frsize=%llu, f_flags=", ULL(s->f_namelen),
		   ULL(s->f_frsize));
	print_set(out, SET_statfsflags, (u64)s->f_flags);
	buf_printf(out, "}");
}

/* Delays are numbers among the flags, always shown. */
static void print_oflag(struct buf *out, u32 flags)
{
	u32 delays =
		LINUX_NLDLY | LINUX_CRDLY | LINUX_TABDLY | LINUX_BSDLY | LINUX_VTDLY | LINUX_FFDLY;

	buf_printf(out, ", c_oflag=NL%d|CR%u", (flags & LINUX_NLDLY) != 0,
		   (flags & LINUX_CRDLY) / 01000);
	if ((flags & LINUX_TABDLY) == LINUX_TABDLY)
		buf_printf(out, "|XTABS");
	else
		buf_printf(out, "|TAB%u", (flags & LINUX_TABDLY) / 04000);
	buf_printf(out, "|BS%d|VT%d|FF%d", (flags & LINUX_BSDLY) != 0, (flags & LINUX_VTDLY) != 0,
		   (flags & LINUX_FFDLY) != 0);
	buf_printf(out, "|");
	print_set(out, SET_tcoflag, flags & ~delays);
}

static void print_cflag(struct buf *out, u32 flags)
{
	u32 rest = flags & ~(LINUX_CBAUD | LINUX_CIBAUD | LINUX_CSIZE);
	u32 input = (flags & LINUX_CIBAUD) >> 16;

	buf_printf(out, ", c_cflag=");
	print_set(out, SET_tcbaud, flags & LINUX_CBAUD);
	if (input) {
		buf_printf(out, "|");
		print_set(out, SET_tcbaud, input);
		buf_printf(out, "<<IBSHIFT");
	}
	buf_printf(out, "|");
	print_set(out, SET_tcsize, flags & LINUX_CSIZE);
	buf_printf(out, "|");
	print_set(out, SET_tccflag, rest);
}

void print_termios(struct buf *out, const void *element)
{
	const struct l64_termios *t = element;

	buf_printf(out, "{c_iflag=");
	print_set(out, SET_tciflag, t->c_iflag);
	print_oflag(out, t->c_oflag);
	print_cflag(out, t->c_cflag);
	buf_printf(out, ", c_lflag=");
	print_set(out, SET_tclflag, t->c_lflag);
	buf_printf(out, ", ...}");
}

void print_winsize(struct buf *out, const void *element)
{
	const struct l64_winsize *w = element;

	buf_printf(out, "{ws_row=%u, ws_col=%u, ws_xpixel=%u, ws_ypixel=%u}", w->ws_row, w->ws_col,
		   w->ws_xpixel, w->ws_ypixel);
}
