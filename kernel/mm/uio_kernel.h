/* SPDX-License-Identifier: MIT */
/*
 * A uio over kernel memory, for the services that move bytes from file to file without a
 * user buffer in between (sendfile, copy_file_range). The ops of a file cannot tell it
 * from one over user memory. Never give it an address that came from a user.
 */
#ifndef KERNEL_MM_UIO_KERNEL_H
#define KERNEL_MM_UIO_KERNEL_H

#include "kernel/mm/uio.h"

void uio_init_kernel(struct uio *u, enum uio_dir dir, void *buf, u64 len);

#endif
