# SPDX-License-Identifier: MIT
"""
Makes small ELF programs, right and wrong.

program() gives a correct static x86-64 executable that exits with a chosen status, program32()
an i386 one; every field that matters can be overridden by name. Layouts follow the System V gABI, chapter 4
and 5. Used by tests/badinput.
"""

import struct

EHDR32 = struct.Struct("<16sHHIIIIIHHHHHH")
PHDR32 = struct.Struct("<IIIIIIII")
EHDR = struct.Struct("<16sHHIQQQIHHHHHH")
PHDR = struct.Struct("<IIQQQQQQ")
PAGE = 4096
BASE = 0x400000
CODE_OFFSET = PAGE  # the code has a page of its own in the file
PT_LOAD, PT_INTERP, PT_NOTE, PT_GNU_STACK = 1, 3, 4, 0x6474E551
R, W, X = 4, 2, 1


def exit_code(status):
    """Machine code of exit_group(status)."""
    return b"\xbf" + struct.pack("<I", status) + b"\xb8\xe7\x00\x00\x00\x0f\x05\xf4"


def phdr(kind=PT_LOAD, flags=R | X, offset=CODE_OFFSET, vaddr=BASE + CODE_OFFSET, filesz=None,
         memsz=None, align=PAGE, code=b""):
    """One program header; sizes default to the code's."""
    filesz = len(code) if filesz is None else filesz
    memsz = filesz if memsz is None else memsz
    return PHDR.pack(kind, flags, offset, vaddr, vaddr, filesz, memsz, align)


def program(segments=None, code=exit_code(42), *, ident=None, kind=2, machine=62, version=1,
            entry=BASE + CODE_OFFSET, phoff=64, ehsize=64, phentsize=56, phnum=None, tail=b""):
    """An executable; `segments` are packed program headers (default: one for the code)."""
    if segments is None:
        segments = [phdr(code=code)]
    ident = b"\x7fELF\x02\x01\x01" + bytes(9) if ident is None else ident
    header = EHDR.pack(ident, kind, machine, version, entry, phoff, 0, 0, ehsize, phentsize,
                       len(segments) if phnum is None else phnum, 64, 0, 0)
    head = header + b"".join(segments)
    if len(head) > CODE_OFFSET:
        raise ValueError("too many program headers for this layout")
    return head.ljust(CODE_OFFSET, b"\0") + code + tail


def exit_code32(status):
    """Machine code of exit(status) by INT 0x80."""
    return b"\xbb" + struct.pack("<I", status) + b"\xb8\x01\x00\x00\x00\xcd\x80\xf4"


def program32(*, kind=2, machine=3, base=BASE, phentsize=32, memsz=None, entry=None):
    """An i386 executable with one segment."""
    code = exit_code32(42)
    start = base + CODE_OFFSET
    segment = PHDR32.pack(PT_LOAD, CODE_OFFSET, start, start, len(code),
                          len(code) if memsz is None else memsz, R | X, PAGE)
    header = EHDR32.pack(b"\x7fELF\x01\x01\x01" + bytes(9), kind, machine, 1,
                         start if entry is None else entry, 52, 0, 0, 52, phentsize, 1, 40, 0, 0)
    return (header + segment).ljust(CODE_OFFSET, b"\0") + code
