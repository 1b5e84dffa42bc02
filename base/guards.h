/* SPDX-License-Identifier: MIT */
/*
 * The guards that can be left out, one at a time, to prove that a test notices
 * (tests/ablate builds the kernel with -DGUARD_X=0; tests/ablations.tbl names the test).
 * A released kernel has all of them; nothing else may set these.
 */
#ifndef BASE_GUARDS_H
#define BASE_GUARDS_H

#ifndef GUARD_CLD /* cld on every gate of the IDT */
#define GUARD_CLD 1
#endif
#ifndef GUARD_CLAC /* clac on every gate of the IDT */
#define GUARD_CLAC 1
#endif
#ifndef GUARD_R11_RESTORED /* the user's flags come back from SYSCALL */
#define GUARD_R11_RESTORED 1
#endif
#ifndef GUARD_R10_RESTORED /* ... and a register that C does not preserve */
#define GUARD_R10_RESTORED 1
#endif
#ifndef GUARD_PARANOID_GS /* NMI and its like load their own GS base */
#define GUARD_PARANOID_GS 1
#endif
#ifndef GUARD_PAGE_ZERO /* fresh memory is zeros, not what another program left */
#define GUARD_PAGE_ZERO 1
#endif
#ifndef GUARD_BASE_CHECK /* arch_prctl takes no base beyond user space */
#define GUARD_BASE_CHECK 1
#endif
#ifndef GUARD_LAST_PAGE /* the page below the hole is never the user's */
#define GUARD_LAST_PAGE 1
#endif
#ifndef GUARD_SYSRET_CANONICAL
#define GUARD_SYSRET_CANONICAL 1
#endif
#ifndef GUARD_SFMASK_VALUE
#define GUARD_SFMASK_VALUE 0x257fd5
#endif
#ifndef GUARD_CSTAR
#define GUARD_CSTAR 1
#endif
#ifndef GUARD_IST /* NMI, #DB, #DF, #MC on stacks of their own */
#define GUARD_IST 1
#endif
#ifndef GUARD_EXTABLE /* a fault inside a user copy is an error, not a bug */
#define GUARD_EXTABLE 1
#endif
#ifndef GUARD_USER_RANGE /* user copies check the range first */
#define GUARD_USER_RANGE 1
#endif
#ifndef GUARD_SMEP
#define GUARD_SMEP 1
#endif
#ifndef GUARD_SMAP
#define GUARD_SMAP 1
#endif
#ifndef GUARD_UMIP
#define GUARD_UMIP 1
#endif
#ifndef GUARD_NX
#define GUARD_NX 1
#endif
#ifndef GUARD_WP
#define GUARD_WP 1
#endif
#ifndef GUARD_WXORX /* kernel text not writable, data not executable */
#define GUARD_WXORX 1
#endif
#ifndef GUARD_STACK_GUARD /* an unmapped page below every kernel stack */
#define GUARD_STACK_GUARD 1
#endif
#ifndef GUARD_SELFCHECK
#define GUARD_SELFCHECK 1
#endif

#endif
