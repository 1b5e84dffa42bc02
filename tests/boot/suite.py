# SPDX-License-Identifier: MIT
"""
Starting and ending: exit statuses, signals, panics, time-outs, machines, memory sizes, CPU
models, and the launcher's own options. What a program prints is other suites' business.
"""

import json
import os
import re
import signal
import subprocess
import time

from boot.audit import audit
from boot.bare import bare_cases
from lib.case import Case, Failed, excerpt, expect_equal
from lib.qemu import Monitor
from lib.runner import BASE_ENV, Job, kill_group, spawn

STATUSES_PER_CASE = 16
HELLO = b"hello, world\n"


def lstar(ctx, argv, *options, timeout_s=60, stdin=b""):
    """`lstar run OPTIONS -- ARGV`."""
    return ctx.lstar.run(Job(argv, stdin), timeout_s, options)


def program(ctx, name):
    """Path of a test program."""
    return os.path.abspath(ctx.builder.program(name))


def expect(result, status, *, out=None, err=None, says=None):
    """Status, exact streams where given, and a pattern in stderr."""
    shown = f"stderr:\n{excerpt(result.stderr, 3000)}\n{result.describe()}"
    expect_equal("status", result.status, status, shown)
    if out is not None:
        expect_equal("stdout", result.stdout, out, shown)
    if err is not None:
        expect_equal("stderr", result.stderr, err, shown)
    if says and not re.search(says, result.stderr, re.MULTILINE):
        raise Failed(f"stderr does not say {says!r}\n{shown}")


def exit_statuses(first):
    """A run for each of sixteen statuses; nothing on either stream but the program's."""
    def run(ctx):
        for status in range(first, first + STATUSES_PER_CASE):
            expect(lstar(ctx, [program(ctx, "endings"), "_exit", str(status)]), status,
                   out=b"ending by _exit %d\n" % status, err=b"")
    return run


def fatal_signals(ctx):
    """kill(getpid(), n): the status is 128+n and stdout is complete."""
    for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 25, 26, 27, 29, 30,
                   31, 34, 64):
        result = lstar(ctx, [program(ctx, "endings"), "kill", str(number)])
        expect(result, 128 + number, out=b"ending by kill %d\n" % number)


def fault_message(ctx):
    """A fault is told in one line: the program, the signal, what and where."""
    result = lstar(ctx, [program(ctx, "fault_traps"), "read-kernel"])
    expect(result, 139, says=rb"^lstar: .*fault_traps: SIGSEGV: .*0xffffffff80100000")
    expect_equal("lines on stderr", result.stderr.count(b"\n"), 1, excerpt(result.stderr))


def panics(kind, symbol):
    """A panic provoked by the kernel's command line: 125, the reason, a backtrace by name."""
    def run(ctx):
        result = lstar(ctx, ["busybox", "true"], "--kernel-arg", f"panic={kind}")
        expect(result, 125, out=b"", says=rb"^lstar: kernel panic: ")
        for wanted in (rb"rip", rb"rsp", symbol):
            if not re.search(wanted, result.stderr, re.IGNORECASE):
                raise Failed(f"the report has no {wanted!r}\n{excerpt(result.stderr, 6000)}")
    return run


def timeout(ctx):
    """A spinning program ends with 124 close to its time, with what it had printed."""
    start = time.monotonic()
    result = lstar(ctx, [program(ctx, "stdio_probe"), "spin"], "-t", "1")
    expect(result, 124, out=b"spinning\n", says=rb"^lstar: ")
    if time.monotonic() - start < 1:
        raise Failed("ended before its time")


def timeout_asleep(ctx):
    """A sleeping program too."""
    expect(lstar(ctx, ["busybox", "sleep", "1000"], "--timeout", "0.7"), 124, says=rb"^lstar: ")


def timeout_not_reached(ctx):
    """A program that ends in time does not notice."""
    expect(lstar(ctx, ["busybox", "echo", "hi"], "-t", "60"), 0, out=b"hi\n", err=b"")


def hello(*options, timeout_s=60):
    """The smallest program under some options: its bytes and nothing else."""
    def run(ctx):
        result = lstar(ctx, [program(ctx, "hello")], *options, timeout_s=timeout_s)
        noise = [line for line in result.stderr.splitlines() if b"warning: TCG" not in line]
        expect(result, 0, out=HELLO)
        expect_equal("stderr", b"\n".join(noise), b"")
    return run


