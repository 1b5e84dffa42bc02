#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Tests of tools/gensys.

Golden: the small tables of tests/host/gensys/in give exactly the files of gensys/out (after a
change that is meant, run with UPDATE=1 and read the diff). Behaviour: the generated dispatch is
compiled and called (gensys/dispatch_test.c). Mistakes: each one gensys knows is made in a copy of
the small tables, and its message compared. The real tables: numbers agree with the host's Linux
headers, handlers stand where the table says, constants have Linux's values.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GENSYS = ROOT / "tools" / "gensys"
IN, OUT = HERE / "gensys" / "in", HERE / "gensys" / "out"
HEADERS = pathlib.Path("/usr/include/x86_64-linux-gnu/asm")
CC = os.environ.get("CC", "cc")

sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import gensys_read  # noqa: E402

# (file, text to replace, replacement, message without the file's name)
MISTAKES = [
    ("syscalls.tbl", "302 0 3", "302 7 3", "syscalls.tbl:7: seek: linux64 number 7 is already taken"
                                           " by read"),
    ("syscalls.tbl", "302 0 3", "302 9999 3",
     "syscalls.tbl:3: read: linux64 number 9999 above 1023"),
    ("syscalls.tbl", "302 0 3", "302 0", "syscalls.tbl:3: not a row: '302 0 - size read(fd fd, out"
                                         " char buf[count], size count)'"),
    ("syscalls.tbl", "read(fd fd", "read(fdd fd", "syscalls.tbl:3: read: fd: unknown kind 'fdd'"),
    ("syscalls.tbl", "out char buf", "out chars buf",
     "syscalls.tbl:3: read: buf: unknown pointer kind 'chars'"),
    ("syscalls.tbl", "out char buf", "char buf",
     "syscalls.tbl:3: read: buf: pointer needs in, out or inout"),
    ("syscalls.tbl", "buf[count]", "buf", "syscalls.tbl:3: read: buf: buffer needs [count]"),
    ("syscalls.tbl", "buf[count]", "buf[cnt]",
     "syscalls.tbl:3: read: buf: [cnt] is not a number argument of this call"),
    ("syscalls.tbl", "buf[count]", "buf[buf]",
     "syscalls.tbl:3: read: buf: [buf] is not a number argument of this call"),
    ("syscalls.tbl", "size count)", "size count?)",
     "syscalls.tbl:3: read: count: a number takes neither [count] nor ?"),
    ("syscalls.tbl", "size count)", "size fd)",
     "syscalls.tbl:3: read: two arguments have one name"),
    ("syscalls.tbl", "path path, oflags", "in path path, oflags",
     "syscalls.tbl:4: open: path: path takes no direction"),
    ("syscalls.tbl", " \"no O_CREAT\"", "",
     "syscalls.tbl:4: open: `partial` and a note in quotes go together"),
    ("syscalls.tbl", "partial", "-",
     "syscalls.tbl:4: open: `partial` and a note in quotes go together"),
    ("syscalls.tbl", "- 4 - - int wait", "- 4 4 - int wait",
     "syscalls.tbl:5: wait: want: pair has another layout in linux32; give that call its own"
     " row"),
    ("syscalls.tbl", "arg[cmd]", "arg[what]", "syscalls.tbl:6: control: arg: [what] does not name"
                                              " the argument that chooses the variant"),
    ("syscalls.tbl", "arg[cmd]", "arg[fd]", "syscalls.tbl:6: control: arg: the kind of fd has no"
                                            " set of values to choose by"),
    ("syscalls.tbl", "off pos, uint", "off pos, off more, uint",
     "syscalls.tbl:7: seek: 7 arguments, at most 6"),
    ("syscalls.tbl", "off pos, uint", "off pos; uint",
     "syscalls.tbl:7: bad argument 'off pos; uint how'"),
    ("syscalls.tbl", "atomic,leaf", "atomic,leef", "syscalls.tbl:11: getpid: unknown flag 'leef'"),
    ("syscalls.tbl", "frame int exec", "atomic int exec",
     "syscalls.tbl:13: exec: an atomic call must not touch user memory"),
    ("syscalls.tbl", "noreturn void", "- void",
     "syscalls.tbl:10: exit: `noreturn` and the result `void` go together"),
    ("syscalls.tbl", "frame int fork", "frame what fork",
     "syscalls.tbl:12: fork: unknown result 'what'"),
    ("syscalls.tbl", "int fork()", "int read()", "syscalls.tbl:12: read stands twice"),
    ("syscalls.tbl", "fork()", "fork = getpid()",
     "syscalls.tbl:12: fork: getpid has other parameters in line 11"),
    ("syscalls.tbl", "fork()", "wait()", "syscalls.tbl:12: wait stands twice"),
    ("syscalls.tbl", "@file", "", "syscalls.tbl:3: a row before the first @group"),
    ("kinds.def", "set oflags", "set noflags", "kinds.def:6: no set 'noflags' in flags.def"),
    ("kinds.def", "scalar fd int", "scalar fd short", "kinds.def:1: no conversion to 'short'"),
    ("kinds.def", "scalar off", "scalar fd", "kinds.def:3: scalar fd stands twice"),
    ("kinds.def", "as pair", "as pear", "kinds.def:10: no kind 'pear' before this line"),
    ("kinds.def", "result int", "resolt int", "kinds.def:13: not a kind: 'resolt int dec'"),
    ("flags.def", "out pair", "out pear", "flags.def:6: GET: unknown ptr kind 'pear'"),
    ("flags.def", "out pair", "up pair", "flags.def:6: GET: no direction 'up'"),
    ("flags.def", "field", "feeld", "flags.def:1: not `@set style unknown [mask]`:"
                                    " '@oflags feeld O_??? 03'"),
    ("flags.def", "O_CREAT 0100", "O_CREAT 0x1g", "flags.def:4: not a number: '0x1g'"),
    ("flags.def", "NIL 0x40", "O_CREAT 0x41", "flags.def:9: O_CREAT has another value in another"
                                              " set"),
    ("flags.def", "@atfd", "@oflags", "flags.def:10: set oflags stands twice"),
    ("errno.def", "38 ENOSYS", "1 ENOSYS", "errno.def:3: number 1 is already taken"),
    ("errno.def", "38 ENOSYS Function not implemented", "38 ENOSYS",
     "errno.def:3: not `number name text`: '38 ENOSYS'"),
    ("signals.def", "2 SIGINT", "3 SIGINT",
     "signals.def:2: signal numbers must follow each other from 1"),
    ("signals.def", "2 SIGINT ign", "2 SIGINT eat",
     "signals.def:2: not `number name default`: '2 SIGINT eat'"),
    ("absent.def", "22 pipe", "39 getpid", "absent.def:1: getpid has a row in syscalls.tbl"),
]


