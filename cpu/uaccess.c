/* SPDX-License-Identifier: MIT */
/*
 * Range checks in front of cpu/uaccess.S. The address that failed its check is also
 * clamped by data flow, so it is not followed under speculation either.
 */
#include "cpu/uaccess.h"
#include "base/guards.h"
#include "cpu/speculation.h"

u64 uaccess_copy(void *dst, const void *src, u64 n);
u64 uaccess_clear(void *dst, u64 n);

static bool range_ok(uaddr_t addr, u64 n)
{
	return !GUARD_USER_RANGE || user_range_ok(addr, n);
}

static uaddr_t clamp(uaddr_t addr)
{
	return GUARD_USER_RANGE ? index_clamp(addr, USER_TOP + 1) : addr;
}

err_t copyin_some(void *dst, uaddr_t src, u64 n, u64 *done)
{
	*done = 0;
	if (unlikely(!range_ok(src, n)))
		return -EFAULT;
	u64 left = uaccess_copy(dst, (const void *)clamp(src), n);
	*done = n - left;
	return left ? -EFAULT : 0;
}

err_t copyout_some(uaddr_t dst, const void *src, u64 n, u64 *done)
{
	*done = 0;
	if (unlikely(!range_ok(dst, n)))
		return -EFAULT;
	u64 left = uaccess_copy((void *)clamp(dst), src, n);
	*done = n - left;
	return left ? -EFAULT : 0;
}

err_t copyin(void *dst, uaddr_t src, u64 n)
{
	u64 done;
	return copyin_some(dst, src, n, &done);
}

err_t copyout(uaddr_t dst, const void *src, u64 n)
{
	u64 done;
	return copyout_some(dst, src, n, &done);
}

err_t clear_user(uaddr_t dst, u64 n)
{
	if (unlikely(!range_ok(dst, n)))
		return -EFAULT;
	return uaccess_clear((void *)clamp(dst), n) ? -EFAULT : 0;
}

/*
 * In chunks that never cross a page: what lies behind the NUL in the same page can be
 * read without a fault, what lies on the next may not.
 */
err_t copyinstr(char *dst, uaddr_t src, u64 size, u64 *len)
{
	for (u64 off = 0; off < size;) {
		u64 n = min_u64(64, size - off);
		n = min_u64(n, PAGE_SIZE - ((src + off) & (PAGE_SIZE - 1)));
		u64 got;
		err_t err = copyin_some(dst + off, src + off, n, &got);
		for (u64 i = off; i < off + got; i++) {
			if (dst[i] == '\0') {
				*len = i;
				return 0;
			}
		}
		if (err)
			return err;
		off += n;
	}
	return -ENAMETOOLONG;
}
