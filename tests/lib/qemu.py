# SPDX-License-Identifier: MIT
"""
Two ways into a running QEMU: its human monitor and its gdb stub, both on unix sockets.

The stub speaks the remote serial protocol (gdb manual, appendix E); only what the tests
need is here: breakpoints, continue, interrupt, registers.
"""

import socket
import time

from lib.case import Failed


class GuestEnded(Failed):
    """QEMU is gone: often a failure, sometimes what was waited for."""


def connect(path, timeout_s=20):
    """A connected unix socket, as soon as QEMU listens."""
    deadline = time.monotonic() + timeout_s
    while True:
        link = socket.socket(socket.AF_UNIX)
        try:
            link.connect(path)
            link.settimeout(30)
            return link
        except OSError:
            link.close()
            if time.monotonic() > deadline:
                raise Failed(f"QEMU does not answer on {path}") from None
            time.sleep(0.05)


class Monitor:
    """QEMU's human monitor on a unix socket."""

    PROMPT = b"(qemu) "

    def __init__(self, path):
        self.socket = connect(path)
        self._until_prompt()

    def _until_prompt(self):
        text = b""
        while not text.endswith(self.PROMPT):
            part = self.socket.recv(1 << 16)
            if not part:
                raise Failed("QEMU closed its monitor")
            text += part
        return text.decode(errors="replace").replace("\r", "")

    def ask(self, command):
        """The monitor's answer to one command."""
        self.socket.sendall(command.encode() + b"\n")
        return self._until_prompt()

    def close(self):
        """Hang up."""
        self.socket.close()


class Gdb:
    """A client of QEMU's gdb stub."""

    def __init__(self, path):
        self.socket = connect(path)
        self.pending = b""
        # connecting stops the guest, which QEMU may or may not tell unasked: read it all
        self._send("?")
        while self._packet(0.3) is not None:
            pass

    def close(self):
        """Hang up; the guest goes on."""
        self.socket.close()

    def _send(self, body):
        data = body.encode()
        self.socket.sendall(b"$%s#%02x" % (data, sum(data) & 0xFF))

    def _packet(self, timeout_s):
        """The next packet's body, or None when there is none in time."""
        deadline = time.monotonic() + timeout_s
        while True:
            start = self.pending.find(b"$")
            stop = self.pending.find(b"#", start)
            if start >= 0 and stop >= 0 and len(self.pending) >= stop + 3:
                body, self.pending = self.pending[start + 1:stop], self.pending[stop + 3:]
                self.socket.sendall(b"+")
                return body.decode()
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return None
            self.socket.settimeout(remaining)
            try:
                part = self.socket.recv(1 << 16)
            except TimeoutError:
                return None
            if not part:
                raise GuestEnded("QEMU closed its gdb stub")
            self.pending += part

    def ask(self, body):
        """One request that is answered at once."""
        self._send(body)
        answer = self._packet(20)
        if answer is None or answer.startswith("E"):
            raise Failed(f"gdb stub: {body!r} is answered by {answer!r}")
        return answer

    def set_breakpoint(self, address):
        """A hardware breakpoint: nothing in memory changes."""
        self.ask(f"Z1,{address:x},1")

    def clear_breakpoint(self, address):
        """Take it away."""
        self.ask(f"z1,{address:x},1")

    def resume(self, timeout_s):
        """Run until a breakpoint: True. False when it was not met in time; stopped again."""
        self._send("c")
        answer = self._packet(timeout_s)
        if answer is not None:
            if answer[0] in "WX":
                raise GuestEnded("the guest ended")
            return True
        self.socket.sendall(b"\x03")
        if self._packet(20) is None:
            raise Failed("the guest cannot be stopped")
        return False

    def step(self):
        """One instruction, so that a breakpoint here is not met again at once."""
        self._send("s")
        if self._packet(20) is None:
            raise Failed("the guest does not step")

    def detach(self):
        """Let it run on by itself."""
        self.ask("D")

    def registers(self):
        """rsp, rip and eflags; in the packet: sixteen general registers, rip, eflags (32 bits)."""
        raw = bytes.fromhex(self.ask("g")[:17 * 16 + 8])
        return {"rsp": int.from_bytes(raw[56:64], "little"),
                "rip": int.from_bytes(raw[128:136], "little"),
                "eflags": int.from_bytes(raw[136:140], "little")}
