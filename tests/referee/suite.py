# SPDX-License-Identifier: MIT
"""
A second referee. QEMU's translator forgives most of what goes wrong on the way out of a
kernel (docs/hazards, "What the emulator cannot show"); Bochs faults where silicon does. The
same hostile programs as in tests/fault run there, on a model of each vendor, and on two
CPUs: the program ends as its table says, the kernel stays. They are started from an ISO
through GRUB, which is also tried under each firmware of QEMU.

A boot in Bochs takes some seconds, so not every row of every table is run. Nothing is skipped:
without Bochs these cases fail.
"""

import os
import subprocess
import tempfile

from fault.suite import judge
from lib import iso
from lib.case import Case, Failed, expect_equal

INTEL, AMD = "corei7_skylake_x", "ryzen"
HELLO = b"hello from a disc\n"

# program: its rows to run; None: all
ON_INTEL = {
    "fault_silicon": None,
    "fault_edges": ["refused", "last-page-works", "syscall-as-last-bytes", "int80-as-last-bytes",
                    "unknown-call-as-last-bytes", "jump-to-end", "step-over-last-syscall"],
    "fault_bases": ["arch-prctl", "gs-access", "ud2-with-kernel-gs", "pf-with-kernel-gs",
                    "step-syscall-with-kernel-gs"],
    "fault_flags": ["df", "nt", "ac", "all-at-once", "iopl", "rf", "tf-syscall", "tf-int80",
                    "tf-unknown-call"],
    "fault_compat": ["syscall", "int80", "null-ds", "bad-esp", "tf-int80", "sysenter",
                     "sysenter-64", "sysenter-64-bad-rsp", "far-return"],
    "fault_rsp": ["rsp-kernel-text", "rsp-non-canonical", "stack-untouched", "push-on-null-rsp"],
    "fault_traps": ["alignment-check", "sse-divide", "push-non-canonical", "exec-non-canonical",
                    "iret-to-kernel-cs", "far-return-to-kernel-cs", "sysret"],
    "regs": ["numbers", "work", "int80"],
}
ON_AMD = {
    "fault_silicon": ["tf-movss-syscall", "tf-sysenter", "null-selectors", "iret-non-canonical",
                      "wrgsbase-non-canonical", "xrstor-header"],
    "fault_edges": ["syscall-as-last-bytes", "step-over-last-syscall"],
    "fault_compat": ["syscall", "bad-esp", "tf-syscall", "sysenter", "sysenter-64"],
}
ON_TWO_CPUS = {
    "fault_silicon": ["tf-movss-syscall"],
    "fault_edges": ["last-page-works"],
    "fault_flags": ["all-at-once"],
    "regs": ["work"],
}
VECTORS = {0x02: "139", 0x08: "139", 0x0d: "139", 0x20: "139", 0x80: "0", 0xff: "139"}

# SYSCALL from a 32-bit segment: AMD has it, on Intel it is an invalid opcode.
INTEL_UNDEFINED = {f"fault_compat/{row}" for row in ("syscall", "bad-esp", "far-return")}


def ending_on(model, case, endings):
    """How a row ends on this model."""
    return "132" if model == INTEL and case in INTEL_UNDEFINED else endings


def boot(ctx, argv, run, options=()):
    """Make the ISO of a program, give it to `run`, throw it away."""
    with tempfile.TemporaryDirectory(prefix="lstar-referee-") as scratch:
        path = os.path.join(scratch, "lstar.iso")
        iso.make(ctx, path, argv, options)
        return run(path)


def in_bochs(ctx, argv, endings, model, cpus=1, options=()):
    """Boot it in Bochs and judge."""
    result = boot(ctx, argv, lambda path: iso.run_bochs(path, model, cpus), options)
    judge(result, endings, launched=False)
    return result


def rows(ctx, program):
    """The table of a program: name, how it ends in Lstar."""
    path = ctx.builder.program(program)
    table = subprocess.run([path, "--list"], stdout=subprocess.PIPE, check=True).stdout.decode()
    return path, {row.split()[0]: row.split()[1] for row in table.splitlines()}


def tabled_cases(ctx, programs, model, cpus):
    """One Case per chosen row."""
    found = []
    for program, chosen in programs.items():
        path, table = rows(ctx, program)
        for name in chosen or table:
            endings = ending_on(model, f"{program}/{name}", table[name])

            def run(ctx, path=path, name=name, endings=endings):
                in_bochs(ctx, [path, name], endings, model, cpus)
            label = f"@{model}" + ("" if cpus == 1 else f"x{cpus}")
            found.append(Case("referee", f"{program}/{name}{label}", run, needs_lstar=True))
    return found


