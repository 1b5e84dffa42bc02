/* SPDX-License-Identifier: MIT */
/*
 * Compiled to assembly only: the Makefile turns the marked lines into
 * gen/frame_offsets.h, so that no offset is ever typed by hand.
 */
#include "cpu/frame.h"
#include "cpu/percpu.h"
#include "cpu/switch.h"

#define OFFSET(name, type, member) \
	__asm__ volatile(".ascii \"@@ " #name " %c0\"" : : "i"(offsetof(type, member)))
#define VALUE(name, v) __asm__ volatile(".ascii \"@@ " #name " %c0\"" : : "i"(v))

void offsets(void);
void offsets(void)
{
	VALUE(TF_SIZE, sizeof(struct trapframe));
	OFFSET(TF_VECTOR, struct trapframe, vector);
	OFFSET(TF_ORIG_RAX, struct trapframe, orig_rax);
	OFFSET(TF_RAX, struct trapframe, rax);
	OFFSET(TF_RIP, struct trapframe, rip);
	OFFSET(TF_CS, struct trapframe, cs);
	OFFSET(TF_RFLAGS, struct trapframe, rflags);
	OFFSET(TF_RSP, struct trapframe, rsp);
	OFFSET(PC_USER_RSP, struct percpu, user_rsp);
	OFFSET(PC_WORK, struct percpu, work);
	OFFSET(TF_R11, struct trapframe, r11);
	OFFSET(PC_KSTACK_TOP, struct percpu, kstack_top);
	OFFSET(CTX_RSP, struct context, rsp);
	VALUE(RFLAGS_TF_RF, RFLAGS_TF | RFLAGS_RF);
	VALUE(VECTOR_SYSCALL64, VECTOR_DOOR(DOOR_SYSCALL64));
	VALUE(VECTOR_SYSCALL32, VECTOR_DOOR(DOOR_SYSCALL32));
	VALUE(VECTOR_SYSENTER, VECTOR_DOOR(DOOR_SYSENTER));
	VALUE(VECTOR_INT80, VECTOR_DOOR(DOOR_INT80));
}
