/* SPDX-License-Identifier: MIT */
/*
 * What a program finds in the registers at its very first instruction: zero everywhere but
 * rsp and rip, clean vector and x87 state, no flag but IF, flat null data segments, a stack
 * aligned to 16 with argc on top. No C library, so nothing has touched them before. Exits 0
 * when all is well; otherwise the status is the number of the first fact that does not hold.
 */

struct {
	unsigned long gpr[16], flags, cs, ss, ds, es, fs, gs;
	unsigned int mxcsr;
	unsigned short fpu[14]; /* fnstenv's image */
	_Alignas(16) unsigned char xmm[16][16];
} entry;

__asm__(".text\n"
	".globl _start\n"
	"_start:\n"
	"	mov %rax, entry+0(%rip)\n"
	"	mov %rcx, entry+8(%rip)\n"
	"	mov %rdx, entry+16(%rip)\n"
	"	mov %rbx, entry+24(%rip)\n"
	"	mov %rsp, entry+32(%rip)\n"
	"	mov %rbp, entry+40(%rip)\n"
	"	mov %rsi, entry+48(%rip)\n"
	"	mov %rdi, entry+56(%rip)\n"
	"	mov %r8, entry+64(%rip)\n"
	"	mov %r9, entry+72(%rip)\n"
	"	mov %r10, entry+80(%rip)\n"
	"	mov %r11, entry+88(%rip)\n"
	"	mov %r12, entry+96(%rip)\n"
	"	mov %r13, entry+104(%rip)\n"
	"	mov %r14, entry+112(%rip)\n"
	"	mov %r15, entry+120(%rip)\n"
	"	pushfq\n"
	"	pop entry+128(%rip)\n"
	"	xor %eax, %eax\n"
	"	mov %cs, %eax\n	mov %rax, entry+136(%rip)\n"
	"	mov %ss, %eax\n	mov %rax, entry+144(%rip)\n"
	"	mov %ds, %eax\n	mov %rax, entry+152(%rip)\n"
	"	mov %es, %eax\n	mov %rax, entry+160(%rip)\n"
	"	mov %fs, %eax\n	mov %rax, entry+168(%rip)\n"
	"	mov %gs, %eax\n	mov %rax, entry+176(%rip)\n"
	"	stmxcsr entry+184(%rip)\n"
	"	fnstenv entry+188(%rip)\n"
	"	.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
	"	movdqu %xmm\\n, entry+224+16*\\n(%rip)\n"
	"	.endr\n"
	"	mov entry+32(%rip), %rdi\n"
	"	and $-16, %rsp\n"
	"	call check\n"
	"	mov %eax, %edi\n"
	"	mov $231, %eax\n"
	"	syscall\n");

__attribute__((used)) int check(const unsigned long *sp);
int check(const unsigned long *sp)
{
	_Static_assert(__builtin_offsetof(__typeof__(entry), xmm) == 224, "offset used above");

	for (int i = 0; i < 16; i++)
		if (i != 4 && entry.gpr[i])
			return 1 + i;
	if ((unsigned long)sp % 16)
		return 17;
	if ((entry.flags & ~0x200ul) != 2)
		return 18;
	if ((entry.cs & 3) != 3 || (entry.ss & 3) != 3)
		return 19;
	if (entry.ds || entry.es || entry.fs || entry.gs)
		return 20;
	if (entry.mxcsr != 0x1f80)
		return 21;
	/* control 0x37f, status 0, every register empty */
	if (entry.fpu[0] != 0x37f || (entry.fpu[2] & 0x3fff) || entry.fpu[4] != 0xffff)
		return 22;
	for (int i = 0; i < 16; i++)
		for (int j = 0; j < 16; j++)
			if (entry.xmm[i][j])
				return 23;
	if (sp[0] < 1 || sp[0] > 100 || !sp[1] || sp[1 + sp[0]])
		return 24; /* argc, argv, its end */
	return 0;
}