def vector_cases(ctx):
    """INT n, for the vectors the kernel itself uses."""
    path = ctx.builder.program("fault_ints")
    return [Case("referee", f"int-{vector}@{INTEL}",
                 lambda ctx, vector=vector, endings=endings:
                 in_bochs(ctx, [path, str(vector)], endings, INTEL), needs_lstar=True)
            for vector, endings in VECTORS.items()]


def firmware_case(name, machine, **how):
    """hello from the ISO in QEMU. UEFI and its GRUB talk on COM1 too, before us."""
    def run(ctx):
        argv = ["busybox", "echo", HELLO.decode().strip()]
        result = boot(ctx, argv, lambda path: iso.run_qemu(path, machine, **how))
        got = result.stdout[-len(HELLO):] if how.get("uefi") else result.stdout
        expect_equal("stdout", got, HELLO, result.describe())
        expect_equal("status", result.status, 0, result.describe())
    return Case("referee", f"firmware/{name}", run, needs_lstar=True)


def busybox_case(model, cpus):
    """Programs nobody here wrote: bytes and status."""
    def run(ctx):
        text = "".join(f"{i * 7919 % 1000}\n" for i in range(500))
        with tempfile.NamedTemporaryFile("w", prefix="lstar-referee-") as file:
            file.write(text)
            file.flush()
            result = in_bochs(ctx, ["busybox", "sort", "-n", file.name], "0", model, cpus,
                              ["--file", file.name])
        want = "\n".join(sorted(text.split(), key=int)) + "\n"
        expect_equal("stdout", result.stdout, want.encode())
    return Case("referee", f"busybox-sort@{model}x{cpus}", run, needs_lstar=True)


def cpus_case(model, cpus):
    """The log says how many started."""
    def run(ctx):
        result = in_bochs(ctx, ["busybox", "true"], "0", model, cpus,
                          ["--kernel-arg", "log=serial"])
        if b"CPUs running: %d\n" % cpus not in result.stdout:
            raise Failed(f"not {cpus} CPUs:\n{result.stdout.decode(errors='replace')}")
    return Case("referee", f"cpus@{model}x{cpus}", run, needs_lstar=True)


def sleep_case(model):
    """The clock without a launcher's help: rates measured against ACPI's timer, the date from
    the RTC, and an alarm for every sleep."""
    def run(ctx):
        result = in_bochs(ctx, [ctx.builder.program("clocks")], "0", model)
        if b"FAIL" in result.stdout:
            raise Failed(result.stdout.decode(errors="replace"))
    return Case("referee", f"clocks@{model}", run, needs_lstar=True)


def panic_case(model):
    """A broken kernel says so on COM1, with registers and a trace, and stops the machine."""
    def run(ctx):
        try:
            in_bochs(ctx, ["busybox", "true"], "0", model, 1, ["--kernel-arg", "panic=fault"])
        except Failed as said:
            for word in ("kernel panic: ", "backtrace:", "panic_provoke", "lstar: kernel panic"):
                if word not in str(said):
                    raise
            return
        raise Failed("it did not panic")
    return Case("referee", f"panic@{model}", run, needs_lstar=True)


def entry_case(ctx, model):
    """The registers a program starts with."""
    path = ctx.builder.program("entry_state", "bare")
    return Case("referee", f"entry_state@{model}",
                lambda ctx: in_bochs(ctx, [path], "0", model), needs_lstar=True)


def cases(ctx):
    """All of them."""
    found = [firmware_case("seabios-pc", "pc"), firmware_case("seabios-q35", "q35"),
             firmware_case("ovmf-q35", "q35", uefi=True),
             firmware_case("seabios-q35-unnamed-cpu", "q35", more=["-cpu", "max,-hypervisor"])]
    found += [busybox_case(INTEL, 1), busybox_case(INTEL, 2), busybox_case(AMD, 1),
              cpus_case(INTEL, 2), cpus_case(AMD, 2), sleep_case(INTEL), sleep_case(AMD),
              panic_case(INTEL), entry_case(ctx, INTEL), entry_case(ctx, AMD)]
    found += tabled_cases(ctx, ON_INTEL, INTEL, 1)
    found += tabled_cases(ctx, ON_AMD, AMD, 1)
    found += tabled_cases(ctx, ON_TWO_CPUS, INTEL, 2)
    found += vector_cases(ctx)
    return found
