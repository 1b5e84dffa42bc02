# SPDX-License-Identifier: MIT
"""
The three streams: byte-clean, back-pressured, separate, with and without a terminal, and
the terminal as it was afterwards, whatever happened.

Every case that the host can show runs there first: the same check must hold for the
program run natively and for it run in Lstar (`sides`).
"""

import contextlib
import fcntl
import hashlib
import os
import random
import select
import signal
import subprocess
import time

from lib.case import Case, Failed, excerpt, expect_equal
from lib.runner import BASE_ENV, kill_group
from lib.terminal import Terminal

LIMIT_S = 60
BIG = 64 << 20


def sides(ctx):
    """(name, argv prefix) of each way to run a program here."""
    both = [("host", [])]
    return both if ctx.host_only else both + [("lstar", ctx.lstar_prefix)]


@contextlib.contextmanager
def started(argv, **streams):
    """A process in a group of its own that is gone afterwards."""
    process = subprocess.Popen(argv, env=BASE_ENV, start_new_session=True, **streams)
    try:
        yield process
    finally:
        kill_group(process)
        process.wait()


def status_of(process, what):
    """The shell's status, or Failed when there is none in time."""
    try:
        status = process.wait(LIMIT_S)
    except subprocess.TimeoutExpired:
        raise Failed(f"{what}: no end after {LIMIT_S} s") from None
    return 128 - status if status < 0 else status


def probe(ctx, *args):
    """argv of the helper program in one of its modes."""
    return [os.path.abspath(ctx.builder.program("stdio_probe")), *map(str, args)]


