/* SPDX-License-Identifier: MIT */
/*
 * Copying across the user boundary. The only code that follows a user address.
 *
 * Each function checks the whole range against USER_TOP first, opens the SMAP window
 * only around the copying instruction (cpu/uaccess.S), and turns a page fault there into
 * -EFAULT by the exception table. A demand-zero or copy-on-write page is filled in by the
 * fault handler and the copy goes on, so all of these may sleep; call them with interrupts
 * on and without a spinlock. (With interrupts off they still work on resident pages and
 * answer -EFAULT for others.)
 *
 * On failure the destination holds an unspecified prefix of the data.
 */
#ifndef CPU_UACCESS_H
#define CPU_UACCESS_H

#include "base/errno.h"
#include "base/types.h"
#include "base/uaddr.h"

MUST_CHECK err_t copyin(void *dst, uaddr_t src, u64 n);
MUST_CHECK err_t copyout(uaddr_t dst, const void *src, u64 n);

/* Like copyin/copyout, but *done counts the bytes that were copied before the fault. */
MUST_CHECK err_t copyin_some(void *dst, uaddr_t src, u64 n, u64 *done);
MUST_CHECK err_t copyout_some(uaddr_t dst, const void *src, u64 n, u64 *done);

/*
 * Copies a NUL-terminated string of at most size bytes with its NUL; *len is its length
 * without. -ENAMETOOLONG when no NUL was found in size bytes (dst is then not terminated),
 * -EFAULT when the string runs into memory that is not there.
 */
MUST_CHECK err_t copyinstr(char *dst, uaddr_t src, u64 size, u64 *len);

/* Fills n user bytes with zeros. */
MUST_CHECK err_t clear_user(uaddr_t dst, u64 n);

/* Size and type come from the typed user pointer: see base/uaddr.h. */
#define get_user(dst, up) copyin(1 ? (dst) : (up).in_, (up).a, sizeof(up).in_[0])
#define put_user(up, src) copyout((up).a, 1 ? (src) : (up).out_, sizeof(up).out_[0])

#endif
