# SPDX-License-Identifier: MIT
"""
The same binary on Linux and on Lstar: stdout, stderr and status must be the same bytes.

Cases come from *.cases in this directory (format: lib/casefile.py). The host's run is the
oracle; its status must also be the one the case names, so that a case that fails the same
way on both sides is not counted as agreement. With --host-only the host runs twice and
must agree with itself.
"""

import glob
import itertools
import os
import shutil
from dataclasses import replace

from abi import fixtures
from lib import casefile, debian
from lib.case import Case, Failed, expect_equal
from lib.runner import Job

COUNTER = itertools.count(1)
HERE = os.path.dirname(os.path.abspath(__file__))


def without_launcher_line(stderr):
    """Drop the launcher's one-line note on a death by signal: the shell prints the host's."""
    lines = stderr.splitlines(keepends=True)
    if lines and lines[-1].startswith(b"lstar: "):
        lines.pop()
    return b"".join(lines)


def make_job(stanza, argv, directory, fixture_names):
    """The job of a stanza; words of argv that name a fixture are carried along."""
    stdin = stanza.text
    if stanza.stdin:
        with open(os.path.join(directory, stanza.stdin), "rb") as file:
            stdin = file.read()
    files = [word for word in argv if word.split("/")[0] in fixture_names]
    files = list(dict.fromkeys(files + stanza.files))
    return Job(argv, stdin, files, directory, stanza.env, stanza.options)


def fill_tmp(job):
    """The job with {tmp} replaced by a prefix nobody else uses."""
    prefix = f"/tmp/lstar-{os.getpid()}-{next(COUNTER)}-"
    return replace(job, argv=[word.replace("{tmp}", prefix) for word in job.argv]), prefix


def run_on_host(ctx, job, prefix):
    """Run natively and remove what the program left under its prefix."""
    try:
        return ctx.host.run(job)
    finally:
        for path in glob.glob(prefix + "*"):
            if os.path.isdir(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)


def compare(ctx, stanza, job):
    """Run on the host, then in Lstar (or on the host again), and compare."""
    job, prefix = fill_tmp(job)
    want = run_on_host(ctx, job, prefix)
    if want.status != stanza.status:
        raise Failed(f"the host's status is not the {stanza.status} the case names\n"
                     f"{want.stderr.decode(errors='replace')}\n{want.describe()}")
    got = run_on_host(ctx, job, prefix) if ctx.host_only else ctx.lstar.run(job)
    expect_equal("status", got.status, want.status,
                 got.describe() + "\n" + got.stderr.decode(errors="replace"))
    stderr = got.stderr
    if want.status > 128 and not ctx.host_only:
        stderr = without_launcher_line(stderr)
    expect_equal("stderr", stderr, want.stderr, got.describe())
    normal = (lambda out: b"\n".join(sorted(out.split(b"\n")))) if stanza.any_order else bytes
    expect_equal("stdout", normal(got.stdout), normal(want.stdout), got.describe())


def program_of(ctx, stanza, flavour):
    """What argv[0] of a stanza means in a flavour."""
    word = stanza.argv[0]
    if word.startswith("prog:"):
        return os.path.abspath(ctx.builder.program(word[5:], flavour))
    if flavour == "i386":
        return os.path.join(debian.i386_tree(os.path.abspath(ctx.scratch), "busybox-static"),
                            "bin", "busybox")
    return word


def expand(stanza, directory, fixture_names):
    """The cases of one stanza: one, or one per flavour of its program."""
    if not stanza.flavours:
        job = make_job(stanza, stanza.argv, directory, fixture_names)
        return [(stanza.name, lambda c: compare(c, stanza, job))]

    def flavoured(flavour):
        def run(c):
            argv = [program_of(c, stanza, flavour), *stanza.argv[1:]]
            compare(c, stanza, make_job(stanza, argv, directory, fixture_names))
        return run

    # the installed busybox's cases go by the stanza's name alone
    return [(stanza.name if flavour == "amd64" else f"{stanza.name}/{flavour}", flavoured(flavour))
            for flavour in stanza.flavours]


def cases(ctx):
    """Every case of every .cases file, in file order."""
    directory = os.path.join(ctx.scratch, "data")
    fixture_names = fixtures.generate(directory)
    found = []
    for path in sorted(glob.glob(os.path.join(HERE, "*.cases"))):
        area = os.path.splitext(os.path.basename(path))[0]
        for stanza in casefile.read(path):
            for name, run in expand(stanza, directory, fixture_names):
                found.append(Case("abi", f"{area}/{name}", run))
    return found
