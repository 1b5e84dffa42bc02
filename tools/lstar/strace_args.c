/* SPDX-License-Identifier: MIT */
/*
 * Arguments that are numbers, the few calls whose later arguments depend on earlier ones,
 * and results.
 */
#include <string.h>

#include "gen/abi_names.h"
#include "gen/flags.h"
#include "gen/sysnr_linux64.h"
#include "tools/lstar/strace_impl.h"

#define ULL(x) ((unsigned long long)(x))

static bool is_call(const struct traced_call *c, int linux64_nr)
{
	static const char *const suffixes[] = { "", "32", "64", "_time64" };
	const struct call_desc *meant = sysdesc_find(ABI_LINUX64, (u64)linux64_nr);
	size_t n = strlen(meant->name);

	if (!c->desc || strncmp(c->desc->name, meant->name, n))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		if (strcmp(c->desc->name + n, suffixes[i]) == 0)
			return true;
	}
	return false;
}

/* The operation's flags are part of its name or follow it. */
static void print_futexop(struct buf *out, u32 op)
{
	u32 base = op & 0x7f;
	bool clock = op & LINUX_FUTEX_CLOCK_REALTIME;
	const char *name = name_of(SET_futexop, base);

	if (!name || (clock && base != LINUX_FUTEX_WAIT && base != LINUX_FUTEX_WAIT_BITSET &&
		      base != LINUX_FUTEX_WAIT_REQUEUE_PI)) {
		buf_printf(out, "%#x /* FUTEX_?\?? */", op);
		return;
	}
	buf_printf(out, "%s%s", name, op & LINUX_FUTEX_PRIVATE_FLAG ? "_PRIVATE" : "");
	if (clock)
		buf_printf(out, "|FUTEX_CLOCK_REALTIME");
}

/*
 * A few terminal requests share their number with one of the sound system's, and strace
 * cannot tell them apart.
 */
static void print_ioctl_request(struct buf *out, u32 request)
{
	static const char *const directions[] = { "_IOC_NONE", "_IOC_WRITE", "_IOC_READ",
						  "_IOC_READ|_IOC_WRITE" };
	const char *name = name_of(SET_ioctlreq, request);

	if (request == LINUX_TCSETS)
		buf_printf(out, "SNDCTL_TMR_START or ");
	else if (request == LINUX_TCSETSW)
		buf_printf(out, "SNDCTL_TMR_STOP or ");
	else if (request == LINUX_TCSETSF)
		buf_printf(out, "SNDCTL_TMR_CONTINUE or ");
	if (name)
		buf_printf(out, "%s", name);
	else
		buf_printf(out, "_IOC(%s, %#x, %#x, %#x)", directions[request >> 30],
			   request >> 8 & 0xff, request & 0xff, request >> 16 & 0x3fff);
}

static void print_named(struct buf *out, const struct arg_desc *desc, u64 value)
{
	const char *name = name_of(desc->set, value);

	if (desc->repr == REPR_S32)
		value = (u32)value;
	if (desc->set == SET_ioctlreq)
		print_ioctl_request(out, (u32)value);
	else if (name && abi_sets[desc->set].style == STYLE_values)
		buf_printf(out, "%s", name); /* the value may be negative */
	else
		print_set(out, desc->set, value);
}

/* The size of huge pages stands in bits of its own. */
static void print_mapflags(struct buf *out, u32 flags)
{
	const u32 shift = 26, size_bits = 0x3fu << shift;
	u32 size = flags & LINUX_MAP_HUGETLB ? (flags & size_bits) >> shift : 0;

	print_set(out, SET_mapflags, flags & ~(size << shift));
	if (size)
		buf_printf(out, "|%u<<MAP_HUGE_SHIFT", size);
}