def gensys(source, target):
    return subprocess.run([sys.executable, GENSYS, source, target], capture_output=True, text=True)


class Scratch(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="gensys-"))
        self.addCleanup(shutil.rmtree, self.scratch)

    def generate(self, source):
        result = gensys(source, self.scratch / "gen")
        self.assertEqual((result.stderr, result.returncode), ("", 0))
        return self.scratch / "gen"


class Golden(Scratch):
    maxDiff = None

    def test_outputs_are_exact(self):
        gen = self.generate(IN)
        if os.environ.get("UPDATE"):
            shutil.rmtree(OUT, ignore_errors=True)
            shutil.copytree(gen, OUT)
        self.assertEqual(sorted(p.name for p in gen.iterdir()),
                         sorted(p.name for p in OUT.iterdir()))
        for path in sorted(OUT.iterdir()):
            with self.subTest(path.name):
                self.assertEqual((gen / path.name).read_text(), path.read_text())

    def test_every_output_names_its_source(self):
        for path in self.generate(IN).iterdir():
            self.assertIn("Generated by tools/gensys from abi/", path.read_text().splitlines()[0])

    def test_unchanged_outputs_are_not_written(self):
        gen = self.generate(IN)
        for path in gen.iterdir():
            os.utime(path, (1, 1))
        (gen / "errno.h").write_text("something else")
        self.generate(IN)
        touched = [p.name for p in gen.iterdir() if p.stat().st_mtime > 1]
        self.assertEqual(touched, ["errno.h"])


class Mistakes(Scratch):
    def test_each_is_named_with_its_line(self):
        for file, old, new, message in MISTAKES:
            with self.subTest(message):
                tables, out = self.scratch / "tables", self.scratch / "out"
                shutil.rmtree(tables, ignore_errors=True)
                shutil.rmtree(out, ignore_errors=True)
                shutil.copytree(IN, tables)
                text = (tables / file).read_text()
                self.assertIn(old, text)
                (tables / file).write_text(text.replace(old, new, 1))
                result = gensys(tables, out)
                self.assertEqual(result.stderr.strip(), message)
                self.assertEqual(result.returncode, 1)
                self.assertFalse(out.exists(), "nothing may be written")


class Dispatch(Scratch):
    def test_registers_become_arguments(self):
        gen = self.generate(IN)
        sources = [HERE / "gensys" / "dispatch_test.c", *gen.glob("dispatch_*.c"),
                   gen / "sysdesc.c", gen / "abi_names.c"]
        program = self.scratch / "dispatch_test"
        subprocess.run([CC, "-std=gnu17", "-O1", "-Wall", "-Wextra", "-Werror",
                        "-fsanitize=address,undefined", "-I", HERE / "fake", "-I", ROOT,
                        "-I", self.scratch, "-o", program, *sources], check=True)
        subprocess.run([program], check=True)


