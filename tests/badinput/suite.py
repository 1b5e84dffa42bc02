# SPDX-License-Identifier: MIT
"""
Programs that cannot be started, and some that barely can: each a clear message of one to
three lines and the documented code, never a hang, a panic or a kernel report.

A row gives the file's bytes (or None), how Lstar must end, and what its message must say.
126: cannot execute; 127: not found; 128+N: started and died. The rows that Linux judges
the same way are run on the host too: `host` is its ending, None for not asked.
"""

import os
import re
import struct
from dataclasses import dataclass

from badinput.elfgen import (BASE, CODE_OFFSET, PAGE, PHDR, PT_GNU_STACK, PT_INTERP, PT_LOAD,
                             PT_NOTE, R, W, X, exit_code, phdr, program, program32)
from lib.case import Case, Failed, excerpt, expect_equal
from lib.runner import BASE_ENV, Job, spawn

KERNEL = 0xFFFFFFFF80100000
CODE = exit_code(42)
NOEXEC = (126,)
KILLED = (126, 132, 135, 137, 139)  # refused, or started and ended by a signal


@dataclass
class Row:
    """A file and what must come of it."""

    name: str
    data: bytes
    status: tuple
    says: bytes = b""
    host: tuple = None
    mode: int = 0o755
    options: tuple = ()


def code_segment(**changes):
    """The usual code segment with some fields wrong."""
    return phdr(code=CODE, **changes)


def headers():
    """Wrong in the ELF header."""
    good = bytearray(program())
    i386 = bytearray(good)
    i386[4], i386[18] = 1, 3
    script = b"#!/bin/sh\necho hi\n"
    return [
        Row("good", bytes(good), (42,), host=(42,)),
        Row("empty", b"", NOEXEC, b"empty"),
        Row("one-byte", b"\x7f", NOEXEC, b""),
        Row("text", b"hello\n" * 100, NOEXEC, b"ELF"),
        Row("script", script, NOEXEC, b"script"),
        Row("not-executable", bytes(good), NOEXEC, b"chmod", mode=0o644),
        Row("aarch64", program(machine=183), NOEXEC, b"ARM"),
        Row("machine-zero", program(machine=0), NOEXEC, b"machine"),
        Row("i386-with-wide-headers", bytes(i386), NOEXEC, b"program header"),
        Row("i386-good", program32(), (42,), host=(42,)),
        Row("i386-pie", program32(kind=3, base=0), (42,), host=(42,)),
        Row("i386-arm", program32(machine=40), NOEXEC, b"ARM"),
        Row("i386-phentsize-56", program32(phentsize=56), NOEXEC, b"program header",
            host=(126,)),
        Row("i386-past-its-space", program32(base=0xFFFFD000), NOEXEC, b"kernel addresses"),
        Row("i386-past-4-gib", program32(memsz=0xFFFFF000), NOEXEC, b"kernel addresses"),
        Row("i386-entry-outside", program32(entry=0x1000), NOEXEC, b"entry point"),
        Row("x32", bytes(good[:4]) + b"\x01" + bytes(good[5:]), NOEXEC, b"x32"),
        Row("big-endian", bytes(good[:5]) + b"\x02" + bytes(good[6:]), NOEXEC, b""),
        Row("object-file", program(kind=1), NOEXEC, b"object"),
        Row("core-file", program(kind=4), NOEXEC, b"core"),
        Row("type-65535", program(kind=65535), NOEXEC, b""),
        Row("phnum-0", program(phnum=0), NOEXEC, b"program header"),
        Row("phnum-65535", program(phnum=65535), NOEXEC, b""),
        Row("phentsize-0", program(phentsize=0), NOEXEC, b"program header", host=(126,)),
        Row("phentsize-55", program(phentsize=55), NOEXEC, b"program header", host=(126,)),
        Row("phoff-past-end", program(phoff=1 << 20), NOEXEC, b""),
        Row("phoff-huge", program(phoff=0xFFFFFFFFFFFFFFC0), NOEXEC, b""),
        Row("phoff-wraps", program(phoff=0xFFFFFFFFFFFFFFFF), NOEXEC, b""),
        Row("phoff-odd", program(phoff=67), NOEXEC, b""),
    ]