static void print_number(struct buf *out, const struct arg_desc *desc, u64 value)
{
	const char *name;

	switch (desc->show) {
	case SHOW_value:
		name = name_of(desc->set, value);
		if (name)
			buf_printf(out, "%s", name);
		else
			buf_printf(out, "%lld", (long long)value);
		break;
	case SHOW_set:
		print_named(out, desc, value);
		break;
	case SHOW_bits:
		print_set_bits(out, desc->set, value);
		break;
	case SHOW_mapflags:
		print_mapflags(out, (u32)value);
		break;
	case SHOW_udec:
		buf_printf(out, "%llu", ULL(value));
		break;
	case SHOW_hex:
		buf_printf(out, "%#llx", ULL(value));
		break;
	case SHOW_addr:
	case SHOW_fixedaddr:
		print_addr(out, value);
		break;
	case SHOW_mode:
	case SHOW_createmode:
		print_mode(out, (u16)value);
		break;
	case SHOW_devmode:
		print_file_mode(out, (u16)value);
		break;
	case SHOW_device:
		print_dev(out, value);
		break;
	case SHOW_uid:
		print_id(out, (u32)value);
		break;
	case SHOW_uid16:
		print_id(out, (u16)value == UINT16_MAX ? UINT32_MAX : (u16)value);
		break;
	case SHOW_signal:
		print_signal(out, (int)value);
		break;
	case SHOW_futexop:
		print_futexop(out, (u32)value);
		break;
	default: /* dec, fd */
		buf_printf(out, "%lld", (long long)value);
	}
}

/* ---- arguments that are there only for some values of others ---- */

static bool has_create_mode(const struct traced_call *c, unsigned arg)
{
	u64 flags = call_number(c, arg - 1);
	const u64 tmpfile = LINUX_O_TMPFILE & ~LINUX_O_DIRECTORY;

	return flags & (LINUX_O_CREAT | tmpfile);
}

static bool has_device(const struct traced_call *c, unsigned arg)
{
	u64 type = call_number(c, arg - 1) & LINUX_S_IFMT;

	return type == LINUX_S_IFCHR || type == LINUX_S_IFBLK;
}

/* Operations with a set of bits for val3 and no second futex. */
static bool futex_has_bitset(const struct traced_call *c)
{
	u64 op = call_number(c, 1) & 0x7f;

	return op == LINUX_FUTEX_WAIT_BITSET || op == LINUX_FUTEX_WAKE_BITSET;
}

/* Word, operation, value, timeout or second value, second word, third value. */
static bool futex_shows(const struct traced_call *c, unsigned arg)
{
	switch (call_number(c, 1) & 0x7f) {
	case LINUX_FUTEX_UNLOCK_PI:
	case LINUX_FUTEX_TRYLOCK_PI:
		return arg < 2;
	case LINUX_FUTEX_WAKE:
	case LINUX_FUTEX_FD:
		return arg < 3;
	case LINUX_FUTEX_WAIT:
		return arg < 4;
	case LINUX_FUTEX_REQUEUE:
	case LINUX_FUTEX_WAIT_REQUEUE_PI:
		return arg < 5;
	case LINUX_FUTEX_LOCK_PI:
	case LINUX_FUTEX_LOCK_PI2:
		return arg < 2 || arg == 3;
	case LINUX_FUTEX_WAIT_BITSET:
		return arg != 4;
	case LINUX_FUTEX_WAKE_BITSET:
		return arg < 3 || arg == 5;
	default:
		return true;
	}
}

static void print_bitset(struct buf *out, u32 bits)
{
	const char *name = name_of(SET_futexbitset, bits);

	if (name)
		buf_printf(out, "%s", name);
	else
		buf_printf(out, "%#x", bits);
}

/* What FUTEX_WAKE_OP does to the second word, and what it compares it with. */
static void print_wake_op(struct buf *out, u32 op)
{
	static const char *const ops[] = { "SET", "ADD", "OR", "ANDN", "XOR" };
	static const char *const compares[] = { "EQ", "NE", "LT", "LE", "GT", "GE" };
	u32 what = op >> 28 & 7, compare = op >> 24 & 15;

	if (op >> 31)
		buf_printf(out, "FUTEX_OP_OPARG_SHIFT<<28|");
	if (what < ARRAY_SIZE(ops))
		buf_printf(out, "FUTEX_OP_%s<<28|", ops[what]);
	else
		buf_printf(out, "%#x<<28 /* FUTEX_OP_?\?? */|", what);
	buf_printf(out, "%#x<<12|", op >> 12 & 0xfff);
	if (compare < ARRAY_SIZE(compares))
		buf_printf(out, "FUTEX_OP_CMP_%s<<24|", compares[compare]);
	else
		buf_printf(out, "%#x<<24 /* FUTEX_OP_CMP_?\?? */|", compare);
	buf_printf(out, "%#x", op & 0xfff);
}

