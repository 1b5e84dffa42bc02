/* SPDX-License-Identifier: MIT */
/* Calendar arithmetic and formatting for fixed instants, in UTC and in POSIX time zones. */
#include "check.h"

#include <time.h>

static void show(time_t t, const char *zone)
{
	char text[120];
	struct tm tm;

	setenv("TZ", zone, 1);
	tzset();
	NEED(localtime_r(&t, &tm) != NULL);
	strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z %z %A %B %j %U %u %C %y %p %c", &tm);
	printf("%s dst %d back %d\n", text, tm.tm_isdst, mktime(&tm) == t);
}

int main(void)
{
	static const time_t instants[] = { 0,	       -1,	   951782400,	1234567890,
					   1711846800, 4102444799, (time_t)253402300799 };
	static const char *zones[] = { "UTC0", "EST5EDT,M3.2.0,M11.1.0",
				       "CET-1CEST,M3.5.0,M10.5.0/3", "<+0530>-5:30" };
	struct tm tm = { .tm_year = 124, .tm_mon = 13, .tm_mday = 35, .tm_hour = 30 };
	char text[40];

	for (unsigned z = 0; z < 4; z++)
		for (unsigned i = 0; i < 7; i++)
			show(instants[i], zones[z]);
	setenv("TZ", "UTC0", 1);
	tzset();
	printf("normalised %lld\n", (long long)mktime(&tm));
	printf("%s", asctime_r(gmtime(&instants[3]), text));
	printf("%.0f\n", difftime(instants[3], instants[0]));
	return 0;
}