def memory_used(ctx):
    """A large guest's memory is really there, above the hole below 4 GiB too."""
    result = lstar(ctx, [program(ctx, "touch_memory"), "3500"], "-m", "4G", timeout_s=200)
    expect(result, 0, out=b"3500 MiB touched\n", err=b"")


def too_little_memory(size):
    """Not enough to start with: a message that says so, never a hang."""
    def run(ctx):
        result = lstar(ctx, ["busybox", "true"], "-m", size, timeout_s=30)
        if result.status == 0:
            return  # it was enough after all
        expect(result, 125, out=b"", says=rb"^lstar: .*(memory|MiB|little|[0-9]M\b)")
    return run


def verbose(ctx):
    """-v shows the kernel's log on stderr and leaves stdout alone."""
    result = lstar(ctx, [program(ctx, "hello")], "-v")
    expect(result, 0, out=HELLO, says=rb"qemu-system-x86_64 ")
    expect(result, 0, says=rb"^Lstar: hostlink ")


def status_file(ctx):
    """One JSON object, for an exit, a signal, a panic, and a program that is not there."""
    path = os.path.join(ctx.scratch, f"status-{os.getpid()}.json")
    runs = [(["busybox", "false"], [], 1), ([program(ctx, "fault_traps"), "ud2"], [], 132),
            (["busybox", "true"], ["--kernel-arg", "panic=boot"], 125), (["/no/such"], [], 127),
            ([program(ctx, "stdio_probe"), "spin"], ["-t", "0.7"], 124)]
    for argv, options, code in runs:
        expect(lstar(ctx, argv, "--status-file", path, *options), code)
        with open(path, encoding="utf-8") as file:
            record = json.load(file)
        os.unlink(path)
        if not isinstance(record, dict) or code not in record.values():
            raise Failed(f"{argv}: the record does not hold the exit code {code}: {record}")


def status_file_unwritable(ctx):
    """Said before anything is started."""
    expect(lstar(ctx, ["busybox", "true"], "--status-file", "/no/such/dir/file"), 125, out=b"",
           says=rb"^lstar: .*/no/such/dir/file")


def dry_run(ctx):
    """Prints QEMU's command line and runs nothing."""
    result = lstar(ctx, ["busybox", "echo", "not run"], "--dry-run", "-m", "77M",
                   "--machine", "q35")
    expect(result, 0, err=b"")
    for word in (b"qemu-system-x86_64 ", b"77M", b"q35", b"-kernel"):
        if word not in result.stdout:
            raise Failed(f"no {word!r} in {excerpt(result.stdout)}")


def icount_identical(ctx):
    """With --icount everything a program can see is the same in two runs."""
    argv = [program(ctx, "clock_numbers")]
    runs = [lstar(ctx, argv, "--icount", "0") for _ in range(2)]
    for result in runs:
        expect(result, 0, err=b"")
    expect_equal("the second run's output", runs[1].stdout, runs[0].stdout)
    if len(runs[0].stdout) < 40:
        raise Failed(f"too little to compare: {runs[0].stdout!r}")


def not_identical_without(ctx):
    """Without it the random bytes differ: the case above compares something real."""
    runs = [lstar(ctx, [program(ctx, "clock_numbers")]) for _ in range(2)]
    if runs[0].stdout == runs[1].stdout:
        raise Failed(f"two ordinary runs gave the same bytes: {runs[0].stdout!r}")


def usage(*argv, says):
    """The launcher's own arguments are wrong: 125, one or two lines, nothing on stdout."""
    def run(ctx):
        result = spawn([ctx.launcher, *argv], 20, env=BASE_ENV)
        expect(result, 125, out=b"", says=says)
        if result.stderr.count(b"\n") > 3:
            raise Failed(f"more than three lines\n{excerpt(result.stderr)}")
    return run


def options_end(ctx):
    """Options behind the program are the program's own; -- ends them too."""
    expect(lstar(ctx, ["busybox", "echo", "-v", "--dry-run"]), 0, out=b"-v --dry-run\n", err=b"")
    result = spawn([ctx.launcher, "run", "busybox", "echo", "-t"], 60, env=BASE_ENV)
    expect(result, 0, out=b"-t\n", err=b"")


