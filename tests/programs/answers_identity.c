/* SPDX-License-Identifier: MIT */
/* Users, groups and capabilities: what root may become, and what nobody may become again. */
#define _GNU_SOURCE
#include "check.h"
#include "answers.h"

#include <sys/prctl.h>
#include <sys/resource.h>

struct cap_header {
	unsigned version;
	int pid;
};
struct cap_data {
	unsigned effective, permitted, inheritable;
};

#define VERSION_3 0x20080522

static unsigned a, b, c;

static void user_ids_print(void)
{
	call(getresuid, &a, &b, &c);
	printf("uids %u %u %u\n", a, b, c);
}

static void group_ids_print(void)
{
	call(getresgid, &a, &b, &c);
	printf("gids %u %u %u\n", a, b, c);
}

static void groups(void)
{
	unsigned two[2] = { 5, 6 }, list[4] = { 0 };

	ANSWER(call(setgroups, 2, two));
	ANSWER(call(getgroups, 0, 0));
	ANSWER(call(getgroups, 1, list));
	ANSWER(call(getgroups, -1, list));
	ANSWER(call(getgroups, 4, list));
	ANSWER(list[0] * 10 + list[1]);
	ANSWER(call(getgroups, 4, BAD));
	ANSWER(call(setgroups, 2, BAD));
	ANSWER(call(setgroups, -1, 0));
	ANSWER(call(setgroups, 65537, list));
	ANSWER(call(setgroups, 0, 0));
	ANSWER(call(setresgid, 7, 8, 9));
	ANSWER(call(getegid));
	ANSWER(call(setregid, -1, 7));
	group_ids_print();
	ANSWER(call(setgid, 4));
	group_ids_print();
	ANSWER(call(setgid, -1));
}

static void capabilities(void)
{
	struct cap_header h = { VERSION_3, 0 };
	struct cap_data d[2];

	ANSWER(call(capget, &h, d));
	ANSWER(d[0].effective == d[0].permitted);
	ANSWER(call(capget, &h, 0));
	h.version = 1;
	ANSWER(call(capget, &h, d));
	printf("%x\n", h.version);
	h.version = 1;
	ANSWER(call(capget, &h, 0));
	h.pid = -1;
	ANSWER(call(capget, &h, d));
	h.pid = NOBODY;
	ANSWER(call(capget, &h, d));
	ANSWER(call(capset, &h, d));
	h.pid = 0;
	ANSWER(call(capget, &h, BAD));
	ANSWER(call(capget, BAD, d));
	ANSWER(call(capset, BAD, d));
	ANSWER(call(capset, &h, BAD));
}

static void leaving_root(void)
{
	ANSWER(call(getresuid, BAD, &b, &c));
	ANSWER(call(getresuid, &a, BAD, &c));
	ANSWER(call(setuid, -1));
	ANSWER(call(setresuid, -1, -1, -1));
	ANSWER(call(setresuid, 1000, 1000, 0));
	ANSWER(call(setuid, 1001));
	ANSWER(call(setresuid, -1, 0, -1));
	ANSWER(call(setreuid, -1, 0));
	ANSWER(call(setuid, 0));
	user_ids_print();
	ANSWER(call(setresuid, 0, 1000, 0));
	ANSWER(call(setgid, 9));
	ANSWER(call(setresuid, 1000, 1000, 1000));
	user_ids_print();
}

/* Nothing comes back. */
static void as_nobody(void)
{
	struct cap_header h = { VERSION_3, 0 };
	struct cap_data d[2];
	struct rlimit r = { 1 << 20, 1 << 20 };

	ANSWER(call(setuid, 0));
	ANSWER(call(setresuid, -1, 0, -1));
	ANSWER(call(setgroups, 0, 0));
	ANSWER(call(capget, &h, d));
	ANSWER(d[0].effective | d[0].permitted | d[1].effective | d[1].permitted);
	ANSWER(call(setpriority, PRIO_PROCESS, 0, 1));
	ANSWER(prctl(PR_CAPBSET_DROP, 1));
	ANSWER(call(setrlimit, RLIMIT_CORE, &r));
	ANSWER(call(getrlimit, RLIMIT_CORE, &r));
	r.rlim_cur = r.rlim_max = 5;
	ANSWER(call(setrlimit, RLIMIT_CORE, &r));
	r.rlim_max = 6;
	ANSWER(call(setrlimit, RLIMIT_CORE, &r));
	d[0].effective = 1;
	ANSWER(call(capset, &h, d));
}

int main(void)
{
	if (getuid() != 0)
		SKIP("needs to start as root");
	groups();
	capabilities();
	leaving_root();
	as_nobody();
	return 0;
}