def run_piped(argv, data, what):
    """stdin from a pipe, stdout and stderr to pipes: (status, out, err)."""
    with started(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                 stderr=subprocess.PIPE) as process:
        try:
            out, err = process.communicate(data, timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            raise Failed(f"{what}: no end after {LIMIT_S} s") from None
        return status_of(process, what), out, err


def all_bytes(ctx):
    """Every byte value, alone and in every pair, through stdin to stdout and to stderr."""
    data = bytes(range(256)) + bytes(b for i in range(256) for j in range(256) for b in (i, j))
    for side, prefix in sides(ctx):
        for fd in (1, 2):
            status, out, err = run_piped(prefix + probe(ctx, "copy", fd), data, side)
            expect_equal(f"{side}: status", status, 0)
            expect_equal(f"{side}: fd {fd}", (out, err)[fd - 1], data)
            expect_equal(f"{side}: the other stream", (out, err)[2 - fd], b"")


def big_file(ctx):
    """64 MiB that no compression or pattern could fake; made once."""
    path = os.path.join(ctx.scratch, "big64.bin")
    if not os.path.exists(path) or os.path.getsize(path) != BIG:
        rng = random.Random(64)
        with open(path + ".new", "wb") as file:
            for _ in range(BIG >> 20):
                file.write(rng.randbytes(1 << 20))
        os.rename(path + ".new", path)
    return path


def digest(path):
    """sha256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sixty_four_mebibytes(ctx):
    """`cat big | PROGRAM > file`."""
    source = big_file(ctx)
    target = os.path.join(ctx.scratch, "big64.out")
    for side, prefix in sides(ctx):
        with subprocess.Popen(["cat", source], stdout=subprocess.PIPE) as feeder:
            with open(target, "wb") as sink, started([*prefix, "busybox", "cat"],
                                                     stdin=feeder.stdout, stdout=sink) as process:
                feeder.stdout.close()
                expect_equal(f"{side}: status", status_of(process, side), 0)
        expect_equal(f"{side}: sha256", digest(target), digest(source))
        os.unlink(target)


def shell_streams(name, redirections, argv, same_stderr=True):
    """A case of streams closed or redirected by the shell, compared with the host."""
    def run(ctx):
        results = {}
        for side, prefix in sides(ctx):
            line = f'exec "$@" {redirections}'
            status, out, err = run_piped(["sh", "-c", line, "sh", *prefix, *argv(ctx)], b"", side)
            results[side] = (status, out, err if same_stderr else b"")
        for side, result in results.items():
            expect_equal(f"{side}: status, stdout, stderr", result, results["host"])
    return Case("stdio", name, run)


def dev_full(ctx):
    """Output the host refuses must not look like success, and must be said."""
    for side, prefix in sides(ctx):
        with open("/dev/full", "wb") as full, started([*prefix, "busybox", "echo", "lost"],
                                                      stdout=full, stderr=subprocess.PIPE) as p:
            _, err = p.communicate(timeout=LIMIT_S)
            if status_of(p, side) == 0 or b"No space left" not in err:
                raise Failed(f"{side}: status {p.returncode}, {excerpt(err)}")


def reader_goes(argv, expected_status, expected_err):
    """The reader takes one byte and leaves: the end must come, and in the expected way."""
    def run(ctx):
        for side, prefix in sides(ctx):
            with started([*prefix, *argv(ctx)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE) as process:
                if len(process.stdout.read(1)) != 1:
                    raise Failed(f"{side}: nothing to read\n{excerpt(process.stderr.read())}")
                process.stdout.close()
                status = status_of(process, side)
                err = process.stderr.read()
                err = b"".join(x for x in err.splitlines(True) if not x.startswith(b"lstar: "))
                expect_equal(f"{side}: status and stderr", (status, err),
                             (expected_status, expected_err))
    return run


def separate(ctx):
    """Two thousand lines by turns on the two streams: each complete, in order, unmixed."""
    count = 2000
    want = [b"".join(b"line %d\n" % i for i in range(first, count, 2)) for first in (0, 1)]
    for side, prefix in sides(ctx):
        status, out, err = run_piped(prefix + probe(ctx, "alternate", count), b"", side)
        expect_equal(f"{side}: status", status, 0)
        expect_equal(f"{side}: stdout", out, want[0])
        expect_equal(f"{side}: stderr", err, want[1])


def slow_reader(ctx):
    """Four mebibytes to a reader that pauses, and the program's end right behind them."""
    size = 4 << 20
    for side, prefix in sides(ctx):
        with started(prefix + probe(ctx, "burst", size), stdin=subprocess.DEVNULL,
                     stdout=subprocess.PIPE) as process:
            got = 0
            while chunk := os.read(process.stdout.fileno(), 65536):
                got += len(chunk)
                time.sleep(0.005)
            expect_equal(f"{side}: bytes", got, size)
            expect_equal(f"{side}: status", status_of(process, side), 7)


def trickle(ctx):
    """One line in, one line out, thirty times: nothing may wait for more to come."""
    for side, prefix in sides(ctx):
        with started([*prefix, "busybox", "cat"], stdin=subprocess.PIPE,
                     stdout=subprocess.PIPE) as process:
            for i in range(30):
                os.write(process.stdin.fileno(), b"%d\n" % i)
                ready, _, _ = select.select([process.stdout], [], [], LIMIT_S)
                if not ready:
                    raise Failed(f"{side}: line {i} did not come back")
                expect_equal(f"{side}: line", os.read(process.stdout.fileno(), 100), b"%d\n" % i)
            process.stdin.close()
            expect_equal(f"{side}: status", status_of(process, side), 0)


def unread_input(ctx):
    """A program that stops reading ends all the same, and the writer sees a closed pipe."""
    for side, prefix in sides(ctx):
        with open(big_file(ctx), "rb") as source:
            with subprocess.Popen(["cat"], stdin=source, stdout=subprocess.PIPE) as feeder:
                with started([*prefix, "busybox", "head", "-c", "10"], stdin=feeder.stdout,
                             stdout=subprocess.PIPE) as process:
                    feeder.stdout.close()
                    out, _ = process.communicate(timeout=LIMIT_S)
                    expect_equal(f"{side}: bytes", len(out), 10)
                    expect_equal(f"{side}: status", status_of(process, side), 0)
                expect_equal(f"{side}: the writer's end", feeder.wait(LIMIT_S), -signal.SIGPIPE)


def flags_kept(ctx):
    """The descriptors' file status flags are the caller's; nobody may leave O_NONBLOCK on them."""
    for side, prefix in sides(ctx):
        read_end, write_end = os.pipe()
        in_read, in_write = os.pipe()
        try:
            before = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (in_read, write_end)]
            os.write(in_write, b"x")
            os.close(in_write)
            with started([*prefix, "busybox", "cat"], stdin=in_read, stdout=write_end) as process:
                expect_equal(f"{side}: status", status_of(process, side), 0)
            after = [fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (in_read, write_end)]
            expect_equal(f"{side}: flags", after, before)
        finally:
            for fd in (read_end, write_end, in_read):
                os.close(fd)


