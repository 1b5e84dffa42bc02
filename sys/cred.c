/* SPDX-License-Identifier: MIT */
/*
 * Calls of group @cred: user and group ids, supplementary groups, capabilities.
 * Manual: credentials(7), capabilities(7). The rules are Linux's; what they protect is
 * kernel/fs's business.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/flags.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"
#include "sys/cred_impl.h"

#define ID_UNCHANGED UINT32_MAX
#define NGROUPS_LINUX_MAX 65536

enum { CAP_SETGID = 6, CAP_SETUID = 7, CAP_SETPCAP = 8 };

#define CAP_VERSION_1 0x19980330 /* 32 capabilities */
#define CAP_VERSION_2 0x20071026 /* 64, deprecated spelling of the next */
#define CAP_VERSION_3 0x20080522

static bool capable(const struct proc *p, u32 cap)
{
	return p->attr.cap_effective >> cap & 1;
}

long sys_getuid(void)
{
	return current_proc()->cred.uid;
}

long sys_geteuid(void)
{
	return current_proc()->cred.euid;
}

long sys_getgid(void)
{
	return current_proc()->cred.gid;
}

long sys_getegid(void)
{
	return current_proc()->cred.egid;
}

/* Three ids that change together, and what each may become without privilege. */
struct ids {
	u32 real, effective, saved;
};

static bool is_one_of(u32 id, const struct ids *old)
{
	return id == old->real || id == old->effective || id == old->saved;
}

static struct ids user_ids(const struct cred *c)
{
	return (struct ids){ c->uid, c->euid, c->suid };
}

static struct ids group_ids(const struct cred *c)
{
	return (struct ids){ c->gid, c->egid, c->sgid };
}

/* Leaving or regaining user 0 changes capabilities (capabilities(7), "Effect of user ID
 * changes"). */
static void caps_follow_uids(struct proc_attr *a, const struct ids *old, const struct ids *new)
{
	bool had_root = !old->real || !old->effective || !old->saved;
	bool has_root = !new->real || !new->effective || !new->saved;

	if (had_root && !has_root && !a->keep_caps)
		a->cap_permitted = a->cap_effective = 0;
	if (!old->effective && new->effective)
		a->cap_effective = 0;
	if (old->effective && !new->effective)
		a->cap_effective = a->cap_permitted;
}

static void user_ids_set(struct proc *p, const struct ids *new)
{
	struct ids old = user_ids(&p->cred);

	p->cred.uid = new->real;
	p->cred.euid = new->effective;
	p->cred.suid = new->saved;
	caps_follow_uids(&p->attr, &old, new);
}

static void group_ids_set(struct proc *p, const struct ids *new)
{
	p->cred.gid = new->real;
	p->cred.egid = new->effective;
	p->cred.sgid = new->saved;
}

/* setuid, setgid: all three with privilege, else only the effective one. */
static err_t ids_after_set(struct ids *ids, u32 id, bool privileged)
{
	if (id == ID_UNCHANGED)
		return -EINVAL;
	if (privileged)
		*ids = (struct ids){ id, id, id };
	else if (id == ids->real || id == ids->saved)
		ids->effective = id;
	else
		return -EPERM;
	return 0;
}

/* setreuid, setregid. */
static err_t ids_after_setre(struct ids *ids, u32 real, u32 effective, bool privileged)
{
	const struct ids old = *ids;

	if (real != ID_UNCHANGED) {
		if (real != old.real && real != old.effective && !privileged)
			return -EPERM;
		ids->real = real;
	}
	if (effective != ID_UNCHANGED) {
		if (!is_one_of(effective, &old) && !privileged)
			return -EPERM;
		ids->effective = effective;
	}
	if (real != ID_UNCHANGED || (effective != ID_UNCHANGED && effective != old.real))
		ids->saved = ids->effective;
	return 0;
}

/* setresuid, setresgid. */
static err_t ids_after_setres(struct ids *ids, const struct ids *want, bool privileged)
{
	const struct ids old = *ids;
	const u32 wanted[3] = { want->real, want->effective, want->saved };
	u32 *const slots[3] = { &ids->real, &ids->effective, &ids->saved };

	for (u32 i = 0; i < 3; i++) {
		if (wanted[i] == ID_UNCHANGED)
			continue;
		if (!is_one_of(wanted[i], &old) && !privileged)
			return -EPERM;
		*slots[i] = wanted[i];
	}
	return 0;
}

long sys_setuid(u32 uid)
{
	struct proc *p = current_proc();
	spin_guard(&p->lock);
	struct ids ids = user_ids(&p->cred);
	err_t e = ids_after_set(&ids, uid, capable(p, CAP_SETUID));

	if (!e)
		user_ids_set(p, &ids);
	return e;
}

long sys_setgid(u32 gid)
{
	struct proc *p = current_proc();
	spin_guard(&p->lock);
	struct ids ids = group_ids(&p->cred);
	err_t e = ids_after_set(&ids, gid, capable(p, CAP_SETGID));

	if (!e)
		group_ids_set(p, &ids);
	return e;
}

long sys_setreuid(u32 ruid, u32 euid)
{
	struct proc *p = current_proc();
	spin_guard(&p->lock);
	struct ids ids = user_ids(&p->cred);
	err_t e = ids_after_setre(&ids, ruid, euid, capable(p, CAP_SETUID));

	if (!e)
		user_ids_set(p, &ids);
	return e;
}

long sys_setregid(u32 rgid, u32 egid)
{
	struct proc *p = current_proc();
	spin_guard(&p->lock);
	struct ids ids = group_ids(&p->cred);
	err_t e = ids_after_setre(&ids, rgid, egid, capable(p, CAP_SETGID));

	if (!e)
		group_ids_set(p, &ids);
	return e;
}