def truncations():
    """A real program cut at many places."""
    with open("/bin/busybox", "rb") as file:
        whole = file.read()
    cuts = [2, 4, 16, 52, 63, 64, 65, 119, 120, 200, 568, 4095, 4096, 100_000, len(whole) // 2]
    phnum, = struct.unpack_from("<H", whole, 56)
    loads = [PHDR.unpack_from(whole, 64 + 56 * i) for i in range(phnum)]
    needed = max(p[2] + p[5] for p in loads if p[0] == PT_LOAD)
    cuts += [needed - 1]
    return [Row(f"cut-at-{n}", whole[:n], NOEXEC, b"truncated|not an ELF|ELF") for n in cuts]


def segments():
    """Wrong in the program headers."""
    text = phdr(code=CODE)

    def with_second(**fields):
        return program([text, phdr(code=CODE, **fields)])

    high = 0x7FFFFFFFF000
    return [
        Row("filesz-over-memsz", program([code_segment(filesz=100, memsz=10)]), NOEXEC, b""),
        Row("filesz-past-end", program([code_segment(filesz=1 << 20)]), NOEXEC, b"truncated"),
        Row("offset-past-end", program([code_segment(offset=1 << 30)]), NOEXEC, b""),
        Row("offset-wraps", program([code_segment(offset=0xFFFFFFFFFFFFF000)]), NOEXEC, b""),
        Row("filesz-wraps", program([code_segment(filesz=0xFFFFFFFFFFFFFFFF)]), NOEXEC, b""),
        Row("memsz-wraps", program([code_segment(memsz=0xFFFFFFFFFFFFF000)]), NOEXEC, b""),
        Row("vaddr-wraps", program([code_segment(vaddr=0xFFFFFFFFFFFFF000)]), NOEXEC, b""),
        Row("vaddr-kernel", program([code_segment(vaddr=KERNEL)], entry=KERNEL), NOEXEC, b""),
        Row("vaddr-kernel-half", program([code_segment(vaddr=0xFFFF800000000000)]), NOEXEC, b""),
        Row("vaddr-non-canonical", program([code_segment(vaddr=0x800000000000)]), NOEXEC, b""),
        Row("vaddr-last-page", program([code_segment(vaddr=high)], entry=high), NOEXEC, b""),
        Row("vaddr-crosses-end", with_second(vaddr=high - PAGE, memsz=3 * PAGE), NOEXEC, b""),
        Row("vaddr-null", program([code_segment(vaddr=0, offset=CODE_OFFSET)], entry=0), NOEXEC,
            b""),
        Row("second-in-kernel", with_second(vaddr=KERNEL, flags=R | W), NOEXEC, b""),
        Row("misaligned", program([code_segment(offset=CODE_OFFSET, vaddr=BASE + 100)],
                                  entry=BASE + 100), NOEXEC, b""),
        Row("no-load", program([phdr(kind=PT_NOTE, code=CODE)]), KILLED, b""),
        Row("interp", program([phdr(kind=PT_INTERP, code=CODE), text]), NOEXEC, b"dynamic"),
        Row("interp-unterminated", program([phdr(kind=PT_INTERP, filesz=1 << 40), text]), NOEXEC,
            b""),
        Row("overlapping", with_second(flags=R | W), (42, 126), b""),
        Row("overlapping-bss", with_second(flags=R | W, filesz=0, memsz=3 * PAGE,
                                           vaddr=BASE + CODE_OFFSET - PAGE), KILLED + (42,), b""),
        Row("descending", program([phdr(code=CODE, vaddr=BASE + 16 * PAGE, flags=R), text]),
            (42, 126), b""),
        Row("bss-huge", with_second(vaddr=0x10000000, filesz=0, memsz=1 << 46, flags=R | W),
            (126, 137, 42), b""),
        Row("bss-1g-untouched", with_second(vaddr=0x10000000, filesz=0, memsz=1 << 30,
                                            flags=R | W), (42, 126), b"memory",
            options=("-m", "64M")),
        Row("stack-flags-odd", program([text, phdr(kind=PT_GNU_STACK, flags=7, filesz=0)]), (42,),
            host=(42,)),
        Row("many-segments", program([phdr(code=CODE, vaddr=BASE + CODE_OFFSET + i * 2 * PAGE)
                                      for i in range(70)]), (42,), host=(42,)),
    ]


def entries():
    """The entry point is somewhere else."""
    return [
        Row("entry-outside", program(entry=0x10000000), KILLED, b"", host=(139,)),
        Row("entry-zero", program(entry=0), KILLED, b"", host=(139,)),
        Row("entry-kernel", program(entry=KERNEL), KILLED, b""),
        Row("entry-non-canonical", program(entry=0x800000000000), KILLED, b""),
        Row("entry-top", program(entry=0xFFFFFFFFFFFFFFFF), KILLED, b""),
        Row("entry-user-end", program(entry=0x7FFFFFFFFFFF), KILLED, b""),
        Row("entry-not-executable", program([phdr(code=CODE, flags=R)]), KILLED, b"", host=(139,)),
        Row("entry-in-bss", program([phdr(code=CODE, memsz=PAGE)], entry=BASE + CODE_OFFSET + 2048),
            KILLED, b"", host=(139,)),
    ]


def limits():
    """Right, but near a limit."""
    touch = (b"\x48\xbf" + struct.pack("<Q", 0x10000000)  # mov $bss,%rdi
             + b"\xb9\x00\x00\x04\x00"  # mov $0x40000,%ecx: pages
             + b"\xc6\x07\x01\x48\x81\xc7\x00\x10\x00\x00\xff\xc9\x75\xf2" + exit_code(42))
    toucher = program([phdr(code=touch), phdr(vaddr=0x10000000, filesz=0, memsz=1 << 30,
                                              flags=R | W)], touch)
    # the bytes between the end of a segment's file part and the end of its page read as zero
    scan = (b"\x48\xbe" + struct.pack("<Q", BASE + CODE_OFFSET + 200)  # mov $end,%rsi
            + b"\xb9" + struct.pack("<I", PAGE - 200)
            + b"\x31\xff\x40\x0a\x3e\x48\xff\xc6\xff\xc9\x75\xf6"  # or them into %dil
            + b"\x40\x0f\xb6\xff\xb8\xe7\x00\x00\x00\x0f\x05")
    tail = program([phdr(code=scan, filesz=200, memsz=201, flags=R | W | X)],
                   scan.ljust(200, b"\x90"), tail=b"secret" * 600)
    # another file follows in the archive: its bytes may not show
    last = program([phdr(code=scan, filesz=200, memsz=200)], scan.ljust(200, b"\x90"))
    return [
        Row("bss-1g-in-64m", toucher, (137, 126), b"memory", options=("-m", "64M")),
        Row("bss-tail-is-zero", tail, (0,), host=(0,)),
        Row("last-page-tail-is-zero", last, (0,), host=(0,),
            options=("--file", "/etc/passwd:/zzz")),
    ]


def write_row(ctx, row):
    """The row's file on disk."""
    path = os.path.join(ctx.scratch, "badinput", row.name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(row.data)
    os.chmod(path, row.mode)
    return path


def check_message(result, says):
    """One to three lines, all the launcher's, saying what they must."""
    lines = result.stderr.splitlines()
    shown = f"stderr:\n{excerpt(result.stderr)}\n{result.describe()}"
    if not 1 <= len(lines) <= 3 or not lines[0].startswith(b"lstar: "):
        raise Failed(f"expected one to three lines from the launcher\n{shown}")
    if says and not re.search(says, result.stderr, re.IGNORECASE):
        raise Failed(f"the message does not say {says!r}\n{shown}")


def run_row(ctx, row):
    """The host's opinion where asked, then Lstar's."""
    path = write_row(ctx, row)
    if row.host:
        got = ctx.host.run(Job(["sh", "-c", 'exec "$0"', path])).status
        if got not in row.host:
            raise Failed(f"the host ends with {got}, not {row.host}")
    if ctx.host_only:
        return
    result = ctx.lstar.run(Job([path], options=list(row.options)))
    if result.status not in row.status:
        raise Failed(f"status {result.status}, not one of {row.status}\n{excerpt(result.stderr)}\n"
                     f"{result.describe()}")
    expect_equal("stdout", result.stdout, b"", result.describe())
    if result.status >= 126:
        check_message(result, row.says)
    else:
        expect_equal("stderr", result.stderr, b"", result.describe())


def not_found(ctx):
    """Names that lead nowhere: 127; names that lead to no program: 126."""
    table = [("no-such-program", 127, b"not found"), ("/no/such/program", 127, b""),
             ("./no-such-program", 127, b""), ("", 127, b"empty"), ("/tmp", 126, b"directory"),
             (".", 126, b""), ("/dev/null", 126, b""), ("/etc/passwd", 126, b""),
             ("/etc/passwd/x", 126, b""), ("/bin/ls", 126, b"static"), ("a" * 300, 127, b""),
             ("/" + "a" * 5000, 126, b"")]
    for name, status, says in table:
        result = ctx.lstar.run(Job([name]))
        if result.status != status:
            raise Failed(f"{name[:40]!r}: status {result.status}, not {status}\n"
                         f"{excerpt(result.stderr)}")
        check_message(result, says)


def dynamic_advice(ctx):
    """A dynamically linked program: what it is and what to do about it."""
    result = ctx.lstar.run(Job(["/bin/ls"]))
    expect_equal("status", result.status, 126)
    check_message(result, rb"dynamically linked.*-static")


def links(ctx):
    """A loop of symbolic links, a dangling one, and one that is fine."""
    base = os.path.join(ctx.scratch, "badinput", "links")
    os.makedirs(base, exist_ok=True)
    for name, target in (("loop", "loop"), ("dangling", "nowhere"), ("fine", "/bin/busybox")):
        path = os.path.join(base, name)
        if not os.path.islink(path):
            os.symlink(target, path)
    for name, status in (("loop", 126), ("dangling", 127)):
        result = ctx.lstar.run(Job([os.path.join(base, name)]))
        expect_equal(f"{name}: status", result.status, status, excerpt(result.stderr))
        check_message(result, b"")
    result = ctx.lstar.run(Job([os.path.join(base, "fine"), "x"]))
    expect_equal("status through a link", result.status, 127)
    expect_equal("busybox's own message", result.stderr, b"fine: applet not found\n")


def large_arguments(ctx):
    """argv and environment of a mebibyte arrive; too large ones are E2BIG with Linux's limits."""
    program_path = os.path.abspath(ctx.builder.program("args"))
    busy = ["busybox", "awk", 'BEGIN { n = 0; for (i = 1; i < ARGC; i++) n += length(ARGV[i]); '
            'print ARGC, n, length(ENVIRON["BIG"]) }']
    many = ["x" * 1000] * 1024
    env = {"BIG": "y" * 100_000}
    for side in [ctx.host] + ([] if ctx.host_only else [ctx.lstar]):
        result = side.run(Job(busy + many, env=env))
        expect_equal("status", result.status, 0, excerpt(result.stderr))
        expect_equal("counts", result.stdout, b"1025 1024000 100000\n")
    if ctx.host_only:
        return
    longest = "z" * 131071  # MAX_ARG_STRLEN without its NUL: what exec lets through to the launcher
    result = ctx.lstar.run(Job([program_path, longest]))
    expect_equal("status just below the limit of one string", result.status, 2)


def too_large_arguments(ctx):
    """More than a quarter of the stack's limit, raised on the host so that exec lets it through."""
    import resource
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    if hard != resource.RLIM_INFINITY and hard < 64 << 20:
        raise Failed(f"the host's hard stack limit of {hard} bytes is too small for this case")
    def raise_limit():
        resource.setrlimit(resource.RLIMIT_STACK, (64 << 20, hard))

    for count in (20, 40):
        argv = ctx.lstar.command(Job(["busybox", "true", *["x" * 120_000] * count]))
        result = spawn(argv, 60, env=BASE_ENV, preexec_fn=raise_limit)
        expect_equal(f"status with {count} arguments", result.status, 126, excerpt(result.stderr))
        check_message(result, rb"argument|E2BIG|too long|too large")


def cases(_ctx):
    """The suite."""
    rows = headers() + truncations() + segments() + entries() + limits()
    found = [Case("badinput", row.name, lambda c, row=row: run_row(c, row),
                  needs_lstar=row.host is None) for row in rows]
    found += [Case("badinput", name, run, needs_lstar=True) for name, run in (
        ("not-found", not_found), ("dynamic-advice", dynamic_advice), ("links", links),
        ("too-large-arguments", too_large_arguments))]
    found.append(Case("badinput", "large-arguments", large_arguments))
    return found