def no_terminal(ctx):
    """In a session without a terminal at all."""
    for side, prefix in sides(ctx):
        status, out, _ = run_piped(["setsid", "-w", *prefix, "busybox", "echo", "hi"], b"", side)
        expect_equal(f"{side}: result", (status, out), (0, b"hi\n"))


def under_script(ctx):
    """bsdutils' script gives it a terminal and takes its status."""
    for side, prefix in sides(ctx):
        line = " ".join([*prefix, "busybox", "sh", "-c", "'echo hi; exit 5'"])
        status, out, _ = run_piped(["script", "-qec", line, "/dev/null"], b"", side)
        expect_equal(f"{side}: result", (status, out), (5, b"hi\r\n"))


def in_background(ctx):
    """As a background job of an interactive shell: it may write, and is never stopped."""
    for side, prefix in sides(ctx):
        job = " ".join([*prefix, "busybox", "echo", "from the background"])
        script = f"set -m; {job} & wait $!; echo status $?"
        with Terminal(["sh", "-c", script], BASE_ENV) as terminal:
            terminal.expect(b"status ", LIMIT_S)
            terminal.finish()
            if b"from the background" not in terminal.seen or b"status 0" not in terminal.seen:
                raise Failed(f"{side}: {excerpt(terminal.seen)}")
            expect_equal(f"{side}: settings unchanged", terminal.unchanged(), True)


def on_terminal(ctx):
    """isatty, window size and attributes as the terminal has them."""
    for side, prefix in sides(ctx):
        with Terminal(prefix + probe(ctx, "terminal"), BASE_ENV, rows=33, cols=77) as terminal:
            expect_equal(f"{side}: status", terminal.finish(), 0)
            expect_equal(f"{side}: what it saw", terminal.seen,
                         b"1 1 1\r\nsize 0 33 77\r\nattributes 0 echo 1 canonical 1\r\n")
            expect_equal(f"{side}: settings unchanged", terminal.unchanged(), True)


def typed_lines(ctx):
    """Lines with echo and erase, then ^D for the end of file."""
    for side, prefix in sides(ctx):
        with Terminal([*prefix, "busybox", "cat"], BASE_ENV) as terminal:
            terminal.send(b"hel\x7flo\n")
            terminal.expect(b"\r\nhelo\r\n"[2:])
            terminal.send(b"\x04")
            expect_equal(f"{side}: status", terminal.finish(), 0)
            if not terminal.seen.endswith(b"helo\r\n"):
                raise Failed(f"{side}: {excerpt(terminal.seen)}")


def raw_mode(ctx):
    """Single keys in raw mode; the settings come back even if the program leaves them."""
    for side, prefix in sides(ctx):
        with Terminal(prefix + probe(ctx, "raw"), BASE_ENV) as terminal:
            terminal.expect(b"raw\r\n")
            terminal.send(b"\x03")
            terminal.expect(b"<03>")
            terminal.send(b"\xff")
            terminal.expect(b"<ff>")
            terminal.send(b"q")
            expect_equal(f"{side}: status", terminal.finish(), 0)
            if side == "lstar":
                expect_equal("settings restored", terminal.unchanged(), True)


def interrupt_key(ctx):
    """^C ends a spinning program: status 130, settings as before."""
    for side, prefix in sides(ctx):
        with Terminal(prefix + probe(ctx, "spin"), BASE_ENV) as terminal:
            terminal.expect(b"spinning")
            terminal.send(b"\x03")
            expect_equal(f"{side}: status", terminal.finish(), 128 + signal.SIGINT)
            expect_equal(f"{side}: settings unchanged", terminal.unchanged(), True)


