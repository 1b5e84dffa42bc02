/* SPDX-License-Identifier: MIT */
/* Prints its arguments byte by byte: empty ones, spaces, newlines, bytes above 127. */
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	printf("argc %d, terminated %d\n", argc, argv[argc] == NULL);
	for (int i = 1; i < argc; i++) {
		printf("%d: %zu:", i, strlen(argv[i]));
		for (const unsigned char *c = (unsigned char *)argv[i];
		     *c && c < (unsigned char *)argv[i] + 64; c++)
			printf(*c > 32 && *c < 127 ? "%c" : "\\%03o", *c);
		putchar('\n');
	}
	return argc & 0x7f;
}
