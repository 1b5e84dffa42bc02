# SPDX-License-Identifier: MIT
"""
Compiles tests/programs/* into build/tests/bin/, once.

A program is rebuilt when its source, a header beside it, or its command line changed; the
command line is kept in a .cmd file next to the result. Languages by suffix: C, C++,
assembly (no libc), Fortran, Pascal, Ada. A flavour is a way to link:
glibc (-static), pie (-static-pie), musl (musl-gcc -static), bare (no libc at all); i386,
i386-pie and i386-musl are the same for 32-bit programs.
"""

import glob
import os
import shlex
import shutil
import subprocess
import threading

from lib.case import Failed, Skipped
from lib.debian import i386_tree

WARN = ["-Wall", "-Wextra", "-Werror", "-O2", "-std=gnu17"]
FLAVOURS = {
    "glibc": ["gcc", *WARN, "-static"],
    "pie": ["gcc", *WARN, "-static-pie"],
    "musl": ["musl-gcc", *WARN, "-static"],
    "bare": ["gcc", *WARN, "-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector",
             "-fcf-protection=none", "-fno-pie", "-no-pie", "-Wl,--build-id=none"],
    "i386": ["gcc", "-m32", "-msse2", *WARN, "-static"],
    "i386-pie": ["gcc", "-m32", "-msse2", *WARN, "-static-pie"],
    "i386-musl": ["gcc", "-m32", "-msse2", *WARN, "-static", "-nostdinc", "-nostdlib", "-fno-pie", "-no-pie"],
}
PACKAGES = {"musl-gcc": "musl-tools", "g++": "g++", "gfortran": "gfortran", "fpc": "fp-compiler",
            "gnatmake": "gnat", "gcc": "gcc"}


class Builder:
    """Knows where sources and results are; safe to call from several threads."""

    def __init__(self, root, out_dir):
        self.source_dir = os.path.join(root, "tests", "programs")
        self.out_dir = out_dir
        # for what is generated from the call table: "gen/…" and the "abi/…" it includes
        self.include_dirs = [self.source_dir, os.path.join(root, "build"), root]
        self.locks = {}
        self.guard = threading.Lock()

    def program(self, name, flavour="glibc"):
        """Path of the compiled program `name` (its file name without suffix)."""
        sources = [p for p in glob.glob(os.path.join(self.source_dir, name + ".*"))
                   if not p.endswith(".h")]
        if len(sources) != 1:
            raise Failed(f"{len(sources)} sources for program {name}: {sources}")
        target = os.path.join(self.out_dir, flavour, name)
        with self.guard:
            lock = self.locks.setdefault(target, threading.Lock())
        with lock:
            self._bring_up_to_date(sources[0], target, flavour)
        return target

    def _musl_i386(self):
        """musl-gcc knows one architecture only: its words before the source, and behind it."""
        lib = i386_tree(os.path.dirname(self.out_dir), "musl-dev")
        lib = os.path.join(lib, "usr")
        asked = [subprocess.run(["gcc", "-m32", word], stdout=subprocess.PIPE, check=True)
                 .stdout.decode().strip()
                 for word in ("-print-file-name=include", "-print-libgcc-file-name")]
        crt = os.path.join(lib, "lib", "i386-linux-musl")
        return ([f"-isystem{lib}/include/i386-linux-musl", f"-isystem{asked[0]}",
                 f"{crt}/crt1.o", f"{crt}/crti.o"],
                [f"-L{crt}", "-lc", asked[1], f"{crt}/crtn.o"])

    def _command(self, source, target, flavour):
        suffix = os.path.splitext(source)[1]
        if flavour == "i386-musl":
            before, behind = self._musl_i386()
            return [*FLAVOURS[flavour], *before,
                    *(w for d in self.include_dirs for w in ("-iquote", d)), "-o", target, source,
                    *behind]
        if suffix in (".c", ".S"):
            return [*FLAVOURS[flavour], "-pthread" if flavour != "bare" else "-g0",
                    *(w for d in self.include_dirs for w in ("-iquote", d)), "-o", target, source,
                    *([] if flavour == "bare" else ["-lm"])]
        if suffix == ".cc":
            return ["g++", "-Wall", "-Wextra", "-Werror", "-O2", "-static", "-o", target, source]
        if suffix == ".f90":
            return ["gfortran", "-Wall", "-O2", "-static", "-J", self.out_dir, "-o", target, source]
        if suffix == ".pas":
            return ["fpc", "-v0", "-O2", "-Xs", f"-FU{target}.d", f"-FE{target}.d",
                    f"-o{target}", source]
        if suffix == ".adb":
            return ["gnatmake", "-q", "-O2", "-D", f"{target}.d", "-o", target, source,
                    "-bargs", "-static", "-largs", "-static"]
        raise Failed(f"no rule for {source}")

    def _bring_up_to_date(self, source, target, flavour):
        command = self._command(source, target, flavour)
        stamp = target + ".cmd"
        inputs = [source, *glob.glob(os.path.join(self.source_dir, "*.h")),
                  *glob.glob(os.path.join(self.include_dirs[1], "gen", "*"))]
        line = shlex.join(command)
        try:
            with open(stamp, encoding="utf-8") as file:
                same = file.read() == line
            newest = max(os.stat(p).st_mtime for p in inputs)
            if same and os.stat(target).st_mtime >= newest:
                return
        except FileNotFoundError:
            pass
        if not shutil.which(command[0]):
            raise Skipped(f"no {command[0]} here: install Debian's {PACKAGES[command[0]]}")
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if source.endswith((".pas", ".adb")):
            os.makedirs(target + ".d", exist_ok=True)
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False)
        if done.returncode:
            raise Failed(f"{line}\n{done.stdout.decode(errors='replace')}")
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(line)
