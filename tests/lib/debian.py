# SPDX-License-Identifier: MIT
"""
Files of Debian's i386 packages, without installing anything.

apt is given a state of its own below build/, so the machine's list of architectures and
packages stays as it is. A package is fetched and unpacked once. Without apt or network the
cases that need it are skipped with the reason.
"""

import glob
import os
import shutil
import subprocess
import threading

from lib.case import Skipped

LOCK = threading.Lock()


def _apt(state, *words, **more):
    options = {"APT::Architecture": "i386", "APT::Architectures": "i386",
               "Dir::State::lists": f"{state}/lists", "Dir::Cache": f"{state}/cache",
               "Dir::State::status": "/dev/null", "Acquire::Languages": "none",
               "APT::Sandbox::User": "root"}
    flags = [w for key, value in options.items() for w in ("-o", f"{key}={value}")]
    return subprocess.run(["apt-get", "-q", *flags, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, timeout=300, **more)


def _fetch(folder, package):
    """One mirror may be half updated: what counts is whether the package came."""
    for name in ("lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    said = b""
    for attempt in ("download", "update", "download"):
        words = [attempt, package] if attempt == "download" else [attempt]
        said = _apt(folder, *words, cwd=folder).stdout
        found = glob.glob(os.path.join(folder, f"{package}_*_i386.deb"))
        if found:
            return found[0]
    raise Skipped(f"cannot fetch Debian's {package}:i386: "
                  + said.decode(errors="replace").strip().split("\n")[-1])


def i386_tree(scratch, package):
    """The directory into which the package's files are unpacked."""
    folder = os.path.join(scratch, "i386")
    target = os.path.join(folder, package)
    with LOCK:
        if os.path.isdir(target):
            return target
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Skipped("no apt-get and dpkg-deb here to fetch i386 packages with")
        archive = _fetch(folder, package)
        subprocess.run(["dpkg-deb", "-x", archive, target + ".new"], check=True)
        os.rename(target + ".new", target)
    return target
