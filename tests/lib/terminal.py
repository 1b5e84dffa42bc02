# SPDX-License-Identifier: MIT
"""
A pseudo-terminal with a program on it, for what only shows on a terminal.

The program gets the slave side as its controlling terminal and as fds 0, 1, 2; the test
holds the master. Used by tests/stdio.
"""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

from lib.case import Failed, excerpt


class Terminal:
    """One pty and one process on it; use as a context manager."""

    def __init__(self, argv, env, rows=24, cols=80, cwd=None):
        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.seen = b""
        self.process = subprocess.Popen(argv, stdin=self.slave, stdout=self.slave,
                                        stderr=self.slave, env=env, cwd=cwd,
                                        preexec_fn=self._own_terminal)

    @staticmethod
    def _own_terminal():
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    def send(self, data):
        """Type."""
        os.write(self.master, data)

    def _read_some(self, wait_s):
        ready, _, _ = select.select([self.master], [], [], wait_s)
        if ready:
            self.seen += os.read(self.master, 65536)
        return bool(ready)

    def expect(self, wanted, timeout_s=30):
        """Read until `wanted` has appeared."""
        deadline = time.monotonic() + timeout_s
        while wanted not in self.seen:
            if time.monotonic() > deadline:
                raise Failed(f"{wanted!r} did not appear in {timeout_s} s\n{excerpt(self.seen)}")
            self._read_some(0.1)

    def finish(self, timeout_s=30):
        """Wait for the end; the shell's status."""
        deadline = time.monotonic() + timeout_s
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                raise Failed(f"no end after {timeout_s} s\n{excerpt(self.seen)}")
            self._read_some(0.05)
        while self._read_some(0):
            pass
        status = self.process.returncode
        return 128 - status if status < 0 else status

    def unchanged(self):
        """True when the terminal's settings are those of the start."""
        return termios.tcgetattr(self.slave) == self.before
