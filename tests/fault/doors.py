# SPDX-License-Identifier: MIT
"""
The kernel's doors, seen through QEMU's gdb stub while a program knocks at them.

nmi_everywhere: between a door and its swapgs, and after the last swapgs, CS says kernel
while GS and the stack are the user's: an NMI there is where entry code breaks (errata E24,
security row 12). QEMU is stopped by a breakpoint at each instruction of cpu/entry.S in
turn, given an NMI, and must arrive in the handler; a program that checks all its registers
at each crossing runs meanwhile and must end well.

no_trap_at_the_door: TF is masked by SYSCALL itself (errata E18).

clean_entry: whatever flags the program has set, C code starts with none of them: DF, AC,
NT, TF, and with interrupts off, on a stack of the expected size with nothing mapped below
(errata E01, E04, E18; security rows 7 and 35).
"""

import contextlib
import itertools
import os
import re
import signal
import subprocess

from boot.audit import MAPPING
from lib.case import Failed, excerpt
from lib.qemu import Gdb, GuestEnded, Monitor
from lib.runner import BASE_ENV, kill_group

DOORS = ["gate_syscall64", "exit_sysret", "syscall_common", "syscall_slow_exit", "exit_iret",
         "iret_to_user", "trap_common", "trap_on_thread_stack", "trap_leave", "trap_int80"]
HANDLER = "nmi_handle"
REACHED_AT_LEAST = 100
C_ENTRIES = ["syscall_dispatch", "int80_enter", "trap_enter"]
LOOKS = 25
COUNTER = itertools.count(1)
PAGE = 4096
FLAGS = {"TF": 0x100, "IF": 0x200, "DF": 0x400, "NT": 0x4000, "AC": 0x40000}


def symbols(kernel):
    """Sorted (address, name) of the kernel's text."""
    listing = subprocess.run(["nm", "-n", kernel], stdout=subprocess.PIPE, check=True).stdout
    rows = re.findall(r"^([0-9a-f]+) [tT] (\S+)$", listing.decode(), re.MULTILINE)
    return [(int(address, 16), name) for address, name in rows]


def door_instructions(kernel):
    """Addresses of the instructions from the first symbol of entry.S's doors to their ends."""
    table = symbols(kernel)
    found = []
    for (start, name), (end, _) in zip(table, table[1:]):
        if name not in DOORS or start == end:
            continue
        text = subprocess.run(["objdump", "-d", f"--start-address={start:#x}",
                               f"--stop-address={end:#x}", kernel], stdout=subprocess.PIPE,
                              check=True).stdout.decode()
        rows = re.findall(r"^\s*([0-9a-f]+):\s+(?:[0-9a-f]{2} )+\s*(\S*)", text, re.MULTILINE)
        # multi-byte no-ops are padding between functions; ud2 is never reached
        found += [int(a, 16) for a, word in rows if word and not word.startswith(("nop", "ud2"))]
    handler = [address for address, name in table if name == HANDLER]
    if not handler or len(found) < REACHED_AT_LEAST:
        raise Failed(f"{len(found)} instructions, handler {handler}: names in entry.S changed?")
    return found, handler[0]


def storm(gdb, monitor, addresses, handler):
    """One NMI at each address; how many of them were reached."""
    reached = 0
    for address in addresses:
        gdb.set_breakpoint(address)
        hit = gdb.resume(0.25)
        if hit and gdb.registers()["rip"] != address:
            raise Failed(f"stopped at {gdb.registers()['rip']:#x} instead of {address:#x}")
        gdb.clear_breakpoint(address)
        if not hit:
            continue
        reached += 1
        monitor.ask("nmi")
        gdb.set_breakpoint(handler)
        if not gdb.resume(5):
            raise Failed(f"an NMI at {address:#x} did not arrive in {HANDLER}")
        gdb.clear_breakpoint(handler)
    return reached


