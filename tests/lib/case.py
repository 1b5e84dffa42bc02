# SPDX-License-Identifier: MIT
"""
One test case and its verdict.

A suite is a module tests/<suite>/suite.py with a function cases(ctx) that returns Case
objects. A case's function gets the context, returns when all is well, raises Failed with
what a reader needs to see, or Skipped with the reason. Called by lib/pool.py.
"""

import difflib


class Failed(Exception):
    """The behaviour is not the documented one; the text is shown to the reader."""


class Skipped(Exception):
    """The case cannot be judged here; the text says why."""


class Case:
    """A name, what it runs, and the longest it may take."""

    def __init__(self, suite, name, run, timeout_s=60, needs_lstar=False, alone=False):
        self.suite = suite
        self.name = name
        self.run = run  # run(ctx): returns, or raises Failed / Skipped
        self.timeout_s = timeout_s
        self.needs_lstar = needs_lstar  # nothing of it can be judged with --host-only
        self.alone = alone  # wants the machine for itself: large guests, terminals

    @property
    def full_name(self):
        return f"{self.suite}/{self.name}"


def excerpt(data, limit=600):
    """Bytes as text for a report, cut in the middle when long."""
    if len(data) > limit:
        half = limit // 2
        data = data[:half] + f"\n… {len(data) - 2 * half} bytes …\n".encode() + data[-half:]
    return data.decode("utf-8", "backslashreplace")


def difference(want, got):
    """A unified diff of two byte strings, its first lines; binary bytes are escaped."""
    before, after = ([excerpt(line) for line in side.split(b"\n")] for side in (want, got))
    lines = list(difflib.unified_diff(before, after, "expected", "got", lineterm="", n=1))
    return "\n".join(lines[:40] + (["…"] if len(lines) > 40 else []))


def expect_equal(what, got, want, context=""):
    """Raise Failed with the difference unless the two are the same."""
    if got != want:
        shown = (difference(want, got) if isinstance(got, bytes)
                 else f"expected {want!r}, got {got!r}")
        raise Failed(f"{what} differs\n{shown}\n{context}")
