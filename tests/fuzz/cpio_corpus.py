#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cpio_corpus.py DIR: writes small newc archives for tests/fuzz/cpio_fuzz.c to start from.

Each has something the reader or the unpacker must decide about. Same files on every run.
"""
import pathlib
import sys

REG, DIR, LINK, CHR, FIFO = 0o100644, 0o040755, 0o120777, 0o020666, 0o010600


def entry(name, mode=REG, data=b"", ino=1, nlink=1, align=0, at=0, rdev=(0, 0)):
    """One entry that begins at offset `at` of its archive."""
    name = name.encode() + b"\0"
    while align and (at + 110 + len(name) + 3) // 4 * 4 % align:
        name += b"\0"
    fields = [ino, mode, 0, 0, nlink, 7, len(data), 0, 0, *rdev, len(name), 0]
    head = b"070701" + b"".join(b"%08X" % f for f in fields)
    pad = lambda b: b + bytes(-(at + len(b)) % 4)
    return pad(pad(head + name) + data)


def archive(*entries):
    out = b""
    for fields in entries:
        out += entry(at=len(out), **fields)
    return out + entry("TRAILER!!!", mode=0, at=len(out))


def files():
    """Name -> bytes."""
    config = dict(name=".lstar", data=b"exec=/x\0arg=x\0")
    program = dict(name="x", mode=0o100755, data=b"\x7fELF" + bytes(300))
    plain = archive(config, program)
    return {
        "plain": plain,
        "cut": plain[:-30],
        "crc": plain.replace(b"070701", b"070702"),
        "empty": archive(),
        "tree": archive(config, dict(name="a", mode=DIR), dict(name="a/b/c/d", data=b"deep"),
                        dict(name="./a//e/"), dict(name="/abs", data=b"1")),
        "aligned": archive(config, dict(name="page", data=bytes(5000), align=4096)),
        "links": archive(dict(name="l", mode=LINK, data=b"a/b"), dict(name="a/b", mode=DIR),
                         dict(name="l/through", data=b"x"),
                         dict(name="loop", mode=LINK, data=b"loop"), dict(name="loop/x")),
        "hard": archive(dict(name="one", ino=5, nlink=2), dict(name="two", ino=5, nlink=2,
                                                             data=b"both")),
        "nodes": archive(dict(name="n", mode=CHR, rdev=(1, 3)), dict(name="f", mode=FIFO)),
        "tmp": archive(dict(name="tmp/given", data=b"x" * 40), dict(name="tmp", mode=0o041777)),
        "replace": archive(dict(name="f", data=b"1"), dict(name="f", data=b"22")),
        "dots": archive(dict(name="a/../b", data=b"1"), dict(name="..", mode=DIR),
                        dict(name="x/..")),
        "clash": archive(dict(name="f", data=b"1"), dict(name="f/g", data=b"2")),
    }


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name, data in files().items():
        (out / name).write_bytes(data)


main()