@contextlib.contextmanager
def debugged(ctx, probe_argv):
    """A program that has said it is ready, with QEMU's monitor and gdb stub connected."""
    base = os.path.join(ctx.scratch, f"debug-{os.getpid()}-{next(COUNTER)}")
    options = ["--qemu-arg", "-monitor", "--qemu-arg", f"unix:{base}.mon,server=on,wait=off",
               "--qemu-arg", "-gdb", "--qemu-arg", f"unix:{base}.gdb,server=on,wait=off"]
    argv = [ctx.launcher, "run", *ctx.lstar.extra_options, *options, "--", *probe_argv]
    process = subprocess.Popen(argv, env=BASE_ENV, start_new_session=True, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        line = process.stdout.readline()
        if line != b"ready\n":
            raise Failed(f"the program did not start\n{excerpt(line)}")
        monitor, gdb = Monitor(f"{base}.mon"), Gdb(f"{base}.gdb")
        yield process, monitor, gdb
        gdb.close()
        monitor.close()
    finally:
        kill_group(process)
        process.wait()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(BrokenPipeError):
                stream.close()
        for suffix in (".mon", ".gdb"):
            if os.path.exists(base + suffix):
                os.unlink(base + suffix)


def end_well(process, gdb):
    """Let the program run on, tell it to stop, and see that it found nothing wrong."""
    gdb.detach()
    gdb.close()
    try:
        out, _ = process.communicate(b"stop\n", timeout=60)
    except subprocess.TimeoutExpired:
        raise Failed("the program did not stop") from None
    if process.returncode or b"FAIL" in out:
        raise Failed(f"status {process.returncode}\n{excerpt(out, 3000)}")


def nmi_everywhere(ctx, probe_argv):
    """An NMI at each instruction of the doors, once."""
    addresses, handler = door_instructions(ctx.kernel)
    with debugged(ctx, probe_argv) as (process, monitor, gdb):
        reached = storm(gdb, monitor, addresses, handler)
        end_well(process, gdb)
    if reached < REACHED_AT_LEAST:
        raise Failed(f"only {reached} of {len(addresses)} instructions were reached")


def contiguous(mappings, address):
    """Size of the run of mapped pages around an address."""
    pages = {int(a, 16) for a, _ in mappings}
    low = high = address & ~(PAGE - 1)
    if low not in pages:
        raise Failed(f"the stack at {address:#x} is not mapped by pages")
    while low - PAGE in pages:
        low -= PAGE
    while high + PAGE in pages:
        high += PAGE
    return high + PAGE - low


def clean_entry(ctx, probe_argv):
    """Flags and stack at the first C instruction behind each door, with hostile flags set."""
    where = {name: address for address, name in symbols(ctx.kernel)}
    stack_size = kernel_stack_size(ctx)
    problems = []
    with debugged(ctx, probe_argv) as (process, monitor, gdb):
        for name in C_ENTRIES:
            for _ in range(LOOKS):
                gdb.set_breakpoint(where[name])
                if not gdb.resume(10):
                    raise Failed(f"{name} is not reached")
                seen = gdb.registers()
                gdb.clear_breakpoint(where[name])
                gdb.step()
                problems += [f"{name}: {flag} is set" for flag, bit in FLAGS.items()
                             if seen["eflags"] & bit]
            size = contiguous(MAPPING.findall(monitor.ask("info tlb")), seen["rsp"])
            if size != stack_size:
                problems.append(f"{name}: {size} bytes mapped around the stack, not {stack_size}")
        end_well(process, gdb)
    if problems:
        raise Failed("\n".join(sorted(set(problems))))


def no_trap_at_the_door(ctx, probe_argv):
    """
    SYSCALL with TF set: the first trap is the user's, after the call. Without TF in SFMASK it
    would hit the gate's first instruction, on the user's GS; the kernel forgives that (it has
    to, for SYSENTER), so only a breakpoint on its forgiveness shows the difference.
    """
    where = {name: address for address, name in symbols(ctx.kernel)}
    with debugged(ctx, probe_argv) as (process, _monitor, gdb):
        gdb.set_breakpoint(where["trap_paranoid_enter"])
        process.stdin.write(b"go\n")
        process.stdin.flush()
        try:
            if gdb.resume(20):
                raise Failed("#DB inside the kernel")
            raise Failed("the program neither trapped nor ended")
        except GuestEnded:
            pass
        status = process.wait(20)
        if status != 128 + signal.SIGTRAP:
            raise Failed(f"status {status}")


def kernel_stack_size(ctx):
    """KSTACK_SIZE from the kernel's headers."""
    for folder, _, names in os.walk(ctx.root):
        if folder.startswith(os.path.join(ctx.root, "build")):
            continue
        for name in names:
            if name.endswith(".h"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    found = re.search(r"#define KSTACK_SIZE (\d+)", file.read())
                if found:
                    return int(found.group(1))
    raise Failed("no KSTACK_SIZE in the kernel's headers")
