# SPDX-License-Identifier: MIT
"""
examples/bare, the kernel that links nothing but the library: on each CPU a line for each door
and fault, all of them and no other, and the exit code that says no answer was lost.
"""

import os
import shutil

from lib.case import Case, Failed, excerpt, expect_equal
from lib.runner import BASE_ENV, spawn

ARRIVALS = ["SYSCALL", "INT 0x80", "#UD", "INT 0x80 from 32-bit code", "SYSCALL from 32-bit code",
            "SYSENTER from 32-bit code", "#BP"]
STATUS_RIGHT = 2 * 16 + 1  # isa-debug-exit
MODELS = ["max", "max,vendor=GenuineIntel", "max,-smap", "qemu64"]


def bare(model, cpus, machine):
    """One start of the example; the lines of each CPU in their order."""
    def run(ctx):
        kernel = os.path.join(os.path.dirname(ctx.launcher), "bare", "bare.elf")
        qemu = os.environ.get("LSTAR_QEMU") or shutil.which("qemu-system-x86_64")
        if not os.path.exists(kernel):
            raise Failed(f"no {kernel}: run make bare")
        result = spawn([qemu, "-M", machine, "-accel", "tcg", "-cpu", model, "-smp",
                        f"{cpus},cores={cpus}", "-m", "64M", "-nodefaults", "-no-user-config",
                        "-display", "none", "-no-reboot", "-serial", "stdio", "-device",
                        "isa-debug-exit,iobase=0xf4,iosize=1", "-kernel", kernel], 30,
                       env=BASE_ENV)
        shown = f"{excerpt(result.stdout, 3000)}\n{excerpt(result.stderr)}\n{result.describe()}"
        lines = result.stdout.decode(errors="replace").splitlines()
        for cpu in range(cpus):
            mine = [line[7:] for line in lines if line.startswith(f"cpu {cpu}: ")]
            expect_equal(f"arrivals on CPU {cpu}", mine, ARRIVALS, shown)
        expect_equal("lines", len(lines), cpus * len(ARRIVALS), shown)
        expect_equal("status", result.status, STATUS_RIGHT, shown)
    return run


def bare_cases():
    """Every model on one and four CPUs."""
    rows = [(model, cpus, "microvm") for model in MODELS for cpus in (1, 4)]
    rows += [("max", 4, machine) for machine in ("q35", "pc")]
    return [Case("boot", f"bare-{machine}-{model.replace(',', '+')}-{cpus}",
                 bare(model, cpus, machine), needs_lstar=True) for model, cpus, machine in rows]
