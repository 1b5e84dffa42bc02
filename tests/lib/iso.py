# SPDX-License-Identifier: MIT
"""
A program as a bootable ISO (`lstar image`), and the machines that boot it without a
launcher: QEMU with its firmwares, and Bochs. What comes back is COM1.

On COM1 the program's bytes are followed by a line of the kernel's about how it ended. A
machine that never says it has failed: each is killed when its time is over.
"""

import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time

from lib.case import Failed, excerpt
from lib.runner import BASE_ENV, Result, kill_group, spawn

END = re.compile(rb"\nlstar: (exited with|killed by signal) (\d+)(: [^\n]*)?\n\Z")
OVMF_CODE = "/usr/share/OVMF/OVMF_CODE_4M.fd"
OVMF_VARS = "/usr/share/OVMF/OVMF_VARS_4M.fd"
BOCHS_BIOS = "/usr/share/bochs/BIOS-bochs-latest"
BOCHS_VGA = "/usr/share/bochs/VGABIOS-lgpl-latest"

BOCHS_CONFIG = """\
display_library: term
romimage: file={bios}
vgaromimage: file={vga}
cpu: count={cpus}, ips=100000000, model={model}, reset_on_triple_fault=0
megs: {memory}
ata0-master: type=cdrom, path={iso}, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev={serial}
clock: sync=none
log: {log}
panic: action=fatal
error: action=report
info: action=ignore
debug: action=ignore
"""


def require(*files):
    """Fail, rather than skip, when a referee is not there: its silence is not approval."""
    missing = [f for f in files if not (shutil.which(f) if "/" not in f else os.path.exists(f))]
    if missing:
        raise Failed(f"not here: {' '.join(missing)}; ./lstar test conformance installs them")


def make(ctx, path, program, options=()):
    """Build the ISO of argv `program`."""
    command = [ctx.launcher, "image", "--kernel", ctx.kernel, *options, "-o", path, "--", *program]
    require("grub-mkrescue", "xorriso", "mformat")
    done = spawn(command, 60, env=BASE_ENV)
    if done.status:
        raise Failed(f"lstar image: {excerpt(done.stderr)}\n{done.describe()}")


def verdict(serial, command, said=b""):
    """COM1 as a Result: what the program wrote, and its status as a shell has it."""
    ending = END.search(serial)
    if not ending:
        raise Failed(f"no ending on COM1\n{excerpt(serial, 3000)}\n{excerpt(said)}\n"
                     f"run it again with: {command}")
    number = int(ending[2])
    status = number if ending[1] == b"exited with" else 128 + number
    return Result(status, serial[:ending.start()], b"", command)


def run_qemu(iso, machine, uefi=False, more=(), timeout_s=60):
    """Boot in QEMU with SeaBIOS, or OVMF; the last sees an own copy of its variables."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none",
                   "-no-reboot", "-M", machine, "-cpu", "max", "-m", "256", "-serial", "stdio",
                   "-device", "isa-debug-exit,iobase=0xf4,iosize=4", *more]
        if uefi:
            require(OVMF_CODE, OVMF_VARS)
            variables = os.path.join(scratch, "vars.fd")
            shutil.copy(OVMF_VARS, variables)
            command += ["-drive", f"if=pflash,format=raw,readonly=on,file={OVMF_CODE}",
                        "-drive", f"if=pflash,format=raw,file={variables}",
                        "-drive", f"if=none,id=cd,media=cdrom,readonly=on,file={iso}",
                        "-device", "ide-cd,drive=cd,bootindex=0"]
        else:
            command += ["-cdrom", iso]
        done = spawn(command, timeout_s)
    return verdict(done.stdout, done.command, done.stderr)


def run_bochs(iso, model, cpus=1, memory=64, timeout_s=60):
    """
    Boot in Bochs: no window, but a terminal, because it insists on one. The debugger
    that Debian builds in is told to continue. Bochs ends by the kernel's word on its port.
    """
    require("bochs", BOCHS_BIOS, BOCHS_VGA)
    with tempfile.TemporaryDirectory() as scratch:
        def at(name):
            return os.path.join(scratch, name)
        with open(at("rc"), "w", encoding="utf-8") as file:
            file.write(BOCHS_CONFIG.format(bios=BOCHS_BIOS, vga=BOCHS_VGA, cpus=cpus, model=model,
                                           memory=memory, iso=iso, serial=at("serial"),
                                           log=at("log")))
        with open(at("commands"), "w", encoding="utf-8") as file:
            file.write("c\n")
        ended = on_terminal(["bochs", "-q", "-f", at("rc"), "-rc", at("commands")], timeout_s)
        serial, log = read(at("serial")), read(at("log"))[-1500:]
    if not ended:
        raise Failed(f"Bochs ({model}) did not end in {timeout_s} s\n{excerpt(serial, 3000)}\n"
                     f"{excerpt(log)}")
    return verdict(serial, f"bochs, model {model}, {cpus} CPUs, with {iso}", log)


def on_terminal(command, timeout_s):
    """Run a command on a terminal whose output nobody wants; True: it ended by itself."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, close_fds=True,
                               start_new_session=True, env={**BASE_ENV, "TERM": "xterm"})
    os.close(slave)
    deadline = time.monotonic() + timeout_s
    try:
        while time.monotonic() < deadline:
            if select.select([master], [], [], 1)[0]:
                os.read(master, 1 << 16)
        return False
    except OSError:  # the other end is closed: nobody runs there any more
        return True
    finally:
        kill_group(process)
        process.wait()
        os.close(master)


def read(path):
    """A file's bytes; none when it was never made."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
