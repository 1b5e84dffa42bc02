/* SPDX-License-Identifier: MIT */
/* The C locale, character classes and multibyte conversion; a locale that does not exist. */
#include "check.h"

#include <ctype.h>
#include <locale.h>
#include <wchar.h>
#include <wctype.h>

int main(void)
{
	wchar_t wide[32];
	char narrow[32];

	printf("%s\n", setlocale(LC_ALL, "C"));
	CHECK(setlocale(LC_ALL, "C") != NULL);
	struct lconv *conv = localeconv();
	printf("point '%s' separator '%s' currency '%s'\n", conv->decimal_point,
	       conv->thousands_sep, conv->currency_symbol);
	for (int c = 0; c < 128; c++) {
		unsigned class = (isalpha(c) != 0) + 2 * (isdigit(c) != 0) + 4 * (isspace(c) != 0) +
				 8 * (ispunct(c) != 0) + 16 * (isupper(c) != 0) +
				 32 * (iscntrl(c) != 0) + 64 * (isxdigit(c) != 0) +
				 128 * (isprint(c) != 0);
		printf("%02x%c", class, c % 16 == 15 ? '\n' : ' ');
	}
	printf("%d %d\n", toupper('q'), tolower('Q'));
	CHECK(strcoll("abc", "abd") < 0 && strxfrm(narrow, "abc", sizeof narrow) == 3);
	printf("%zu %ls\n", mbstowcs(wide, "wide text", 32), wide);
	CHECK(wcstombs(narrow, L"back", sizeof narrow) == 4 && !strcmp(narrow, "back"));
	CHECK(wcslen(L"four") == 4 && wcscmp(L"a", L"b") < 0 && iswdigit(L'7') &&
	      towupper(L'x') == L'X');
	swprintf(wide, 32, L"%d-%ls-%.2f", 12, L"w", 0.5);
	printf("%ls %ld\n", wide, wcstol(L"  99x", NULL, 10));
	return check_failures != 0;
}
