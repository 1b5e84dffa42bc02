/* SPDX-License-Identifier: MIT */
/* The subcommands; each takes its own argv (argv[0] is its name) and returns an exit code. */
#ifndef TOOLS_LSTAR_RUN_H
#define TOOLS_LSTAR_RUN_H

int cmd_run(int argc, char **argv);
int cmd_strace(int argc, char **argv);
int cmd_image(int argc, char **argv);
int cmd_doctor(int argc, char **argv);

#endif
