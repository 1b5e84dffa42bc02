#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""elf_corpus.py DIR: writes small ELF files for tests/fuzz/elf_fuzz.c to start from.

Each differs from a good one in something the reader must decide about, so that the fuzzer
begins on both sides of every decision. Same files on every run.
"""
import pathlib
import struct
import sys

PAGE = 0x1000
LOAD, INTERP, NOTE, STACK = 1, 3, 4, 0x6474E551
R, W, X = 4, 2, 1


def header(phnum, entry, kind=2, machine=62, elf_class=2, osabi=0, phoff=64, phentsize=56):
    ident = bytes([0x7F, 0x45, 0x4C, 0x46, elf_class, 1, 1, osabi]) + bytes(8)
    return ident + struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, entry, phoff, 0, 0, 64,
                               phentsize, phnum, 64, 0, 0)


def phdr(kind, flags, off, vaddr, filesz, memsz, align=PAGE):
    return struct.pack("<IIQQQQQQ", kind, flags, off, vaddr, vaddr, filesz, memsz, align)


def note(name, desc, align=4):
    name = name.encode() + b"\0"
    pad = lambda b: b + bytes(-len(b) % align)
    return pad(pad(struct.pack("<III", len(name), len(desc), 1) + name) + desc)


def image(phdrs, entry=0x401000, size=2 * PAGE + 0x80, tail=b"", **fields):
    body = header(len(phdrs), entry, **fields) + b"".join(phdrs)
    return body + bytes(max(0, size - len(body) - len(tail))) + tail


def text(base=0x400000):
    return phdr(LOAD, R | X, 0, base, 2 * PAGE, 2 * PAGE)


def data(vaddr=0x403000, memsz=0x3000):
    return phdr(LOAD, R | W, 2 * PAGE, vaddr, 0x80, memsz)


def files():
    """Name -> bytes."""
    notes = note("GNU", bytes(16)) + note("Lstar", bytes(8))
    size = 2 * PAGE + 0x80
    stack = phdr(STACK, R | W, 0, 0, 0, 0, 16)
    good = [text(), data(), stack]
    return {
        "good": image(good),
        "pie": image([text(0), data(0x3000), stack], entry=0x1000, kind=3),
        "stack-exec": image([text(), data(), phdr(STACK, R | W | X, 0, 0, 0, 0)]),
        "notes": image(good + [phdr(NOTE, R, size - len(notes), 0, len(notes), len(notes), 4)],
                       tail=notes),
        "notes8": image(good + [phdr(NOTE, R, size - 0x60, 0, 0x60, 0x60, 8)],
                        tail=note("Lstar", bytes(16), 8).ljust(0x60, b"\0")),
        "interp": image(good + [phdr(INTERP, R, 0x200, 0x400200, 28, 28, 1)]),
        "bss-only": image([text(), phdr(LOAD, R | W, 0, 0x500000, 0, 1 << 30)]),
        "overlap": image([text(), data(0x401000)]),
        "descending": image([data(), text()]),
        "kernel": image([text(), data(0xFFFFFFFF80100000)]),
        "top": image([text(), data(0x7FFFFFFFC000)]),
        "low": image([text(0), data()], entry=0x1000),
        "wraps": image([text(), phdr(LOAD, R, 2**64 - PAGE, 0x600000, PAGE, PAGE)]),
        "entry-outside": image(good, entry=0x12345678),
        "align": image([text(), phdr(LOAD, R | W, 2 * PAGE, 0x600000, 0x80, 0x80, 1 << 41)]),
        "many": image([phdr(LOAD, R, 0, 0x1000000 + i * PAGE, 1, 1) for i in range(64)],
                      entry=0x1000000),
        "class32": image(good, elf_class=1),
        "arm64": image(good, machine=183),
        "freebsd": image(good, osabi=9),
        "object": image(good, kind=1),
        "phnum-max": header(65535, 0x401000) + bytes(200),
        "phentsize": image(good, phentsize=32),
        "phoff": image(good, phoff=2**64 - 8),
        "header-only": header(3, 0x401000),
        "cut": image(good)[:0x1800],
        "script": b"#!/bin/sh\necho\n",
        "empty": b"",
    }


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: elf_corpus.py DIR")
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (out / name).write_bytes(content)


if __name__ == "__main__":
    main()
