# SPDX-License-Identifier: MIT
"""
Runs one program natively (the oracle) or in Lstar, and brings back what can be compared:
stdout, stderr, status.

Both take the same Job and start in the same directory with the same environment: the
launcher gives the guest the host's names, so a relative path means the same on both
sides. Every process is started in
a session of its own and the whole group is killed at the timeout, so no QEMU survives a
failed case.
"""

import os
import shlex
import signal
import subprocess
from dataclasses import dataclass, field

from lib.case import Failed

BASE_ENV = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC0"}


@dataclass
class Job:
    """What to run: argv[0] is the program as a user would type it."""

    argv: list
    stdin: bytes = b""
    files: list = field(default_factory=list)  # to carry into the guest (--file)
    directory: str = "."
    env: dict = field(default_factory=dict)  # added to BASE_ENV on both sides
    options: list = field(default_factory=list)  # of `lstar run`


@dataclass
class Result:
    """How it ended; status is the shell's: 128+N for death by signal N."""

    status: int
    stdout: bytes
    stderr: bytes
    command: str = ""

    def describe(self):
        """The lines a failure report ends with."""
        return f"status {self.status}\nrun it again with: {self.command}"


def kill_group(process):
    """End a process and everything it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def spawn(argv, timeout_s, stdin=b"", env=None, cwd=None, **extra):
    """Run argv to its end and return a Result; a timeout is a failure, never a hang."""
    command = printable(argv, env, cwd)
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=env, cwd=cwd,
                               start_new_session=True, **extra)
    try:
        out, err = process.communicate(stdin, timeout=timeout_s)
    except subprocess.TimeoutExpired:
        kill_group(process)
        out, err = process.communicate()
        raise Failed(f"no end after {timeout_s} s\nstderr: {err[-2000:].decode(errors='replace')}\n"
                     f"run it again with: {command}") from None
    finally:
        kill_group(process)
    status = process.returncode
    return Result(128 - status if status < 0 else status, out, err, command)


def printable(argv, env=None, cwd=None):
    """A command line that a reader can paste into a shell at the project's root."""
    words = [f"{k}={shlex.quote(v)}" for k, v in sorted((env or {}).items())
             if os.environ.get(k) != v and k not in BASE_ENV]
    words = (["env", *words] if words else []) + [shlex.quote(os.fspath(a)) for a in argv]
    line = " ".join(words)
    return f"(cd {shlex.quote(os.fspath(cwd))} && {line})" if cwd else line


class Host:
    """The machine the tests run on: what Linux does is what is right."""

    def run(self, job, timeout_s=60, **extra):
        """Run a job natively."""
        env = {**BASE_ENV, **job.env}
        return spawn(job.argv, timeout_s, job.stdin, env, job.directory, **extra)


class Lstar:
    """`lstar run`, with the arguments a user would give."""

    def __init__(self, launcher, extra_options=()):
        self.launcher = launcher
        self.extra_options = list(extra_options)

    def command(self, job, *options):
        """The argv of the launcher for a job."""
        files = [word for name in job.files for word in ("--file", name)]
        return [self.launcher, "run", *self.extra_options, *job.options, *options, *files,
                "--", *job.argv]

    def run(self, job, timeout_s=60, options=(), **extra):
        """Run a job in Lstar."""
        env = {**BASE_ENV, **job.env}
        return spawn(self.command(job, *options), timeout_s, job.stdin, env, job.directory, **extra)
