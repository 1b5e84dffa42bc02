# SPDX-License-Identifier: MIT
"""
Looks at a running guest from outside, through QEMU's monitor: control registers and every
mapping of the page tables while a program spins in ring 3. The kernel cannot hide a
mistake from this as it could from its own self-check.
"""

import os
import re

from lib.case import Failed
from lib.qemu import Monitor
from lib.runner import BASE_ENV, kill_group

KERNEL_HALF = 1 << 63
CR0 = {"PE": 0, "MP": 1, "NE": 5, "WP": 16, "AM": 18, "PG": 31}
CR4 = {"PAE": 5, "MCE": 6, "PGE": 7, "OSFXSR": 9, "OSXMMEXCPT": 10, "UMIP": 11, "FSGSBASE": 16,
       "OSXSAVE": 18, "SMEP": 20, "SMAP": 21}
EFER = {"SCE": 0, "LME": 8, "LMA": 10, "NXE": 11}
# "address: physical flags", flags as QEMU prints them: X for no-execute, U user, W writable
MAPPING = re.compile(r"^([0-9a-f]{16}): [0-9a-f]{16} (\S{9})\s*$", re.MULTILINE)


def register(text, name):
    """A register from `info registers`."""
    found = re.search(rf"\b{name}=([0-9a-f]+)", text)
    if not found:
        raise Failed(f"no {name} in QEMU's registers")
    return int(found.group(1), 16)


def missing_bits(text):
    """Control bits that should be set and are not."""
    problems = []
    for name, bits in (("CR0", CR0), ("CR4", CR4), ("EFER", EFER)):
        value = register(text, name)
        problems += [f"{name}.{bit} is off" for bit, n in bits.items() if not value >> n & 1]
    return problems


def bad_mappings(text):
    """Mappings that break W^X or the border between the halves."""
    problems, seen = [], 0
    for address, flags in MAPPING.findall(text):
        seen += 1
        upper = int(address, 16) >= KERNEL_HALF
        user, writable, executable = "U" in flags, "W" in flags, flags[0] != "X"
        if upper and user:
            problems.append(f"{address} {flags}: the user may touch kernel memory")
        if not upper and not user:
            problems.append(f"{address} {flags}: kernel mapping in the user's half")
        if writable and executable:
            problems.append(f"{address} {flags}: writable and executable")
    if seen < 10:
        problems.append(f"only {seen} mappings listed")
    return problems


def audit(ctx, probe_argv, start):
    """Start a spinning program, look, and end it. `start` opens a process."""
    path = os.path.join(ctx.scratch, f"monitor-{os.getpid()}.sock")
    argv = [ctx.launcher, "run", *ctx.lstar.extra_options, "--qemu-arg", "-monitor", "--qemu-arg",
            f"unix:{path},server=on,wait=off", "--", *probe_argv]
    process = start(argv, BASE_ENV)
    try:
        if process.stdout.readline() != b"spinning\n":
            raise Failed("the program did not start")
        monitor = Monitor(path)
        monitor.ask("stop")
        problems = missing_bits(monitor.ask("info registers"))
        problems += bad_mappings(monitor.ask("info tlb"))
    finally:
        kill_group(process)
        process.wait()
        process.stdout.close()
        if os.path.exists(path):
            os.unlink(path)
    if problems:
        raise Failed(f"{len(problems)} problems\n" + "\n".join(problems[:30]))