def environment(ctx):
    """-E starts from nothing, -e adds and takes over, values may hold anything."""
    result = spawn([ctx.launcher, "run", "-E", "-e", "B=2", "-e", "A=x y=z", "-e", "HOSTVAR",
                    "busybox", "env"], 60, env={**BASE_ENV, "HOSTVAR": "taken"})
    expect(result, 0, out=b"B=2\nA=x y=z\nHOSTVAR=taken\n", err=b"")
    result = spawn([ctx.launcher, "run", "-e", "LC_ALL=POSIX", "busybox", "env"], 60, env=BASE_ENV)
    expect(result, 0, err=b"")
    wanted = [f"{k}={'POSIX' if k == 'LC_ALL' else v}" for k, v in BASE_ENV.items()]
    expect_equal("variables", sorted(result.stdout.decode().split()), sorted(wanted))


def directory(ctx):
    """-C, and --file with and without another name."""
    expect(lstar(ctx, ["busybox", "pwd"], "-C", "/some/where"), 0, out=b"/some/where\n", err=b"")
    expect(lstar(ctx, ["busybox", "cat", "here"], "-C", "/x", "--file", "/etc/hostname:/x/here"), 0,
           out=open("/etc/hostname", "rb").read(), err=b"")
    expect(lstar(ctx, ["busybox", "cat", "/etc/hostname"], "--file", "/etc/hostname"), 0,
           out=open("/etc/hostname", "rb").read(), err=b"")
    expect(lstar(ctx, ["busybox", "true"], "--file", "/no/such/file"), 125, out=b"",
           says=rb"^lstar: .*/no/such/file")


def qemu_missing(ctx):
    """No QEMU: says what to install."""
    env = {**BASE_ENV, "LSTAR_QEMU": "/no/such/qemu"}
    result = spawn([ctx.launcher, "run", "busybox", "true"], 20, env=env)
    expect(result, 125, out=b"", says=rb"^lstar: .*(qemu|QEMU)")


def bad_qemu_argument(ctx):
    """QEMU refuses to start: its own words come through."""
    result = lstar(ctx, ["busybox", "true"], "--qemu-arg", "-no-such-option", timeout_s=30)
    expect(result, 125, out=b"", says=rb"no-such-option")


def kernel_missing(ctx):
    """No kernel image at the place named."""
    expect(lstar(ctx, ["busybox", "true"], "--kernel", "/no/such/kernel"), 125, out=b"",
           says=rb"^lstar: .*/no/such/kernel")


def kernel_is_not_lstar(ctx):
    """An ELF file that is no kernel of ours."""
    expect(lstar(ctx, ["busybox", "true"], "--kernel", "/bin/busybox", timeout_s=30), 125, out=b"",
           says=rb"^lstar: ")


def audit_from_outside(ctx):
    """Control registers and page tables as QEMU sees them while a program runs."""
    def start(argv, env):
        return subprocess.Popen(argv, env=env, start_new_session=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    audit(ctx, [program(ctx, "stdio_probe"), "spin"], start)


def machine_check(ctx):
    """An uncorrected machine check in ring 3, injected by QEMU: the program or the kernel ends,
    and what happened is said; no reset, no hang."""
    path = os.path.join(ctx.scratch, f"mce-{os.getpid()}.sock")
    argv = ctx.lstar.command(Job([program(ctx, "stdio_probe"), "spin"]), "--qemu-arg", "-monitor",
                             "--qemu-arg", f"unix:{path},server=on,wait=off")
    process = subprocess.Popen(argv, env=BASE_ENV, start_new_session=True, stdout=subprocess.PIPE,
                               stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        process.stdout.readline()
        monitor = Monitor(path)
        monitor.socket.sendall(b"mce 0 0 0xb200000000000000 0x5 0 0\n")
        _, err = process.communicate(timeout=30)
        monitor.close()
    except subprocess.TimeoutExpired:
        raise Failed("no end after 30 s") from None
    finally:
        kill_group(process)
        process.wait()
    if process.returncode not in (125, 135, 139) or b"machine check" not in err.lower():
        raise Failed(f"status {process.returncode}\n{excerpt(err, 3000)}")


def many_in_a_row(ctx):
    """Thirty runs, two at a time, all right: no race in start-up or end."""
    argv = ctx.lstar.command(Job([program(ctx, "hello")]))
    for _ in range(15):
        pair = [subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, env=BASE_ENV) for _ in range(2)]
        for process in pair:
            try:
                out, _ = process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGTERM)
                raise Failed("no end after 60 s") from None
            expect_equal("result", (process.returncode, out), (0, HELLO))


