#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Tests of the launcher against tests/host/fake_qemu.c, which plays QEMU and the kernel: streams,
terminal, signals, exit codes, files and messages, with no virtual machine involved.

Usage: launcher_test.py LAUNCHER FAKE_QEMU [unittest arguments]
"""
import fcntl
import json
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

LAUNCHER, FAKE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
WORK = tempfile.TemporaryDirectory(prefix="lstar-test-")
PATIENCE = 20.0
TIOCGPTN = 0x80045430
EM_386, EM_X86_64, EM_AARCH64, EM_PDP10 = 3, 62, 183, 64


def elf(machine=EM_X86_64, klass=2, kind=2, ptype=1, filesz=None, phnum=1, phoff=64):
    """A program of one segment; what it does is never asked here."""
    code = b"\x0f\x05"
    size = 120 + len(code)
    ident = b"\x7fELF" + bytes([klass, 1, 1]) + bytes(9)
    head = ident + struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, 0x400078, phoff, 0, 0, 64, 56,
                               phnum, 0, 0, 0)
    segment = struct.pack("<IIQQQQQQ", ptype, 5, 0, 0x400000, 0x400000,
                          size if filesz is None else filesz, size, 4096)
    return head + segment + code


def put(name, data, mode=0o755):
    path = os.path.join(WORK.name, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    os.chmod(path, mode)
    return path


PROG = put("prog", elf())


def environment(**more):
    env = dict(os.environ, LSTAR_QEMU=FAKE, LSTAR_KERNEL=FAKE)
    env.update(more)
    return env


def command(verb, options=()):
    return [LAUNCHER, "run", *options, PROG, *verb]


def run(*verb, options=(), stdin=b"", env=None, **more):
    if "stdin_fd" in more:
        more["stdin"] = more.pop("stdin_fd")
    else:
        more["input"] = stdin
    return subprocess.run(command(verb, options), capture_output=True, timeout=PATIENCE,
                          env=env or environment(), **more)


def config_of(**more):
    pairs = run("config", **more).stdout.decode().splitlines()
    result = {}
    for key, _, value in (p.partition("=") for p in pairs):
        result.setdefault(key, []).append(value)
    return result


class Case(unittest.TestCase):
    def ends(self, result, code, *words, stdout=None):
        self.assertEqual(result.returncode, code, result.stderr)
        for word in words:
            self.assertIn(word.encode(), result.stderr)
        if not words:
            self.assertEqual(result.stderr, b"")
        if stdout is not None:
            self.assertEqual(result.stdout, stdout)


class Streams(Case):
    def test_every_byte_value_and_the_streams_apart(self):
        r = run("bytes")
        self.assertEqual(r.stdout, bytes(range(256)))
        self.assertEqual(r.stderr, bytes(reversed(range(256))))

    def test_large_input_and_output(self):
        data = os.urandom(1 << 20) * 16
        self.ends(run("cat", stdin=data), 0, stdout=data)

    def test_files_as_streams(self):
        data = os.urandom(3 << 20)
        source, sink = put("in", data), os.path.join(WORK.name, "out")
        with open(source, "rb") as i, open(sink, "wb") as o:
            self.assertEqual(subprocess.call(command(["cat"]), stdin=i, stdout=o,
                                             env=environment()), 0)
        with open(sink, "rb") as f:
            self.assertEqual(f.read(), data)

    def test_sockets_as_streams(self):
        ours, theirs = socket.socketpair()
        p = subprocess.Popen(command(["cat"]), stdin=theirs, stdout=theirs, env=environment())
        theirs.close()
        ours.sendall(b"over a socket")
        ours.shutdown(socket.SHUT_WR)
        ours.settimeout(PATIENCE)
        self.assertEqual(ours.recv(100), b"over a socket")
        ours.close()
        self.assertEqual(p.wait(PATIENCE), 0)

    def test_slow_reader_gets_everything(self):
        p = subprocess.Popen(command(["spew", "2000000"]), stdout=subprocess.PIPE,
                             env=environment())
        total = 0
        while chunk := os.read(p.stdout.fileno(), 65536):
            total += len(chunk)
            time.sleep(0.001)
        p.stdout.close()
        self.assertEqual((p.wait(PATIENCE), total), (0, 489 * 4096))

    def test_reader_goes_away(self):
        p = subprocess.Popen(command(["spew", "2000000000"]), stdout=subprocess.PIPE,
                             env=environment())
        os.read(p.stdout.fileno(), 10)
        p.stdout.close()
        self.assertEqual(p.wait(PATIENCE), 128 + signal.SIGPIPE)

    def test_no_reader_from_the_start(self):
        r, w = os.pipe()
        os.close(r)
        p = subprocess.Popen(command(["spew", "2000000000"]), stdout=w, env=environment())
        os.close(w)
        self.assertEqual(p.wait(PATIENCE), 128 + signal.SIGPIPE)

    def test_closed_output_reaches_the_reader_at_once(self):
        i, o = os.pipe()
        p = subprocess.Popen(command(["closeout"]), stdin=i, stdout=subprocess.PIPE,
                             env=environment())
        self.assertEqual(p.stdout.read(), b"all")  # ends while the program still reads
        self.assertIsNone(p.poll())
        p.stdout.close()
        os.close(o)
        os.close(i)
        self.assertEqual(p.wait(PATIENCE), 0)

    def test_full_device_is_not_success(self):
        with open("/dev/full", "wb") as full:
            r = subprocess.run(command(["spew", "100000"]), stdout=full, stderr=subprocess.PIPE,
                               env=environment(), timeout=PATIENCE)
        self.assertRegex(r.stderr, b"^lstar: cannot write the program's [^\n]*: No space left")
        self.assertEqual(r.stderr.count(b"\n"), 1)
        self.assertIn(r.returncode, (125, 128 + signal.SIGPIPE))

    def test_unread_pipe_is_left_alone(self):
        script = 'printf "a\\nb\\nc\\n" | while read x; do "$@" || exit; echo $x; done'
        out = subprocess.run(["sh", "-c", script, "sh", *command(["exit", "0"])],
                             capture_output=True, env=environment(), timeout=PATIENCE)
        self.assertEqual(out.stdout, b"a\nb\nc\n")

    def test_rest_of_a_file_is_given_back(self):
        path = put("lines", b"one\ntwo\nthree\n")
        with open(path, "rb") as f:
            out = subprocess.run(["sh", "-c", '"$@"; cat', "sh", *command(["line"])], stdin=f,
                                 capture_output=True, env=environment(), timeout=PATIENCE)
        self.assertEqual(out.stdout, b"one\ntwo\nthree\n")

    def test_guest_that_asks_without_ringing(self):
        r = run("cat", stdin=b"quiet", env=environment(LSTAR_FAKE_SILENT="1"))
        self.ends(r, 0, stdout=b"quiet")

    def test_closed_descriptors(self):
        for redirect, mask in (("<&-", "6"), ("2>&-", "3"), ("<&- 2>&-", "2")):
            script = f'exec "$@" {redirect}'
            out = subprocess.run(["sh", "-c", script, "sh", *command(["config"])],
                                 stdout=subprocess.PIPE, env=environment(), timeout=PATIENCE)
            self.assertIn(f"fds={mask}\n".encode(), out.stdout)
        out = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command(["bytes"])],
                             stderr=subprocess.PIPE, env=environment(), timeout=PATIENCE)
        self.assertEqual(out.stderr, bytes(reversed(range(256))))

    def test_inherited_descriptions_stay_blocking(self):
        r, w = os.pipe()
        subprocess.run(command(["bytes"]), stdout=w, stderr=subprocess.DEVNULL, env=environment())
        self.assertFalse(fcntl.fcntl(w, fcntl.F_GETFL) & os.O_NONBLOCK)
        os.close(r)
        os.close(w)


class Endings(Case):
    def test_every_status(self):
        for status in range(256):
            self.ends(run("exit", str(status)), status)

    def test_death_by_signal(self):
        self.ends(run("signal", "11", "page fault at 0x0"), 139,
                  "lstar: %s: SIGSEGV: page fault at 0x0\n" % PROG)
        self.ends(run("signal", "15"), 143)

    def test_noexec(self):
        self.ends(run("noexec", "8", "segments overlap"), 126, "cannot run: segments overlap")
        self.ends(run("noexec", "2", "no such file"), 127, "no such file")
        self.ends(run("noexec", "7"), 126, "Argument list too long")

    def test_boot_failure(self):
        self.ends(run("nomem", "needs 24 MiB"), 125, "could not start: needs 24 MiB")

    def test_panic_shows_the_log_without_control_characters(self):
        r = run("panic", "it broke")
        self.ends(r, 125, "lstar: kernel panic: it broke\n", "rax 0000000000000001 \\x1b[31m")
        self.assertNotIn(b"boot line", r.stderr)

    def test_qemu_killed(self):
        r = run("die", "9")
        self.ends(r, 125, "QEMU was killed by SIGKILL", "last log line", stdout=b"before\n")

    def test_qemu_fails(self):
        self.ends(run("refuse"), 125, "refused to start", "fake: cannot do that")
        self.ends(run("quit", "3"), 125, "QEMU status 3", "something is wrong")
        self.ends(run("quit", "0"), 125, "triple fault")

    def test_no_qemu(self):
        r = run("exit", "0", env=environment(LSTAR_QEMU="/nonexistent/qemu"))
        self.ends(r, 125, "'/nonexistent/qemu' was not found; install it")

    def test_timeout(self):
        start = time.monotonic()
        r = run("hang", options=["-t", "0.3"])
        self.ends(r, 124, "still running after 0.3 s", stdout=b"hanging\n")
        self.assertLess(time.monotonic() - start, 5)

    def test_timeout_while_nobody_reads(self):
        r, w = os.pipe()
        p = subprocess.Popen(command(["spew", "9000000"], ["-t", "0.3"]), stdout=w,
                             stderr=subprocess.DEVNULL, env=environment())
        self.assertEqual(p.wait(PATIENCE), 124)
        os.close(r)
        os.close(w)

    def test_kernel_that_never_comes_up(self):
        r = run("noboot", env=environment(LSTAR_BOOT_TIMEOUT="0.2"))
        self.ends(r, 125, "did not come up within 0.2 s")

    def test_damaged_link(self):
        self.ends(run("break"), 125, "link page")

    def test_status_file(self):
        path = os.path.join(WORK.name, "status")
        for verb, expect in (
                (["exit", "3"], {"kind": "exit", "exit_code": 3, "status": 3}),
                (["signal", "11", 'say "\x01"'], {"kind": "signal", "signal": 11,
                                                  "text": 'say "\x01"'}),
                (["noexec", "2", "x"], {"kind": "noexec", "errno": 2, "exit_code": 127}),
                (["panic", "p"], {"kind": "panic", "exit_code": 125}),
                (["refuse"], {"kind": "launcher", "exit_code": 125})):
            run(*verb, options=["--status-file", path])
            with open(path) as f:
                status = json.load(f)
            self.assertEqual(status, {**status, **expect})
            self.assertEqual(status["program"], PROG)

    def test_nothing_survives_the_launcher(self):
        p = subprocess.Popen(command(["hang"]), stdout=subprocess.PIPE, env=environment())
        p.stdout.readline()
        with open(f"/proc/{p.pid}/task/{p.pid}/children") as f:
            child = int(f.read())
        p.kill()
        p.wait()
        p.stdout.close()
        deadline = time.monotonic() + PATIENCE
        while os.path.exists(f"/proc/{child}") and time.monotonic() < deadline:
            with open(f"/proc/{child}/stat") as f:
                if f.read().split()[2] == "Z":  # nobody reaps orphans in some containers
                    return
            time.sleep(0.01)
        self.assertFalse(os.path.exists(f"/proc/{child}"))


class Signals(Case):
    def start(self, *verb):
        p = subprocess.Popen(command(verb), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=environment())
        p.stdout.readline()
        return p

    def finish(self, p):
        out, err = p.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess((), p.returncode, out, err)

    def test_forwarded_to_the_program(self):
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
            p = self.start("take")
            p.send_signal(sig)
            self.ends(self.finish(p), 128 + sig)

    def test_program_may_handle_it(self):
        p = self.start("take", "swallow")
        p.send_signal(signal.SIGINT)
        self.assertEqual(p.stdout.readline(), b"took\n")
        self.assertIsNone(p.poll())
        time.sleep(2.2)
        self.assertIsNone(p.poll())
        p.kill()
        self.finish(p)

    def test_guest_that_takes_nothing(self):
        p = self.start("hang")
        p.send_signal(signal.SIGTERM)
        self.ends(self.finish(p), 143, "ended by SIGTERM")

    def test_insisting(self):
        p = self.start("take", "swallow")
        start = time.monotonic()
        for _ in range(3):
            p.send_signal(signal.SIGINT)
            time.sleep(0.05)
        self.ends(self.finish(p), 130, "ended by SIGINT")
        self.assertLess(time.monotonic() - start, 1.5)

    def test_before_the_kernel_is_up(self):
        p = subprocess.Popen(command(["noboot"]), stderr=subprocess.PIPE, env=environment())
        time.sleep(0.3)
        p.send_signal(signal.SIGINT)
        _, err = p.communicate(timeout=PATIENCE)
        self.assertEqual(p.returncode, 130, err)

    def test_ignored_stays_ignored(self):
        p = subprocess.Popen(["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command(["take"])],
                             stdout=subprocess.PIPE, env=environment())
        p.stdout.readline()
        p.send_signal(signal.SIGHUP)
        time.sleep(0.2)
        self.assertIsNone(p.poll())
        p.send_signal(signal.SIGTERM)
        self.assertEqual(p.wait(PATIENCE), 143)
        p.stdout.close()


class Terminal:
    """A shell-like parent on a new terminal: the launcher runs in its foreground."""

    def __init__(self, *verb, background=False, options=()):
        argv = command(verb, options)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)
                if not background:
                    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
                    os.tcsetpgrp(0, os.getpgrp())
                    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
                os.execve(argv[0], argv, environment())
            while True:  # report every stop and the end
                _, status = os.waitpid(child, os.WUNTRACED)
                if os.WIFSTOPPED(status):
                    os.write(1, b"[stopped %d]\n" % os.WSTOPSIG(status))
                    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
                    os.tcsetpgrp(0, child)
                    os.kill(child, signal.SIGCONT)
                    continue
                os.write(1, b"[end %d]\n" % os.waitstatus_to_exitcode(status))
                time.sleep(PATIENCE)
        self.seen = b""

    def expect(self, text):
        deadline = time.monotonic() + PATIENCE
        while text not in self.seen:
            ready, _, _ = select.select([self.fd], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise AssertionError(f"no {text!r} in {self.seen!r}")
            self.seen += os.read(self.fd, 4096)
        self.seen = self.seen.split(text, 1)[1]

    def modes(self):
        return termios.tcgetattr(self.fd)

    def type(self, data):
        os.write(self.fd, data)

    def close(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


class TerminalCase(Case):
    def terminal(self, *verb, **more):
        t = Terminal(*verb, **more)
        self.addCleanup(t.close)
        return t

    def test_lines_and_end_of_file(self):
        t = self.terminal("cat")
        t.type(b"first\n")
        t.expect(b"first\r\nfirst\r\n")
        t.type(b"\x04")
        t.expect(b"[end 0]")

    def test_reading_on_after_end_of_file(self):
        t = self.terminal("twice")
        t.type(b"one\n\x04")
        t.expect(b"one\r\none\r\nend of file\r\n")
        t.type(b"two\n\x04")
        t.expect(b"two\r\ntwo\r\nend of file\r\n")
        t.expect(b"[end 0]")
        self.ends(run("twice", stdin=b"x\n"), 0, stdout=b"x\nend of file\nend of file\n")

    def test_typed_ahead_is_left_for_the_shell(self):
        t = self.terminal("hang", options=["-t", "0.5"])
        t.expect(b"hanging")
        t.type(b"for the shell\n")
        t.expect(b"[end 124]")
        number = struct.unpack("i", fcntl.ioctl(t.fd, TIOCGPTN, bytes(4)))[0]
        slave = os.open(f"/dev/pts/{number}", os.O_RDWR | os.O_NOCTTY)
        self.assertEqual(os.read(slave, 100), b"for the shell\n")
        os.close(slave)

    def test_interrupt_key(self):
        t = self.terminal("take")
        t.expect(b"waiting")
        t.type(b"\x03")
        t.expect(b"[end 130]")

    def test_settings_applied_and_restored(self):
        for how, code in (("take", b"[end 143]"), ("die", b"[end 125]")):
            t = Terminal("raw", how)
            before = t.modes()
            t.expect(b"raw\r\n")
            self.assertFalse(t.modes()[3] & termios.ICANON)
            if how == "take":
                with open(f"/proc/{t.pid}/task/{t.pid}/children") as f:
                    os.kill(int(f.read()), signal.SIGTERM)
            else:
                t.type(b"x")
            t.expect(code)
            self.assertEqual(t.modes(), before)
            t.close()

    def test_suspend_and_continue(self):
        t = self.terminal("raw", "take")
        t.expect(b"raw\r\n")
        with open(f"/proc/{t.pid}/task/{t.pid}/children") as f:
            launcher = int(f.read())
        os.kill(launcher, signal.SIGTSTP)
        t.expect(b"[stopped 20]")
        time.sleep(0.3)
        self.assertFalse(t.modes()[3] & termios.ICANON)  # the program's settings are back
        os.kill(launcher, signal.SIGTERM)
        t.expect(b"[end 143]")
        self.assertTrue(t.modes()[3] & termios.ICANON)

    def test_background(self):
        t = self.terminal("exit", "5", background=True)
        t.expect(b"[end 5]")
        t = self.terminal("cat", background=True)
        t.expect(b"[stopped 21]")  # SIGTTIN, as any program; then brought to the foreground
        t.type(b"hello\n\x04")
        t.expect(b"hello\r\nhello\r\n")
        t.expect(b"[end 0]")

    def test_window_size(self):
        t = self.terminal("size")
        t.expect(b"ready")
        fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 31, 77, 0, 0))
        t.expect(b"31 77")
        fcntl.ioctl(t.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 99, 20, 0, 0))
        t.expect(b"99 20")
        t.expect(b"[end 0]")

    def test_configuration(self):
        t = self.terminal("config")
        t.expect(b"tty=7\r\n")
        t.expect(b"termios=")
        t.expect(b"winsize=")
        t.expect(b"[end 0]")


class Configuration(Case):
    def test_arguments_environment_directory(self):
        c = config_of(env=environment(MINE="1", GONE="2"), options=["-e", "MINE=3", "-e", "NEW=4"],
                      cwd=WORK.name)
        self.assertEqual(c["exec"], [PROG])
        self.assertEqual(c["arg"], [PROG, "config"])
        self.assertIn("MINE=3", c["env"])
        self.assertIn("GONE=2", c["env"])
        self.assertNotIn("MINE=1", c["env"])
        self.assertEqual(c["env"][-1], "NEW=4")
        self.assertEqual(c["cwd"], [os.path.realpath(WORK.name)])
        self.assertEqual(c["fds"], ["7"])
        self.assertNotIn("tty", c)

    def test_clean_environment(self):
        c = config_of(options=["-E", "-e", "A=b=c", "-e", "HOME", "-e", "NO_SUCH_VARIABLE_HERE"],
                      env=environment(HOME="/h"))
        self.assertEqual(c["env"], ["A=b=c", "HOME=/h"])

    def test_joined_output(self):
        def joined(**more):
            out = subprocess.run(command(["config"]), env=environment(), timeout=PATIENCE, **more)
            return b"joined=1\n" in out.stdout
        self.assertTrue(joined(stdout=subprocess.PIPE, stderr=subprocess.STDOUT))
        self.assertFalse(joined(stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        self.assertFalse(joined(stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
        for redirect, lines in ((">two 2>&1", 1), (">two 2>two", 0)):
            script = f'cd {WORK.name} && "$@" {redirect}; grep -c joined=1 two'
            out = subprocess.run(["sh", "-c", script, "sh", *command(["config"])],
                                 capture_output=True, env=environment(), timeout=PATIENCE)
            self.assertEqual(out.stdout, b"%d\n" % lines)

    def test_directory(self):
        self.assertEqual(config_of(options=["-C", "/no/such"])["cwd"], ["/no/such"])

    def test_program_by_path_search_and_link(self):
        put("bin/tool-1.0", elf())
        link = os.path.join(WORK.name, "bin/tool")
        os.path.lexists(link) or os.symlink("tool-1.0", link)
        env = environment(PATH=os.path.dirname(link))
        out = subprocess.run([LAUNCHER, "run", "tool", "files"], env=env, capture_output=True)
        base = link.lstrip("/")
        self.assertIn(f"{base} mode=120777".encode(), out.stdout)
        self.assertIn(b" -> tool-1.0\n", out.stdout)
        self.assertIn(f"{base}-1.0 mode=100755".encode(), out.stdout)

    def test_kernel_words(self):
        words = run("append").stdout.decode().split()
        keys = [w.split("=")[0] for w in words]
        self.assertEqual(keys, ["hostlink", "tsc_khz", "epoch_ns", "seed"])
        again = run("append", options=["--icount", "0"]).stdout
        self.assertEqual(again, run("append", options=["--icount", "0"]).stdout)
        self.assertIn(b"tsc_khz=1000000 ", again)
        words = run("append", options=["--kernel-arg", "seed=00", "--kernel-arg", "panic=boot"])
        self.assertTrue(words.stdout.endswith(b" seed=00 panic=boot"))
        self.assertEqual(words.stdout.count(b"seed="), 1)

    def test_dry_run(self):
        r = run("x", options=["--dry-run", "--machine", "q35", "--qemu-arg", "it's", "-c", "3"])
        self.ends(r, 0)
        for word in (b"-M q35,memory-backend=ram", b"-smp 3", b"'it'\\''s'\n"):
            self.assertIn(word, r.stdout)

    def test_strace_asks_for_it(self):
        out = subprocess.run([LAUNCHER, "strace", "-s", "77", PROG, "config"], env=environment(),
                             capture_output=True)
        self.assertIn(b"strace=1\nstrsize=77\n", out.stdout)

    def test_files(self):
        put("tree/small", b"abc", 0o640)
        big = put("tree/sub/big", os.urandom(10000), 0o444)
        os.utime(big, (1000000000, 1000000000))
        link = os.path.join(WORK.name, "tree/link")
        os.path.lexists(link) or os.symlink("sub/big", link)
        os.path.exists(link + "fifo") or os.mkfifo(link + "fifo")
        lines = run("files", options=["--file", f"{WORK.name}/tree:/data/t", "--file", put("plain", b"", 0o604)]
                    ).stdout.decode().splitlines()
        byname = {line.split(" ")[0]: line for line in lines}
        self.assertEqual(lines[0].split(" ")[0], ".lstar")
        self.assertIn("mode=40755", byname["data"])
        self.assertIn("mode=100640", byname["data/t/small"])
        self.assertIn("size=3 ", byname["data/t/small"])
        for part in ("mode=100444", "mtime=1000000000", "size=10000", " at=0 "):
            self.assertIn(part, byname["data/t/sub/big"])
        self.assertTrue(byname["data/t/link"].endswith(" -> sub/big"))
        self.assertIn("mode=100604", byname[f"{WORK.name}/plain".lstrip("/")])
        self.assertNotIn("data/t/linkfifo", byname)

    def test_later_file_wins(self):
        a, b = put("a", b"a"), put("b", b"bb")
        lines = run("files", options=["--file", f"{a}:/x/f", "--file", f"{b}:/x/f"]).stdout
        self.assertEqual(lines.count(b"x/f "), 1)
        self.assertIn(b"size=2 ", [l for l in lines.splitlines() if l.startswith(b"x/f ")][0])


class Refusals(Case):
    def refused(self, path, code, *words):
        r = subprocess.run([LAUNCHER, "run", path], capture_output=True, env=environment(),
                           timeout=PATIENCE)
        self.ends(r, code, *words)
        self.assertTrue(r.stderr.startswith(b"lstar: "))
        self.assertLessEqual(r.stderr.count(b"\n"), 3)

    def test_not_found(self):
        self.refused("/no/such/program", 127, "No such file")
        self.refused("no-such-program-anywhere", 127, "not found in PATH")
        self.refused("", 127, "empty")

    def test_not_a_program(self):
        self.refused(WORK.name, 126, "directory")
        self.refused("/dev/null", 126, "not a regular file")
        self.refused(put("empty", b""), 126, "empty")
        self.refused(put("text", b"hello world\n" * 10), 126, "not an ELF")
        self.refused(put("script", b"#!/bin/sh\necho\n"), 126, "script")
        self.refused(put("noexec", elf(), 0o644), 126, "chmod +x")

    def test_wrong_kind_of_elf(self):
        self.refused(put("arm", elf(machine=EM_AARCH64)), 126, "64-bit ARM")
        self.refused(put("odd", elf(machine=EM_PDP10)), 126, "another processor")
        self.refused(put("i386", elf(machine=EM_386, klass=1)), 126, "no usable program headers")
        self.refused(put("x32", elf(klass=1)), 126, "x32")
        self.refused(put("object", elf(kind=1)), 126, "object file")
        self.refused(put("core", elf(kind=4)), 126, "core dump")
        self.refused(put("dynamic", elf(ptype=3)), 126, "dynamically linked", "-static")

    def test_damaged_elf(self):
        self.refused(put("header", elf()[:50]), 126, "truncated")
        self.refused(put("table", elf()[:100]), 126, "truncated")
        self.refused(put("segment", elf(filesz=1 << 20)), 126, "truncated")
        self.refused(put("wrap", elf(filesz=(1 << 64) - 1)), 126, "truncated")
        self.refused(put("far", elf(phoff=(1 << 64) - 8)), 126, "truncated")
        self.refused(put("none", elf(phnum=0)), 126, "no usable program headers")

    def test_usage(self):
        for args, word in ((["run"], "no program given"), ([], "no command given"),
                           (["frobnicate"], "unknown command 'frobnicate'"),
                           (["run", "--wrong", "x"], "option '--wrong' is unknown"),
                           (["run", "-q", "x"], "option '-q' is unknown"),
                           (["run", "-m"], "option '-m' needs a value"),
                           (["run", "-o", "f", "x"], "option '-o' is unknown"),
                           (["run", "-m", "lots", "x"], "expected a size"),
                           (["run", "-m", "99999999999G", "x"], "expected a size"),
                           (["run", "-m", "1M", "x"], "too little"),
                           (["run", "-c", "0", "x"], "from 1 to 16"),
                           (["run", "-c", "-1", "x"], "from 1 to 16"),
                           (["run", "-t", "soon", "x"], "number of seconds"),
                           (["run", "-t", "nan", "x"], "number of seconds"),
                           (["run", "--machine", "vax", "x"], "microvm, q35 or pc"),
                           (["run", "--accel", "kvm", "--icount", "0", "x"], "--accel kvm"),
                           (["run", "--status-file", "/no/such/dir/f", "x"], "No such file")):
            r = subprocess.run([LAUNCHER, *args], capture_output=True, env=environment())
            self.ends(r, 125, word, stdout=b"")

    def test_files_that_cannot_be_taken(self):
        r = run("files", options=["--file", "/no/such/file"])
        self.ends(r, 125, "cannot take '/no/such/file' into the guest")
        r = run("files", options=["--file", f"{PROG}:{PROG}/below"])
        self.ends(r, 125, "Not a directory")
        r = run("files", options=["-m", "8M", "--file", put("huge", bytes(8 << 20))])
        self.ends(r, 125, "give it more with -m")

    def test_not_a_kernel(self):
        r = run("exit", "0", options=["--kernel", PROG])
        self.ends(r, 125, "not a kernel image of Lstar")
        r = run("exit", "0", options=["--kernel", "/no/such/kernel"])
        self.ends(r, 125, "/no/such/kernel")

    def test_options_of_the_program_are_its_own(self):
        c = config_of()
        out = run("config", "--help", "-v", "--", "-m").stdout
        self.assertIn(b"arg=--help\narg=-v\narg=--\narg=-m\n", out)
        self.assertEqual(len(c["arg"]), 2)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
