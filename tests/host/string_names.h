/* SPDX-License-Identifier: MIT */
/* Host tests: lib/string.c under names of its own, beside the C library's. */
#define memcpy lstar_memcpy
#define memmove lstar_memmove
#define memset lstar_memset
#define memcmp lstar_memcmp
#define memchr lstar_memchr
#define strlen lstar_strlen
#define strnlen lstar_strnlen
#define strcmp lstar_strcmp
#define strncmp lstar_strncmp
#define strchr lstar_strchr
#define strrchr lstar_strrchr
#define strlcpy lstar_strlcpy
