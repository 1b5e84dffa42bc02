/* SPDX-License-Identifier: MIT */
/* The bytes of a traced call: collecting them from records, finding them for a printer. */
#include <stdlib.h>

#include "tools/lstar/strace_impl.h"

static struct user_data *find(const struct traced_call *c, unsigned arg, unsigned dir, u32 element)
{
	for (size_t i = 0; i < c->ndata; i++) {
		struct user_data *d = &c->data[i];

		if (d->arg == arg && d->dir == dir && d->element == element)
			return d;
	}
	return NULL;
}

const struct user_data *call_data(const struct traced_call *c, unsigned arg, enum arg_dir dir,
				  u32 element)
{
	return find(c, arg, dir, element);
}

void call_add_data(struct traced_call *c, const struct tr_data *record, size_t length)
{
	struct user_data *d = find(c, record->arg, record->dir, record->element);

	if (!d) {
		struct user_data *grown = xmalloc((c->ndata + 1) * sizeof *grown);

		for (size_t i = 0; i < c->ndata; i++)
			grown[i] = c->data[i];
		free(c->data);
		c->data = grown;
		d = &c->data[c->ndata++];
		*d = (struct user_data){ .arg = record->arg,
					 .dir = record->dir,
					 .element = record->element };
	}
	d->fault |= (record->flags & TR_FAULT) != 0;
	buf_add(&d->bytes, record->bytes, length);
}

void call_clear(struct traced_call *c)
{
	for (size_t i = 0; i < c->ndata; i++)
		buf_free(&c->data[i].bytes);
	free(c->data);
	*c = (struct traced_call){ .strsize = c->strsize };
}

u64 call_number(const struct traced_call *c, unsigned arg)
{
	return sysdesc_number(c->abi, c->desc->args[arg].repr, c->args[arg]);
}

const struct arg_desc *call_arg(const struct traced_call *c, unsigned arg)
{
	const struct arg_desc *desc = &c->desc->args[arg];

	if (desc->class != ARG_VARIANT)
		return desc;
	return sysdesc_variant(desc->set, call_number(c, desc->count_arg));
}

bool call_failed(const struct traced_call *c)
{
	return c->value < 0 && c->value >= -4095;
}
