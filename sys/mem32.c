/* SPDX-License-Identifier: MIT */
/*
 * The i386 forms of mmap and mremap: places lie below 4 GiB, whoever asks, because no other
 * address fits the answer. What they do is sys/mem.c's.
 */
#include "cpu/uaccess.h"
#include "gen/errno.h"
#include "gen/sysproto.h"
#include "sys/mem_impl.h"

#define BELOW_4G (1ull << 32)

/* The offset counts pages, so that 32 bits reach 16 TiB. */
long sys_mmap2(uaddr_t addr, u64 length, u64 prot, u64 flags, int fd, u64 page)
{
	return map_memory(addr, length, prot, flags, fd, (s64)(page << PAGE_SHIFT), BELOW_4G);
}

/* The first mmap, from before there were six registers for it. */
long sys_mmap_old(uin_mmap_args args)
{
	struct l32_mmap_args a;
	err_t e = get_user(&a, args);

	if (e)
		return e;
	if (a.offset & (PAGE_SIZE - 1))
		return -EINVAL;
	return map_memory(a.addr, a.len, a.prot, a.flags, (int)a.fd, a.offset, BELOW_4G);
}

long sys_mremap32(uaddr_t addr, u64 old_length, u64 new_length, u64 flags, uaddr_t new_addr)
{
	return remap_memory(addr, old_length, new_length, flags, new_addr, true);
}
