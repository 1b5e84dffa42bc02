/* SPDX-License-Identifier: MIT */
/*
 * The calls of @cred as i386 programs first had them, with 16-bit ids. What they do is
 * sys/cred.c's. Manual: credentials(7).
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/sysproto.h"
#include "kernel/proc/proc.h"
#include "sys/cred_impl.h"
#include "sys/ids16.h"

long sys_getuid16(void)
{
	return id_narrow(current_proc()->cred.uid);
}

long sys_geteuid16(void)
{
	return id_narrow(current_proc()->cred.euid);
}

long sys_getgid16(void)
{
	return id_narrow(current_proc()->cred.gid);
}

long sys_getegid16(void)
{
	return id_narrow(current_proc()->cred.egid);
}

long sys_setuid16(u32 uid)
{
	return sys_setuid(id_widen(uid));
}

long sys_setgid16(u32 gid)
{
	return sys_setgid(id_widen(gid));
}

long sys_setreuid16(u32 ruid, u32 euid)
{
	return sys_setreuid(id_widen(ruid), id_widen(euid));
}

long sys_setregid16(u32 rgid, u32 egid)
{
	return sys_setregid(id_widen(rgid), id_widen(egid));
}

long sys_setresuid16(u32 ruid, u32 euid, u32 suid)
{
	return sys_setresuid(id_widen(ruid), id_widen(euid), id_widen(suid));
}

long sys_setresgid16(u32 rgid, u32 egid, u32 sgid)
{
	return sys_setresgid(id_widen(rgid), id_widen(egid), id_widen(sgid));
}

static long put_ids16(const u32 ids[3], uout_id16 real, uout_id16 effective, uout_id16 saved)
{
	u16 narrow[3] = { id_narrow(ids[0]), id_narrow(ids[1]), id_narrow(ids[2]) };
	err_t e = put_user(real, &narrow[0]);

	if (!e)
		e = put_user(effective, &narrow[1]);
	return e ? e : put_user(saved, &narrow[2]);
}

long sys_getresuid16(uout_id16 ruid, uout_id16 euid, uout_id16 suid)
{
	const struct cred *c = &current_proc()->cred;
	return put_ids16((u32[]){ c->uid, c->euid, c->suid }, ruid, euid, suid);
}

long sys_getresgid16(uout_id16 rgid, uout_id16 egid, uout_id16 sgid)
{
	const struct cred *c = &current_proc()->cred;
	return put_ids16((u32[]){ c->gid, c->egid, c->sgid }, rgid, egid, sgid);
}

long sys_getgroups16(int size, uout_id16 list)
{
	const struct proc_attr *a = &current_proc()->attr;
	u16 narrow[PROC_GROUPS_MAX];
	err_t e = 0;

	if (size < 0 || (size && a->ngroups > (u32)size))
		return -EINVAL;
	for (u32 i = 0; i < a->ngroups; i++)
		narrow[i] = id_narrow(a->groups[i]);
	if (size)
		e = copyout(list.a, narrow, a->ngroups * sizeof narrow[0]);
	return e ? e : (long)a->ngroups;
}

long sys_setgroups16(int size, uin_id16 list)
{
	u16 narrow[PROC_GROUPS_MAX];
	u32 groups[PROC_GROUPS_MAX];
	err_t e = groups_check(size);

	if (!e)
		e = copyin(narrow, list.a, (u64)size * sizeof narrow[0]);
	for (int i = 0; !e && i < size; i++)
		groups[i] = id_widen(narrow[i]);
	if (!e)
		groups_set(groups, (u32)size);
	return e;
}
