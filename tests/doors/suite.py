# SPDX-License-Identifier: MIT
"""
Every door, on 1, 2 and 4 CPUs, a million times with random registers, while the timer
interrupts as often as it can, every interrupt reschedules, the program goes round the CPUs,
and QEMU injects NMIs. tests/programs/matrix.c judges each crossing.
"""

import os
import subprocess
import tempfile

from lib.case import Case, Failed, excerpt, expect_equal
from lib.qemu import GuestEnded, Monitor
from lib.runner import BASE_ENV, Job, kill_group

CROSSINGS = 1_000_000
STORM = ["--kernel-arg", "echo", "--kernel-arg", "storm_us=100"]
DOORS = [("glibc", "syscall"), ("glibc", "int80"), ("i386", "int80"), ("i386", "cstar"),
         ("i386", "vsyscall")]
NMIS = 10_000
NMI_CROSSINGS = 3_000_000


def matrix(ctx, flavour):
    return os.path.abspath(ctx.builder.program("matrix", flavour))


def million(flavour, door, cpus, *options):
    def run(ctx):
        job = Job([matrix(ctx, flavour), door, str(CROSSINGS), str(cpus)])
        result = ctx.lstar.run(job, 120, ["-c", str(cpus), *STORM, *options])
        expect_equal("status", result.status, 0, excerpt(result.stdout + result.stderr))
        if f"{CROSSINGS} crossings".encode() not in result.stdout:
            raise Failed(f"did not count\n{excerpt(result.stdout)}")
    return run


def run_under_nmis(ctx, argv, path):
    """One run of the program with NMIs as fast as QEMU takes them; how many were sent."""
    sent = 0
    process = subprocess.Popen(argv, env=BASE_ENV, start_new_session=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        monitor = Monitor(path)
        while process.poll() is None:
            monitor.ask("nmi")
            sent += 1
    except (GuestEnded, Failed, OSError):
        pass # the run is over
    finally:
        try:
            out, err = process.communicate(timeout=120)
        finally:
            kill_group(process)
    expect_equal("status", process.returncode, 0, excerpt(out + err))
    return sent


def under_nmis(flavour, door, cpus):
    """At least ten thousand NMIs on every CPU while the crossings go on."""
    def run(ctx):
        sent = runs = 0
        while sent < NMIS:
            runs += 1
            if runs > 10:
                raise Failed(f"only {sent} NMIs in ten runs")
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "monitor")
                job = Job([matrix(ctx, flavour), door, str(NMI_CROSSINGS), str(runs)])
                argv = ctx.lstar.command(job, "-c", str(cpus), *STORM, "--qemu-arg", "-monitor",
                                         "--qemu-arg", f"unix:{path},server=on,wait=off")
                sent += run_under_nmis(ctx, argv, path)
    return run


def cases(_ctx):
    table = [(f"{flavour}-{door}-{cpus}", million(flavour, door, cpus))
             for flavour, door in DOORS for cpus in (1, 2, 4)]
    table += [(f"{flavour}-{door}-4-intel",
               million(flavour, door, 4, "--cpu", "max,vendor=GenuineIntel"))
              for flavour, door in DOORS]
    table += [(f"nmi-{flavour}-{door}-4", under_nmis(flavour, door, 4))
              for flavour, door in (("glibc", "syscall"), ("glibc", "int80"), ("i386", "cstar"))]
    return [Case("doors", name, run, needs_lstar=True) for name, run in table]
