# SPDX-License-Identifier: MIT
"""
Reads tests/abi/*.cases: stanzas of "key: value" lines, separated by blank lines.

    name: sort-numeric          unique in its file
    argv: busybox sort -n F     words as a shell would split them; no expansion
    stdin: numbers.txt          a fixture (tests/abi/fixtures.py); default: empty
    text: one\\ntwo\\n            stdin given in place, with Python's string escapes
    files: a.txt tree/          fixtures carried into the guest besides those named in argv
    env: NAME=VALUE ...
    status: 1                   what the host must return as well (default 0)
    options: -m 512M            further options of `lstar run`
    order: any                  lines of stdout may come in any order (directory order is free)

{tmp} in argv stands for a fresh name prefix under /tmp, the same on both sides.
argv may start with prog:NAME (a program of tests/programs); the case then becomes one
for each flavour of `flavours:` (default: glibc pie musl i386 i386-musl). One that starts with
busybox becomes two: the installed program and Debian's i386 build (`flavours:` amd64 i386).
"""

import shlex
from dataclasses import dataclass, field

DEFAULT_FLAVOURS = {"prog": ["glibc", "pie", "musl", "i386", "i386-musl"],
                    "busybox": ["amd64", "i386"]}
KEYS = {"name", "argv", "stdin", "text", "files", "env", "status", "options", "flavours",
        "order"}


@dataclass
class Stanza:
    """One case as written; `line` is where, for messages."""

    name: str
    argv: list
    line: int
    stdin: str = ""
    text: bytes = b""
    files: list = field(default_factory=list)
    env: dict = field(default_factory=dict)
    status: int = 0
    options: list = field(default_factory=list)
    any_order: bool = False
    flavours: list = field(default_factory=list)


def read(path):
    """All stanzas of a file; ValueError names the line that is wrong."""
    stanzas, current, start = [], {}, 0
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines() + [""]
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith("#"):
            continue
        if not line.strip():
            if current:
                stanzas.append(_stanza(current, path, start))
            current = {}
            continue
        key, colon, value = line.partition(":")
        if not colon or key not in KEYS or key in current:
            raise ValueError(f"{path}:{number}: bad or repeated key: {line}")
        start = start if current else number
        current[key] = value.strip()
    names = [s.name for s in stanzas]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise ValueError(f"{path}: names used twice: {sorted(twice)}")
    return stanzas


def _stanza(keys, path, line):
    if "name" not in keys or "argv" not in keys:
        raise ValueError(f"{path}:{line}: a case needs name and argv")
    stanza = Stanza(keys["name"], shlex.split(keys["argv"]), line)
    stanza.stdin = keys.get("stdin", "")
    stanza.text = keys.get("text", "").encode().decode("unicode_escape").encode("latin-1")
    stanza.files = keys.get("files", "").split()
    stanza.env = dict(word.split("=", 1) for word in shlex.split(keys.get("env", "")))
    stanza.status = int(keys.get("status", "0"))
    stanza.options = shlex.split(keys.get("options", ""))
    stanza.any_order = keys.get("order") == "any"
    default = DEFAULT_FLAVOURS.get(stanza.argv[0].split(":")[0], [])
    stanza.flavours = keys["flavours"].split() if "flavours" in keys else default
    return stanza
