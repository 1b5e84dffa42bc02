/* SPDX-License-Identifier: MIT */
/* How a run ended; see outcome.h. */
#include <stdarg.h>
#include <stdio.h>

#include "tools/lstar/outcome.h"

void outcome_set(struct outcome *o, enum outcome_kind kind, int value, const char *fmt, ...)
{
	va_list ap;

	if (o->kind != OUTCOME_NONE)
		return;
	o->kind = kind;
	o->value = value;
	va_start(ap, fmt);
	vsnprintf(o->text, sizeof(o->text), fmt, ap);
	va_end(ap);
}
