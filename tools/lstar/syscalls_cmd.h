/* SPDX-License-Identifier: MIT */
#ifndef TOOLS_LSTAR_SYSCALLS_CMD_H
#define TOOLS_LSTAR_SYSCALLS_CMD_H

/* lstar syscalls [--abi native|linux64|linux32] [--missing]: argv[0] is the command's name. */
int cmd_syscalls(int argc, char **argv);

#endif
