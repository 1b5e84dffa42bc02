/* SPDX-License-Identifier: MIT */
/*
 * INT n for one vector: `fault_ints N`. Only 3 and 0x80 are the user's; any other must end
 * the program with SIGSEGV, whatever the kernel itself uses the vector for. Errata E14, E33,
 * E39; security row 28.
 */
#include "fault.h"

int main(int argc, char **argv)
{
	static unsigned char *code;
	int vector = argc > 1 ? atoi(argv[1]) : 0;

	setvbuf(stdout, NULL, _IONBF, 0);
	code = map_pages(1, PROT_READ | PROT_WRITE);
	code[0] = 0xcd;
	code[1] = vector;
	code[2] = 0xc3;
	mprotect(code, PAGE, PROT_READ | PROT_EXEC);
	long result = 9999;
	__asm__ volatile("call *%1"
			 : "+a"(result)
			 : "r"(code)
			 : "rcx", "r8", "r9", "r10", "r11", "memory", "cc");
	printf("back with %ld\n", result);
	return 0;
}
