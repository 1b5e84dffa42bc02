/* SPDX-License-Identifier: MIT */
/*
 * The error numbers that cpu/ gives by itself: Linux's, as programs know them. Their home is
 * abi/errno.def, which the crossing as a library must do without; a file that sees these and
 * gen/errno.h does not compile unless they are the same.
 */
#ifndef BASE_ERRNO_H
#define BASE_ERRNO_H

#define EFAULT 14
#define ENAMETOOLONG 36
#define ENOSYS 38

#endif