def header_numbers(name):
    path = HEADERS / name
    if not path.exists():
        raise unittest.SkipTest(f"no {path} on this machine")
    return {m[1]: int(m[2]) for m in re.finditer(r"#define __NR_(\w+)\s+(\d+)$", path.read_text(),
                                                 re.M)}


class RealTables(Scratch):
    @classmethod
    def setUpClass(cls):
        cls.tables = gensys_read.read_tables(ROOT / "abi")

    def test_linux64_numbers_are_linux_s(self):
        numbers = header_numbers("unistd_64.h")
        ours = {c.name: c.numbers["linux64"] for c in self.tables.calls
                if c.numbers["linux64"] is not None}
        ours.update({name: number for number, name in self.tables.absent})
        self.assertNotIn(ours.pop("lstar_echo"), numbers.values(), "ours must be a free number")
        self.assertEqual(ours, {name: numbers[name] for name in ours})
        self.assertEqual(set(numbers) - set(ours), set(), "a call neither here nor absent")

    def test_linux32_numbers_are_linux_s(self):
        numbers = header_numbers("unistd_32.h")
        ours = {c.name: c.numbers["linux32"] for c in self.tables.calls
                if c.numbers["linux32"] is not None}
        self.assertNotIn(ours.pop("lstar_echo"), numbers.values(), "ours must be a free number")
        self.assertEqual(ours, {name: numbers[name] for name in ours})

    def test_handlers_are_where_the_table_says(self):
        where = {}
        for path in (ROOT / "sys").glob("*.c"):
            for m in re.finditer(r"^(?:NORETURN )?long sys_(\w+)\(", path.read_text(), re.M):
                where[m[1]] = path.stem
        groups = {}
        for c in self.tables.calls:
            if c.handler not in groups or c.name == c.handler:
                groups[c.handler] = c.group
        self.assertEqual(groups, {handler: where.get(handler) for handler in groups})

    def test_constants_are_linux_s(self):
        """Each constant that the host's headers also have, compared by the compiler."""
        names = {v.name: v for s in self.tables.sets.values() for v in s.values
                 if s.name != "sighandler"}  # pointers in C
        skip = {"O_LARGEFILE", "F_GETLK64", "F_SETLK64", "F_SETLKW64"}  # other in a 64-bit libc
        text = "#define _GNU_SOURCE\n" + "".join(f"#include <{h}>\n" for h in (
            "fcntl.h", "unistd.h", "sys/mman.h", "sys/stat.h", "dirent.h", "sys/file.h",
            "sys/xattr.h", "sys/ioctl.h", "asm/termbits.h", "time.h", "sys/time.h",
            "sys/resource.h", "sched.h", "poll.h", "signal.h", "sys/prctl.h", "linux/futex.h",
            "linux/membarrier.h", "linux/rseq.h", "sys/random.h", "linux/capability.h",
            "sys/wait.h", "linux/magic.h", "errno.h", "asm/prctl.h", "sys/statvfs.h"))
        compared = 0
        for name, value in names.items():
            if name not in skip:
                text += (f"#ifdef {name}\n_Static_assert((unsigned)({name}) == "
                         f"{value.number & 0xffffffff}u, \"{name}\");\n#endif\n")
                compared += 1
        for number, name, _ in self.tables.errnos:
            if number < 512:
                text += f"_Static_assert({name} == {number}, \"{name}\");\n"
        for number, name, _ in self.tables.signals:
            text += f"_Static_assert({name} == {number}, \"{name}\");\n"
        self.assertGreater(compared, 500)
        (self.scratch / "c.c").write_text(text)
        subprocess.run([CC, "-std=gnu17", "-w", "-fsyntax-only", self.scratch / "c.c"], check=True)

    def test_outputs_compile(self):
        gen = self.generate(ROOT / "abi")
        headers = "".join(f'#include "gen/{p.name}"\n' for p in sorted(gen.glob("*.h"))
                          if p.name != "efault_cases.h")
        (self.scratch / "all.c").write_text(headers)
        flags = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-Wmissing-prototypes",
                 "-ffreestanding", "-fno-pic", "-mgeneral-regs-only", "-mcmodel=kernel",
                 "-I", ROOT, "-I", self.scratch]
        # the stubs of a program have the names of the kernel's handlers: never both in one file
        (self.scratch / "all.c").write_text(headers.replace('#include "gen/ustub_native.h"\n', ""))
        for source in [self.scratch / "all.c", *gen.glob("*.c"), gen / "ustub_native.h"]:
            subprocess.run([CC, *flags, "-x", "c", "-c", "-o", os.devnull, source], check=True)
        subprocess.run([CC, "-c", "-o", os.devnull, gen / "ustub_native.S"], check=True)


if __name__ == "__main__":
    unittest.main()
