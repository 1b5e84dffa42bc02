# SPDX-License-Identifier: MIT
"""
Hostile programs: each must end as its own table says and leave the kernel standing.

The programs (tests/programs/fault_*.c, regs.c, efault.c) list their cases; see fault.h for
how an ending is written. In Lstar a death by signal must also be announced by the launcher
in one line. CPU_VARIANTS are the models on which doors and checks differ.
"""

import errno
import os
import shutil
import subprocess
import tempfile
import time

from fault.doors import clean_entry, nmi_everywhere, no_trap_at_the_door
from lib.case import Case, Failed, Skipped, excerpt
from lib.runner import Job

# name, options of `lstar run`, programs to run under it
TABLED = ["fault_traps", "fault_rsp", "fault_flags", "fault_bases", "fault_compat", "fault_edges",
          "fault_leaks", "fault_silicon", "regs", "doors32"]
FLAVOURS = {"doors32": "i386"}  # the others: 64-bit, glibc
CPU_VARIANTS = [
    ("no-smap", ["--cpu", "max,-smap"], ["fault_compat", "fault_edges", "doors32"]),
    ("intel", ["--cpu", "max,vendor=GenuineIntel"], ["fault_compat", "fault_traps", "doors32"]),
    ("qemu64", ["--cpu", "qemu64"], ["fault_compat", "fault_flags", "regs", "doors32"]),
    ("via", ["--cpu", "max,vendor=CentaurHauls"], ["doors32"]),
    ("q35", ["--machine", "q35"], ["fault_rsp"]),
    ("32M", ["-m", "32M"], ["fault_exhaust"]),
]
VECTORS_PER_CASE = 16
SIGSEGV_STATUS = 139


def judge(result, endings, launched):
    """Raise unless a result is one of the endings; pass a program's own SKIP on."""
    if result.status == 77 and result.stdout.startswith(b"SKIP"):
        raise Skipped(result.stdout[5:].split(b"\n")[0].decode())
    for line in result.stdout.splitlines():
        if line.startswith(b"SKIP "):
            raise Skipped(line[5:].decode())
    told = b"\n".join(x for x in result.stdout.splitlines() if not x.startswith(b"ok "))
    shown = (f"stdout:\n{excerpt(told, 2000)}\nstderr:\n{excerpt(result.stderr)}\n"
             f"{result.describe()}")
    if str(result.status) not in endings.split("/"):
        raise Failed(f"expected status {endings}, got {result.status}\n{shown}")
    if b"FAIL" in result.stdout:
        raise Failed(f"a check of the program failed\n{shown}")
    if launched and result.status > 128:
        notes = [line for line in result.stderr.splitlines() if line.startswith(b"lstar: ")]
        if len(notes) != 1:
            raise Failed(f"expected one line from the launcher about the signal\n{shown}")


def run_copy(ctx, job, user):
    """A file just written may still be open for writing in the fork of another case's thread:
    execve then says ETXTBSY, for as long as it takes that child to exec."""
    for _ in range(200):
        try:
            return ctx.host.run(job, **user)
        except OSError as error:
            if error.errno != errno.ETXTBSY:
                raise
            time.sleep(0.02)
    raise Failed(f"{job.argv[0]} stays busy")


def on_host(ctx, program, arguments, endings):
    """Natively, and as nobody when we are root: these programs make every call there is.
    Nobody may not be able to reach the checkout (/root), so it gets a copy."""
    if os.geteuid() != 0:
        judge(ctx.host.run(Job([program, *arguments], directory="/")), endings, False)
        return
    nobody = {"user": 65534, "group": 65534, "extra_groups": []}
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        copy = shutil.copy(program, folder)
        judge(run_copy(ctx, Job([copy, *arguments], directory="/"), nobody), endings, False)


def in_lstar(ctx, program, arguments, endings, options):
    """In Lstar, whatever the host thinks of it."""
    judge(ctx.lstar.run(Job([program, *arguments], options=options)), endings, True)


def tabled_cases(ctx, program, label, options, native):
    """One Case per row of a program's own table."""
    path = ctx.builder.program(program, FLAVOURS.get(program, "glibc"))
    rows = subprocess.run([path, "--list"], stdout=subprocess.PIPE, check=True).stdout.decode()
    found = []
    for name, lstar_ends, host_ends in (row.split() for row in rows.splitlines()):
        def run(ctx, name=name, lstar_ends=lstar_ends, host_ends=host_ends):
            if native and host_ends != "-":
                on_host(ctx, path, [name], lstar_ends if host_ends == "=" else host_ends)
            if not ctx.host_only:
                in_lstar(ctx, path, [name], lstar_ends, options)
        found.append(Case("fault", f"{program}/{name}{label}", run,
                          needs_lstar=not native or host_ends == "-"))
    return found


def vector_cases(ctx):
    """INT n for every n, some at a time; 3 and 0x80 are the user's."""
    path = ctx.builder.program("fault_ints")

    def run(ctx, first):
        for vector in range(first, first + VECTORS_PER_CASE):
            endings = {3: "133", 0x80: "0"}.get(vector, str(SIGSEGV_STATUS))
            on_host(ctx, path, [str(vector)], endings)
            if not ctx.host_only:
                in_lstar(ctx, path, [str(vector)], endings, [])

    return [Case("fault", f"int-n/{first}-{first + VECTORS_PER_CASE - 1}",
                 lambda ctx, first=first: run(ctx, first), timeout_s=300)
            for first in range(0, 256, VECTORS_PER_CASE)]


def single(ctx, program, flavour="glibc"):
    """A program that is one case by itself and must exit 0 on both sides."""
    def run(ctx):
        path = ctx.builder.program(program, flavour)
        on_host(ctx, path, [], "0")
        if not ctx.host_only:
            in_lstar(ctx, path, [], "0", [])
    return Case("fault", program, run)


def nmi_case(ctx):
    """See doors.py."""
    nmi_everywhere(ctx, [ctx.builder.program("regs"), "storm"])


def entry_case(ctx):
    """See doors.py."""
    clean_entry(ctx, [ctx.builder.program("fault_flags"), "storm"])


def trace_case(ctx):
    """See doors.py."""
    no_trap_at_the_door(ctx, [ctx.builder.program("fault_flags"), "tf-later"])


def cases(ctx):
    """All of them."""
    found = []
    for program in TABLED:
        found += tabled_cases(ctx, program, "", [], native=True)
    for label, options, programs in CPU_VARIANTS:
        for program in programs:
            found += tabled_cases(ctx, program, f"@{label}", options, native=False)
    found += vector_cases(ctx)
    found += [single(ctx, "efault"), single(ctx, "entry_state", "bare")]
    found += [Case("fault", name, run, needs_lstar=True) for name, run in (
        ("nmi-everywhere", nmi_case), ("clean-entry", entry_case),
        ("door-in-trace-mode", trace_case))]
    return found
