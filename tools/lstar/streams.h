/* SPDX-License-Identifier: MIT */
/*
 * The program's standard streams: a ring on one side, a descriptor of the launcher on
 * the other. Output moves as soon as there is some. Input is read only once the guest
 * asks for it, so that a program that reads nothing takes nothing away from the shell
 * or loop around it; a terminal is asked line by line.
 */
#ifndef TOOLS_LSTAR_STREAMS_H
#define TOOLS_LSTAR_STREAMS_H

#include <poll.h>

#include "tools/lstar/hostfd.h"
#include "tools/lstar/link.h"
#include "tools/lstar/ring.h"

struct output {
	struct ring ring;
	struct hostfd host;
	bool open;    /* the host's end is there and wants bytes */
	bool blocked; /* it takes none at present: poll for POLLOUT */
	int error;    /* errno of a failed write other than EPIPE */
};

struct input {
	struct ring ring;
	struct hostfd host;
	bool open;
	bool interested; /* the guest asked at least once */
	bool refused;	 /* there is input, but the guest has not asked */
	bool full;
	bool at_eof; /* a terminal's end of file: the guest may clear it and read on */
};

enum stream_result {
	STREAM_IDLE,   /* nothing to do */
	STREAM_MOVED,  /* bytes moved or a state changed */
	STREAM_BROKEN, /* the guest's counters make no sense */
};

/* open: the descriptor was open when the launcher started. */
void output_open(struct output *o, int standard, bool open);
/* The link is up: false when the guest's description of the ring is broken. */
MUST_CHECK bool output_attach(struct output *o, struct link *l, enum hl_stream stream);
enum stream_result output_pump(struct output *o, struct link *l);
/* Is nothing left that could still be written? */
bool output_drained(const struct output *o);
/* After arming the wake-up: is there work after all? */
bool output_ready(const struct output *o);
void output_poll(struct output *o, struct pollfd *pfd);
void output_polled(struct output *o, struct link *l, const struct pollfd *pfd);

void input_open(struct input *in, bool open);
MUST_CHECK bool input_attach(struct input *in, struct link *l);
enum stream_result input_pump(struct input *in, struct link *l);
bool input_ready(struct input *in);
void input_poll(struct input *in, struct pollfd *pfd);
void input_polled(struct input *in, const struct pollfd *pfd);
/* Give back what was read ahead, where the host's file allows it. */
void input_return_unread(struct input *in);

#endif