long sys_setresuid(u32 ruid, u32 euid, u32 suid)
{
	struct proc *p = current_proc();
	spin_guard(&p->lock);
	struct ids ids = user_ids(&p->cred), want = { ruid, euid, suid };
	err_t e = ids_after_setres(&ids, &want, capable(p, CAP_SETUID));

	if (!e)
		user_ids_set(p, &ids);
	return e;
}

long sys_setresgid(u32 rgid, u32 egid, u32 sgid)
{
	struct proc *p = current_proc();
	spin_guard(&p->lock);
	struct ids ids = group_ids(&p->cred), want = { rgid, egid, sgid };
	err_t e = ids_after_setres(&ids, &want, capable(p, CAP_SETGID));

	if (!e)
		group_ids_set(p, &ids);
	return e;
}

static long put_ids(const struct ids *ids, uout_uid real, uout_uid effective, uout_uid saved)
{
	err_t e = put_user(real, &ids->real);

	if (!e)
		e = put_user(effective, &ids->effective);
	return e ? e : put_user(saved, &ids->saved);
}

long sys_getresuid(uout_uid ruid, uout_uid euid, uout_uid suid)
{
	struct ids ids = user_ids(&current_proc()->cred);
	return put_ids(&ids, ruid, euid, suid);
}

long sys_getresgid(uout_uid rgid, uout_uid egid, uout_uid sgid)
{
	struct ids ids = group_ids(&current_proc()->cred);
	return put_ids(&ids, rgid, egid, sgid);
}

long sys_getgroups(int size, uout_uid list)
{
	const struct proc_attr *a = &current_proc()->attr;
	err_t e = 0;

	if (size < 0)
		return -EINVAL;
	if (size) {
		if (a->ngroups > (u32)size)
			return -EINVAL;
		e = copyout(list.a, a->groups, a->ngroups * sizeof a->groups[0]);
	}
	return e ? e : (long)a->ngroups;
}

err_t groups_check(int size)
{
	if (!capable(current_proc(), CAP_SETGID))
		return -EPERM;
	if (size < 0 || size > NGROUPS_LINUX_MAX)
		return -EINVAL;
	return size > PROC_GROUPS_MAX ? -ENOMEM : 0;
}

void groups_set(const u32 *groups, u32 n)
{
	struct proc *p = current_proc();

	spin_guard(&p->lock);
	for (u32 i = 0; i < n; i++)
		p->attr.groups[i] = groups[i];
	p->attr.ngroups = n;
}

long sys_setgroups(int size, uin_uid list)
{
	u32 groups[PROC_GROUPS_MAX];
	err_t e = groups_check(size);

	if (!e)
		e = copyin(groups, list.a, (u64)size * sizeof groups[0]);
	if (!e)
		groups_set(groups, (u32)size);
	return e;
}

/* How many l64_cap_data a version has; 0: unknown. */
static u32 cap_words(u32 version)
{
	switch (version) {
	case CAP_VERSION_1:
		return 1;
	case CAP_VERSION_2:
	case CAP_VERSION_3:
		return 2;
	default:
		return 0;
	}
}

long sys_capget(uinout_cap_header header, uout_cap_data data)
{
	struct proc *p = current_proc();
	const struct proc_attr *a = &p->attr;
	struct l64_cap_header h;
	struct l64_cap_data out[2];
	err_t e = get_user(&h, header);

	if (e)
		return e;
	if (!cap_words(h.version)) {
		/* Tells the version it prefers; just a question when data is NULL. */
		h.version = CAP_VERSION_3;
		e = put_user(header, &h);
		return e ? e : data.a ? -EINVAL : 0;
	}
	if (h.pid < 0)
		return -EINVAL;
	if (h.pid && (u32)h.pid != p->pid)
		return -ESRCH;
	if (!data.a)
		return 0;
	for (u32 i = 0; i < 2; i++)
		out[i] = (struct l64_cap_data){ (u32)(a->cap_effective >> 32 * i),
						(u32)(a->cap_permitted >> 32 * i),
						(u32)(a->cap_inheritable >> 32 * i) };
	return copyout(data.a, out, cap_words(h.version) * sizeof out[0]);
}

static err_t caps_change(struct proc *p, u64 effective, u64 permitted, u64 inheritable)
{
	struct proc_attr *a = &p->attr;
	u64 may_inherit = a->cap_inheritable | (capable(p, CAP_SETPCAP) ? a->cap_bounding : 0) |
			  a->cap_permitted;

	if ((permitted & ~a->cap_permitted) || (effective & ~permitted) ||
	    (inheritable & ~may_inherit))
		return -EPERM;
	a->cap_effective = effective;
	a->cap_permitted = permitted;
	a->cap_inheritable = inheritable;
	return 0;
}

long sys_capset(uin_cap_header header, uin_cap_data data)
{
	struct proc *p = current_proc();
	struct l64_cap_header h;
	struct l64_cap_data in[2] = { { 0 } };
	err_t e = get_user(&h, header);

	if (e)
		return e;
	if (!cap_words(h.version)) {
		u32 version = CAP_VERSION_3;
		e = copyout(header.a, &version, sizeof version);
		return e ? e : -EINVAL;
	}
	if (h.pid && (u32)h.pid != p->pid)
		return -EPERM;
	e = copyin(in, data.a, cap_words(h.version) * sizeof in[0]);
	if (e)
		return e;
	spin_guard(&p->lock);
	return caps_change(p, in[0].effective | (u64)in[1].effective << 32,
			   in[0].permitted | (u64)in[1].permitted << 32,
			   in[0].inheritable | (u64)in[1].inheritable << 32);
}
