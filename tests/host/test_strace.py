#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Tests of the strace capture in the kernel and of its decoder in the launcher.

Live: programs run on the host under strace_live (the kernel's capture and the launcher's
decoder, with ptrace in place of the entry path) and under the real strace; the two traces must
be the same, but for what differs from run to run. Skipped where strace is not 6.1.
Records: streams made here by hand, for what a host cannot be made to do on request.
"""
import difflib
import os
import pathlib
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CC = os.environ.get("CC", "cc")
DATA, ENTER, EXIT, EXEC, SIGNAL, EXITED, KILLED = range(1, 8)
IN, OUT = 1, 2
ARRAY = 0xffffffff
READ, WRITE, GETPID, EXIT_GROUP, WRITEV, POLL = 0, 1, 39, 231, 20, 7

WORK = pathlib.Path(tempfile.mkdtemp(prefix="strace-test-"))


def setUpModule():
    subprocess.run([sys.executable, ROOT / "tools" / "gensys", ROOT / "abi", WORK / "gen"],
                   check=True)
    decoder = [*(ROOT / "tools" / "lstar").glob("strace*.c"), ROOT / "tools" / "lstar" / "buf.c",
               ROOT / "tools" / "lstar" / "say.c", WORK / "gen" / "sysdesc.c",
               WORK / "gen" / "abi_names.c"]
    build("decode", HERE / "strace_decode.c", *decoder)
    build("live", HERE / "strace_live.c", *(ROOT / "kernel" / "trace").glob("*.c"), *decoder)
    subprocess.run([CC, "-w", "-O1", "-static", "-o", WORK / "calls", HERE / "strace_calls.c"],
                   check=True)


def tearDownModule():
    shutil.rmtree(WORK)


def build(name, *sources):
    subprocess.run([CC, "-std=gnu17", "-O1", "-g", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror",
                    "-fsanitize=address,undefined", "-fno-sanitize-recover", "-I", HERE / "fake",
                    "-I", ROOT, "-I", WORK, "-o", WORK / name, *sources], check=True)


# ---- the same program under both ----

# what differs between two runs of one program
VARYING = [(r"^(execve\(.*, )0x[0-9a-f]+ /\* \d+ vars \*/", r"\1ENV"),
           (r"^((?:set_tid_address|get[pt]id|getppid)\(.*\)) += \d+", r"\1 = PID"),
           (r"^(tgkill|kill)\(\d{2,7},( \d{2,7},)?", r"\1(PID,"),
           (r"si_pid=\d+", "si_pid=PID"),
           (r'^getrandom\("[^"]*"', 'getrandom("BYTES"'),
           (r"left \{[^}]*\}", "left TIME"),
           (r"^sysinfo\(.*", "sysinfo"),
           (r" +=", " ="), (r"0x7ff[0-9a-f]+", "STACK"),
           # calls the table does not have are printed with raw registers
           (r"^(pipe2|rt_sigreturn)\(.*\) = ", r"\1() = ")]


def normal(text):
    lines = text.splitlines()
    for pattern, replacement in VARYING:
        lines = [re.sub(pattern, replacement, line) for line in lines]
    return lines


def host_strace():
    if not shutil.which("strace"):
        return None
    version = subprocess.run(["strace", "-V"], capture_output=True, text=True).stdout
    return version.split("\n")[0].endswith(" 6.1")


def traced(*command):
    """Runs command, which writes a trace to WORK/trace, in an empty directory."""
    subprocess.run(command, cwd=tempfile.mkdtemp(dir=WORK), stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (WORK / "trace").read_text()


@unittest.skipUnless(host_strace(), "no strace 6.1 here to compare with")
class Live(unittest.TestCase):
    maxDiff = None

    def same(self, *program, strsize=32):
        ours = traced(WORK / "live", WORK / "trace", str(strsize), *program)
        theirs = traced("setarch", "-R", "strace", "-s", str(strsize), "-o", WORK / "trace",
                        *program)
        self.assertGreater(len(theirs.splitlines()), 5)
        changed = difflib.unified_diff(normal(theirs), normal(ours), "strace", "ours", n=0,
                                       lineterm="")
        self.assertEqual("\n".join(changed), "")

    def test_every_form_of_argument(self):
        self.same(WORK / "calls")

    def test_other_string_sizes(self):
        self.same(WORK / "calls", strsize=200)
        self.same(WORK / "calls", strsize=5)

    def test_death_by_fault(self):
        self.same(WORK / "calls", "fault")

    def test_death_by_abort(self):
        self.same(WORK / "calls", "abort")

    @unittest.skipUnless(os.path.exists("/bin/busybox"), "no busybox")
    def test_programs_made_by_others(self):
        for words in ("ls -l /etc", "sha256sum /etc/passwd", "find /etc/apt", "sort /etc/group",
                      "tar cf - /etc/apt", "stat /etc/passwd", "date -u -d @0", "touch -d @5 x",
                      "dd if=/dev/zero of=x bs=1k count=2", "grep root /etc/passwd", "false"):
            with self.subTest(words):
                self.same("/bin/busybox", *words.split())


# ---- streams made by hand ----

def record(kind, body, tid=7, size=None):
    padded = body + bytes(-len(body) % 8)
    size = 16 + len(padded) if size is None else size
    return struct.pack("<IHHII", size, kind, 0, tid, len(body)) + padded


def data(arg, direction, content, element=ARRAY, flags=0, tid=7):
    return record(DATA, struct.pack("<BBHIQ", arg, direction, flags, element, 0) + content, tid)


def enter(number, *args, abi=1, tid=7):
    args = [*args, 0, 0, 0, 0, 0, 0][:6]
    return record(ENTER, struct.pack("<7QII", number, *args, abi, 0), tid)


def leave(value, tid=7):
    return record(EXIT, struct.pack("<q", value), tid)


def end(kind, value, core=0, tid=7):
    return record(kind, struct.pack("<iI", value, core), tid)


def decode(stream, piece=None):
    command = [WORK / "decode"] + ([str(piece)] if piece else [])
    result = subprocess.run(command, input=stream, capture_output=True, timeout=60)
    assert result.returncode == 0, result.stderr.decode()
    return result.stdout.decode()


class Records(unittest.TestCase):
    maxDiff = None

    def test_columns_and_results(self):
        self.assertEqual(decode(
            enter(GETPID) + leave(7)
            + data(1, IN, b"hi\n") + enter(WRITE, 1, 0x1000, 3) + leave(3)
            + enter(READ, 0, 0x1000, 3) + leave(-11)
            + enter(READ, 0, 0x1000, 3) + leave(-512)
            + enter(READ, 0, 0x1000, 3) + leave(-4000)
            + enter(999) + leave(-38) + enter(41, 1, 2) + leave(-38)
            + enter(EXIT_GROUP, 300) + end(EXITED, 300)),
            "getpid()                                = 7\n"
            'write(1, "hi\\n", 3)                     = 3\n'
            "read(0, 0x1000, 3)                      = -1 EAGAIN (Resource temporarily"
            " unavailable)\n"
            "read(0, 0x1000, 3)                      = ? ERESTARTSYS (To be restarted if SA_RESTART"
            " is set)\n"
            "read(0, 0x1000, 3)                      = -1 (errno 4000)\n"
            "syscall_0x3e7(0, 0, 0, 0, 0, 0)         = -1 ENOSYS (Function not implemented)\n"
            "socket(0x1, 0x2, 0, 0, 0, 0)            = -1 ENOSYS (Function not implemented)\n"
            "exit_group(300)                         = ?\n"
            "+++ exited with 44 +++\n")

    def test_native_numbers(self):
        self.assertEqual(decode(enter(4, abi=0) + leave(1)),
                         "getpid()                                = 1\n")

    def test_death_in_a_call(self):
        self.assertEqual(decode(enter(READ, 3, 0x1000, 10) + end(KILLED, 9)),
                         "read(3,  <unfinished ...>)              = ?\n"
                         "+++ killed by SIGKILL +++\n")
        self.assertEqual(decode(enter(62, 7, 9) + end(KILLED, 9, core=1)),
                         "kill(7, SIGKILL)                        = ?\n"
                         "+++ killed by SIGKILL (core dumped) +++\n")

    def test_the_run_ends_in_a_call(self):
        self.assertEqual(decode(enter(READ, 3, 0x1000, 10)), "read(3,  <unfinished ...>\n")

    def test_threads_take_turns(self):
        self.assertEqual(decode(
            enter(GETPID, tid=1) + leave(1, tid=1)
            + enter(READ, 3, 0x1000, 10, tid=1)
            + enter(GETPID, tid=2) + leave(1, tid=2)
            + data(1, OUT, b"ab", tid=1) + leave(2, tid=1)
            + end(EXITED, 0, tid=2) + enter(GETPID, tid=1) + leave(1, tid=1)),
            "getpid()                                = 1\n"
            "read(3,  <unfinished ...>\n"
            "[pid     2] getpid()                    = 1\n"
            '[pid     1] <... read resumed>"ab", 10) = 2\n'
            "[pid     2] +++ exited with 0 +++\n"
            "getpid()                                = 1\n")

    def test_memory_that_is_not_there(self):
        self.assertEqual(decode(
            data(1, IN, b"", flags=1) + enter(WRITE, 1, 0x1000, 3) + leave(-14)
            + data(1, IN, struct.pack("<4Q", 0x2000, 3, 0x3000, 4))
            + data(1, IN, b"abc", element=0) + data(1, IN, b"", element=1, flags=1)
            + enter(WRITEV, 1, 0x1000, 2) + leave(-14)),
            "write(1, 0x1000, 3)                     = -1 EFAULT (Bad address)\n"
            'writev(1, [{iov_base="abc", iov_len=3}, {iov_base=0x3000, iov_len=4}], 2) = -1 EFAULT'
            " (Bad address)\n")

    def test_exec(self):
        self.assertEqual(decode(
            data(0, IN, b"/bin/x") + data(1, IN, b"x", element=0) + data(1, IN, b"", element=1)
            + record(EXEC, struct.pack("<QIi", 0x7ffe0, 1, 0))),
            'execve("/bin/x", ["x", ""], 0x7ffe0 /* 1 var */) = 0\n')

    def test_pieces_of_every_size(self):
        stream = (enter(GETPID) + leave(7) + data(1, IN, b"x" * 100) + enter(WRITE, 1, 1 << 20, 100)
                  + leave(100))
        whole = decode(stream)
        self.assertIn('..., 100)', whole)
        for piece in (1, 7, 8, 16, 17, 100):
            self.assertEqual(decode(stream, piece), whole)

    def test_damage_ends_the_trace(self):
        sound = enter(GETPID) + leave(7)
        for bad in (record(DATA, b"", size=8), record(DATA, b"", size=1 << 30),
                    record(DATA, b"", size=17), record(99, bytes(64)), record(0, bytes(64)),
                    record(ENTER, bytes(8)), record(SIGNAL, bytes(8)),
                    struct.pack("<IHHII", 16, EXIT, 0, 7, 500)):
            text = decode(sound + bad + sound)
            self.assertEqual(text.count("getpid"), 1)
            self.assertIn("the trace is damaged", text)
        self.assertIn("the trace is damaged", decode(enter(GETPID, abi=3)))

    def test_any_bytes_are_survived(self):
        """Plausible headers around noise; the decoder is built with ASan and UBSan."""
        rng = random.Random(1)
        for _ in range(150):
            stream = b""
            for _ in range(40):
                kind = rng.randrange(1, 8)
                body = bytearray(rng.randbytes(rng.choice((8, 16, 24, 64, 128, 200))))
                if kind == ENTER and len(body) >= 64:
                    number = rng.choice((rng.randrange(450), 16, 72, 157, 202, 271, 23, 20))
                    args = [rng.choice((0, 1, 2, 5, 9, 100, rng.randrange(1 << 64)))
                            for _ in range(6)]
                    body = bytearray(struct.pack("<7QII", number, *args, 1, 0))
                elif kind == DATA and len(body) >= 16:
                    body[0:8] = struct.pack("<BBHI", rng.randrange(7), rng.choice((IN, OUT)),
                                            rng.randrange(2), rng.choice((ARRAY, 0, 1)))
                elif kind == EXIT:
                    body[0:8] = struct.pack("<q", rng.choice((0, 1, 3, -1, -4, -512, 1 << 40)))
                least = {ENTER: 64, SIGNAL: 128, EXEC: 16, DATA: 16}.get(kind, 8)
                if len(body) >= least:
                    stream += record(kind, bytes(body), tid=rng.randrange(2))
            decode(stream)


if __name__ == "__main__":
    unittest.main()