def cases(_ctx):
    """The suite."""
    table = [(f"exit-{n}-{n + STATUSES_PER_CASE - 1}", exit_statuses(n))
             for n in range(0, 256, STATUSES_PER_CASE)]
    table += [(f"panic-{kind}", panics(kind, symbol)) for kind, symbol in
              (("boot", rb"panic_provoke"), ("user", rb"panic_provoke"),
               ("fault", rb"panic_provoke"), ("stack", rb"recurse"))]
    table += [(f"machine-{m}", hello("--machine", m)) for m in ("microvm", "q35", "pc")]
    table += [(f"machine-{m}-seabios", hello("--machine", m, "--qemu-arg", "-bios", "--qemu-arg",
                                             "bios-256k.bin")) for m in ("q35", "pc")]
    table += [(f"memory-{m}", hello("-m", m)) for m in ("24M", "32M", "64M", "129M", "1G", "2G",
                                                        "3G", "4G", "5G")]
    table += [(f"memory-24M-{m}", hello("-m", "24M", "--machine", m)) for m in ("q35", "pc")]
    table += [(f"memory-5G-{m}", hello("-m", "5G", "--machine", m)) for m in ("q35", "pc")]
    table += [(f"too-little-{m}", too_little_memory(m)) for m in ("4M", "8M", "10M", "12M", "16M")]
    table += [(f"cpu-{c.replace(',', '+')}", hello("--cpu", c)) for c in (
        "qemu64", "max", "max,-smap", "max,-smap,-smep,-umip", "max,vendor=GenuineIntel", "EPYC",
        "max,-fsgsbase", "max,-xsave", "max,-avx", "max,-la57", "Haswell")]
    table += [("two-cpus", hello("-c", "2")), ("four-cpus", hello("-c", "4", "--machine", "q35")),
              ("accel-tcg", hello("--accel", "tcg")), ("icount", hello("--icount", "0")),
              ("signals", fatal_signals), ("fault-message", fault_message), ("timeout", timeout),
              ("timeout-asleep", timeout_asleep), ("timeout-not-reached", timeout_not_reached),
              ("verbose", verbose), ("status-file", status_file),
              ("status-file-unwritable", status_file_unwritable), ("dry-run", dry_run),
              ("icount-identical", icount_identical), ("runs-differ", not_identical_without),
              ("options-end", options_end), ("environment", environment), ("directory", directory),
              ("qemu-missing", qemu_missing), ("qemu-refuses", bad_qemu_argument),
              ("kernel-missing", kernel_missing), ("kernel-is-not-lstar", kernel_is_not_lstar),
              ("audit", audit_from_outside),
              ("machine-check", machine_check), ("many-in-a-row", many_in_a_row)]
    table += [
        ("unknown-option", usage("run", "--frobnicate", "busybox", says=rb"--frobnicate")),
        ("unknown-letter", usage("run", "-z", "busybox", says=rb"-z")),
        ("missing-value", usage("run", "-m", says=rb"-m")),
        ("bad-memory", usage("run", "-m", "lots", "busybox", says=rb"lots")),
        ("bad-timeout", usage("run", "-t", "-3", "busybox", says=rb"-3")),
        ("bad-machine", usage("run", "--machine", "amiga", "busybox", says=rb"amiga.*microvm")),
        ("no-program", usage("run", says=rb"no program")),
        ("unknown-command", usage("frobnicate", says=rb"frobnicate")),
    ]
    found = [Case("boot", name, run, needs_lstar=True) for name, run in table]
    found += bare_cases()
    found.append(Case("boot", "memory-used", memory_used, needs_lstar=True, alone=True))
    return found