def terminate(ctx):
    """SIGTERM to whoever runs the program: status 143, nothing left behind."""
    for side, prefix in sides(ctx):
        with started(prefix + probe(ctx, "spin"), stdin=subprocess.DEVNULL,
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdout.readline()
            children = children_of(process.pid)
            process.terminate()
            expect_equal(f"{side}: status", status_of(process, side), 128 + signal.SIGTERM)
            for pid in children:
                gone(side, pid)


def gone(what, pid):
    """Wait until a process does not exist any more."""
    deadline = time.monotonic() + 10
    while os.path.exists(f"/proc/{pid}"):
        if time.monotonic() > deadline:
            raise Failed(f"{what}: process {pid} was left behind")
        time.sleep(0.05)


def children_of(pid):
    """Direct children, by the kernel's own list."""
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def qemu_killed(ctx):
    """kill -9 of QEMU while the terminal is raw: code 125, a message, the terminal as before."""
    with Terminal(ctx.lstar_prefix + probe(ctx, "raw"), BASE_ENV) as terminal:
        terminal.expect(b"raw\r\n")
        children = children_of(terminal.process.pid)
        if not children:
            raise Failed("the launcher has no child process")
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        expect_equal("status", terminal.finish(), 125)
        if b"lstar: " not in terminal.seen:
            raise Failed(f"no message\n{excerpt(terminal.seen)}")
        expect_equal("settings restored", terminal.unchanged(), True)


def launcher_killed(ctx):
    """kill -9 of the launcher: QEMU does not outlive it."""
    with started(ctx.lstar_prefix + probe(ctx, "spin"), stdin=subprocess.DEVNULL,
                 stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        children = children_of(process.pid)
        process.kill()
        process.wait()
        for pid in children:
            gone("QEMU", pid)


def busybox(*words):
    """argv maker that ignores the context."""
    return lambda ctx: ["busybox", *words]


def cases(ctx):
    """The suite, in the order of the file."""
    ctx.lstar_prefix = [ctx.launcher, "run", *ctx.lstar.extra_options, "--"]
    plain = [("all-bytes", all_bytes), ("separate", separate), ("slow-reader", slow_reader),
             ("trickle", trickle), ("unread-input", unread_input), ("flags-kept", flags_kept),
             ("dev-full", dev_full), ("no-terminal", no_terminal), ("under-script", under_script),
             ("in-background", in_background), ("on-terminal", on_terminal),
             ("typed-lines", typed_lines), ("raw-mode", raw_mode),
             ("interrupt-key", interrupt_key), ("terminate", terminate)]
    found = [Case("stdio", name, run) for name, run in plain]
    found += [Case("stdio", name, run, needs_lstar=True)
              for name, run in (("qemu-killed", qemu_killed), ("launcher-killed", launcher_killed))]
    found += [
        Case("stdio", "64-mebibytes", sixty_four_mebibytes, alone=True),
        Case("stdio", "reader-goes-yes", reader_goes(busybox("yes"), 141, b"")),
        Case("stdio", "reader-goes-default",
             reader_goes(lambda ctx: probe(ctx, "until-broken", 0), 141, b"")),
        Case("stdio", "reader-goes-ignored",
             reader_goes(lambda ctx: probe(ctx, "until-broken", 1), 3, b"write: EPIPE\n")),
        shell_streams("stdin-closed", "<&-", busybox("cat")),
        shell_streams("stdin-null", "</dev/null", busybox("wc")),
        shell_streams("stdout-closed", ">&-", busybox("echo", "lost")),
        shell_streams("stdout-closed-silent", ">&-", busybox("true")),
        shell_streams("stderr-closed", "2>&-", busybox("cat", "no-such-file")),
        shell_streams("all-closed", "<&- >&- 2>&-", busybox("cat", "no-such-file")),
        shell_streams("stdin-is-output", "<&1", busybox("echo", "fine")),
        shell_streams("stdin-a-file", "</etc/passwd", busybox("cat")),
    ]
    return found
