# SPDX-License-Identifier: MIT
"""
More than one CPU: they come up, each passes its own self-check (and refuses when something
was set wrong on it), programs move between them, translations die everywhere, and what
every program does on one CPU it does on each.
"""

import os
import re

from lib.case import Case, Failed, excerpt, expect_equal
from lib.runner import Job

BREAKS = ("star", "lstar", "cstar", "sfmask", "sysenter", "efer", "wp", "mce", "smep", "smap",
          "umip", "gdt", "ist-word", "rsp0")
SHARED_BREAKS = ("idt-dpl", "idt-ist") # one table for all CPUs: only the first check can fail


def lstar(ctx, argv, *options, timeout_s=120):
    return ctx.lstar.run(Job(argv), timeout_s, options)


def migrate(cpus, *options):
    """Round all CPUs, with state and memory checked on each."""
    def run(ctx):
        program = os.path.abspath(ctx.builder.program("migrate"))
        result = lstar(ctx, [program, "40"], "-c", str(cpus), *options)
        expect_equal("status", result.status, 0, excerpt(result.stdout + result.stderr))
        if f"cpus {cpus}\n".encode() not in result.stdout:
            raise Failed(f"not {cpus} CPUs\n{excerpt(result.stdout)}")
    return run


def all_up(cpus, machine):
    """The kernel's log counts them."""
    def run(ctx):
        result = lstar(ctx, ["busybox", "true"], "-v", "-c", str(cpus), "--machine", machine)
        expect_equal("status", result.status, 0, excerpt(result.stderr))
        if f"CPUs running: {cpus}".encode() not in result.stderr:
            raise Failed(f"not {cpus} CPUs\n{excerpt(result.stderr)}")
    return run


def refuses(what, cpu):
    """A self-check with something wrong stops the boot and names it and the CPU."""
    def run(ctx):
        result = lstar(ctx, ["busybox", "true"], "-c", "2", "--kernel-arg", f"break={what}@{cpu}")
        expect_equal("status", result.status, 125, excerpt(result.stderr))
        if not re.search(rb"self-check of CPU %d: \S+" % cpu, result.stderr):
            raise Failed(f"does not name CPU {cpu}\n{excerpt(result.stderr)}")
    return run


def pinned(ctx):
    """sched_getaffinity and setaffinity as Linux has them, beyond what is there too."""
    program = os.path.abspath(ctx.builder.program("affinity"))
    result = lstar(ctx, [program], "-c", "3")
    expect_equal("status", result.status, 0, excerpt(result.stdout + result.stderr))


def cases(_ctx):
    table = [(f"migrate-{n}", migrate(n)) for n in (1, 2, 4, 8)]
    table += [("migrate-4-q35", migrate(4, "--machine", "q35")),
              ("migrate-4-intel", migrate(4, "--cpu", "max,vendor=GenuineIntel")),
              ("migrate-4-qemu64", migrate(4, "--cpu", "qemu64")),
              ("migrate-2-icount", migrate(2, "--icount", "0"))]
    table += [(f"all-up-{n}-{m}", all_up(n, m)) for n in (2, 16) for m in ("microvm", "q35", "pc")]
    table += [(f"refuses-{what}-on-{cpu}", refuses(what, cpu)) for what in BREAKS for cpu in (0, 1)]
    table += [(f"refuses-{what}", refuses(what, 0)) for what in SHARED_BREAKS]
    table += [("affinity", pinned)]
    return [Case("smp", name, run, needs_lstar=True) for name, run in table]
