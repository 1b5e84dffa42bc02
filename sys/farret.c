/* SPDX-License-Identifier: MIT */
/*
 * Far returns under SMAP on QEMU before 9.1. There a RETF or IRET in ring 3 reads the user
 * stack as if ring 0 did, so with SMAP on it faults, for ever (docs/hazards/pf-user-bit.md).
 * It is how 64-bit code enters 32-bit code, so the instruction is carried out here instead.
 *
 * Only what ring 3 may do is done: the new CS is one of the two user code segments, SS the
 * user's, and of rflags what POPF and IRET may change at CPL 3 (SDM vol. 2, RET and IRET).
 * Called by sys/fault.c once it knows that the page was there.
 */
#include "sys/farret.h"
#include "base/uaddr.h"
#include "cpu/desc.h"
#include "cpu/uaccess.h"

#define REX_W 0x48
#define OP_RETF_IMM 0xca
#define OP_RETF 0xcb
#define OP_IRET 0xcf

#define SELECTOR_MASK 0xffffull
/* CF PF AF ZF SF TF DF OF NT RF AC ID: not IF, IOPL, VM, VIF, VIP. */
#define RFLAGS_USER 0x254dd5ull

struct far_insn {
	u8 opcode;
	u32 slot; /* bytes of a stack slot */
	u64 drop; /* bytes released beyond what is popped (RETF imm16) */
};

static bool in_64bit_code(const struct trapframe *tf)
{
	return tf->cs == USER_CS64;
}

/* Other prefixes than REX.W do not occur in compilers' and libraries' far returns. */
static bool insn_decode(const struct trapframe *tf, struct far_insn *insn)
{
	u8 b[4] = { 0 }, *p = b;
	u64 got;

	/* The instruction may be the last of its page: what there is will do. */
	if (copyin_some(b, tf->rip, sizeof b, &got) && got == 0)
		return false;
	*insn = (struct far_insn){ .slot = 4 };
	if (in_64bit_code(tf) && *p == REX_W) {
		insn->slot = 8;
		p++;
	}
	insn->opcode = *p++;
	if (insn->opcode == OP_RETF_IMM)
		insn->drop = (u64)p[0] | (u64)p[1] << 8;
	return insn->opcode == OP_RETF || insn->opcode == OP_RETF_IMM || insn->opcode == OP_IRET;
}

/* n slots from the top of the stack, each zero-extended. */
static bool stack_read(const struct trapframe *tf, u32 slot, u64 *out, u32 n)
{
	uaddr_t sp = in_64bit_code(tf) ? tf->rsp : (u32)tf->rsp;

	for (u32 i = 0; i < n; i++) {
		out[i] = 0;
		if (copyin(&out[i], sp + (u64)i * slot, slot))
			return false;
	}
	return true;
}

static bool target_ok(u64 rip, u64 cs)
{
	if (cs == USER_CS64)
		return rip < USER_TOP;
	return cs == USER_CS32 && rip <= UINT32_MAX;
}

static bool retf(struct trapframe *tf, const struct far_insn *insn)
{
	u64 s[2]; /* rip cs */

	if (!stack_read(tf, insn->slot, s, 2) || !target_ok(s[0], s[1] & SELECTOR_MASK))
		return false;
	tf->rip = s[0];
	tf->cs = s[1] & SELECTOR_MASK;
	tf->rsp += 2 * insn->slot + insn->drop;
	return true;
}

/* In 64-bit code IRET pops rsp and ss always, in 32-bit code only to leave a ring. */
static bool iret(struct trapframe *tf, const struct far_insn *insn)
{
	u64 s[5]; /* rip cs rflags rsp ss */
	bool long_form = in_64bit_code(tf);

	if (!stack_read(tf, insn->slot, s, long_form ? 5 : 3) ||
	    !target_ok(s[0], s[1] & SELECTOR_MASK))
		return false;
	if (long_form && (s[4] & SELECTOR_MASK) != USER_SS)
		return false;
	tf->rip = s[0];
	tf->cs = s[1] & SELECTOR_MASK;
	tf->rflags = (tf->rflags & ~RFLAGS_USER) | (s[2] & RFLAGS_USER);
	tf->rsp = long_form ? s[3] : (u32)tf->rsp + 3 * insn->slot;
	return true;
}

bool far_return_emulate(struct trapframe *tf)
{
	struct far_insn insn;

	if (!insn_decode(tf, &insn))
		return false;
	return insn.opcode == OP_IRET ? iret(tf, &insn) : retf(tf, &insn);
}