/* The last argument: a set of bits, an operation, a plain value, or nobody knows. */
static void print_futex_val3(struct buf *out, const struct traced_call *c)
{
	u64 op = call_number(c, 1) & 0x7f;
	u32 value = (u32)c->args[5];

	if (futex_has_bitset(c))
		print_bitset(out, value);
	else if (op == LINUX_FUTEX_WAKE_OP)
		print_wake_op(out, value);
	else if (name_of(SET_futexop, op))
		buf_printf(out, "%u", value);
	else
		buf_printf(out, "%#x", value);
}

/* sendfile moves the position it is given. */
static void print_new_position(struct buf *out, const struct traced_call *c, unsigned arg)
{
	const struct user_data *d = call_data(c, arg, DIR_OUT, TR_ARRAY);
	s64 position = 0; /* never negative: an off_t of i386 leaves the upper half clear */

	if (c->value <= 0 || !d || d->bytes.len < c->desc->args[arg].size)
		return;
	memcpy(&position, d->bytes.data, c->desc->args[arg].size);
	buf_printf(out, " => [%lld]", (long long)position);
}

/* How many arguments prctl has, by what the table says of the second. */
static unsigned prctl_arity(const struct traced_call *c)
{
	const struct arg_desc *second = call_arg(c, 1);

	switch (call_number(c, 0)) {
	case LINUX_PR_SET_NO_NEW_PRIVS:
	case LINUX_PR_GET_NO_NEW_PRIVS:
	case LINUX_PR_SET_THP_DISABLE:
	case LINUX_PR_GET_THP_DISABLE:
		return 5;
	default:
		if (!second)
			return 5;
		return second->show == SHOW_none ? 1 : 2;
	}
}

bool argument_shown(const struct traced_call *c, unsigned arg)
{
	const struct arg_desc *desc = call_arg(c, arg);

	if (is_call(c, SYS_linux64_prctl))
		return arg < prctl_arity(c);
	if (is_call(c, SYS_linux64_futex))
		return futex_shows(c, arg);
	if (is_call(c, SYS_linux64_membarrier))
		return arg < 2 || (call_number(c, 1) & LINUX_MEMBARRIER_CMD_FLAG_CPU);
	switch (desc ? desc->show : SHOW_hex) {
	case SHOW_none:
		return false;
	case SHOW_createmode:
		return has_create_mode(c, arg);
	case SHOW_device:
		return has_device(c, arg);
	case SHOW_fixedaddr:
		return call_number(c, arg - 1) & LINUX_MREMAP_FIXED;
	default:
		return true;
	}
}

void print_argument(struct buf *out, const struct traced_call *c, unsigned arg)
{
	const struct arg_desc *desc = call_arg(c, arg);

	if (is_call(c, SYS_linux64_futex) && arg == 5)
		print_futex_val3(out, c);
	else if (!desc || desc->show == SHOW_none || (is_call(c, SYS_linux64_prctl) && arg >= 2))
		buf_printf(out, "%#llx", ULL(c->args[arg]));
	else if (desc->class == ARG_NUMBER)
		print_number(out, desc, sysdesc_number(c->abi, desc->repr, c->args[arg]));
	else
		print_pointer(out, c, arg, desc);
	if (is_call(c, SYS_linux64_sendfile) && arg == 2)
		print_new_position(out, c, arg);
}

bool argument_waits(const struct traced_call *c, unsigned arg)
{
	const struct arg_desc *desc = call_arg(c, arg);

	/* sendfile shows the new position behind the old one */
	return desc && (pointer_waits(desc) || is_call(c, SYS_linux64_sendfile));
}
