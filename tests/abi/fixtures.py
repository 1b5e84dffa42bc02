# SPDX-License-Identifier: MIT
"""
The data files the abi cases read, made anew in build/tests/data by every run of the driver.

Everything is computed from fixed seeds, so both sides and all runs see the same bytes; the
compressed files come from the host's own tools, the archive from Python's tarfile. Times
and modes are set explicitly: the initrd carries them into the guest.
"""

import bz2
import gzip
import io
import lzma
import os
import random
import shutil
import tarfile

MTIME = 1_600_000_000


def words(seed, count):
    """Made-up words of three to nine letters."""
    rng = random.Random(seed)
    return ["".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 9)))
            for _ in range(count)]


def text_files():
    """Name -> text of the plain files."""
    rng = random.Random(1)
    vocabulary = words(2, 200)
    lines = [" ".join(rng.choice(vocabulary) for _ in range(rng.randint(1, 12)))
             for _ in range(400)]
    changed = [line for i, line in enumerate(lines) if i % 37]
    changed[50:50] = ["an inserted line", "and another"]
    table = ["id,name,city,amount"] + [
        f"{i},{rng.choice(vocabulary)},{rng.choice(vocabulary)},{rng.randint(-5000, 5000) / 100}"
        for i in range(300)]
    return {
        "lines.txt": "\n".join(lines) + "\n",
        "changed.txt": "\n".join(changed) + "\n",
        "words.txt": "\n".join(rng.choice(vocabulary) for _ in range(3000)) + "\n",
        "numbers.txt": "\n".join(str(rng.randint(-10**6, 10**6)) for _ in range(2000)) + "\n",
        "table.csv": "\n".join(table) + "\n",
        "tabs.txt": "".join(f"{w}\t{i}\t\t{w.upper()}\n" for i, w in enumerate(vocabulary[:40])),
        "dos.txt": "first\r\nsecond\r\nthird\r\n",
        "nonl.txt": "no newline at the end",
        "empty.txt": "",
        "crlf.hex": "00000000: 4c73 7461 720a                           Lstar.\n",
        "sum.awk": AWK_SUM,
        "freq.awk": AWK_FREQ,
        "matrix.awk": AWK_MATRIX,
        "edit.sed": SED_EDIT,
        "prog.dc": DC_FIBONACCI,
        "prog.bc": BC_NUMBERS,
    }


SED_EDIT = r"""1,3d
s/\([a-z]*\) \([a-z]*\)/\2 \1/
/^b/{
y/abc/xyz/
p
}
$a\
the end
"""
DC_FIBONACCI = """[Fibonacci:]p sc 0 1 [sa d la + la r lc 1 - d sc 0 <x] sx 0 1 + p
2 100 ^ p 7 3 / p 5k 7 3 / p
"""
BC_NUMBERS = """scale=20
define f(n){ if(n<2) return 1; return n*f(n-1); }
f(30)
sqrt(2)
2^200
1/7
"""
AWK_SUM = """BEGIN { FS = "," }
NR > 1 { sum[$3] += $4; n[$3]++ }
END { for (c in sum) if (n[c] > 1) printf "%-10s %3d %9.2f\\n", c, n[c], sum[c] }
"""
AWK_FREQ = """{ for (i = 1; i <= NF; i++) { w = toupper(substr($i, 1, 1)) substr($i, 2); f[w]++ } }
END { for (w in f) if (f[w] > 9) print f[w], w, length(w), index(w, "a") }
"""
AWK_MATRIX = """function fill(m, n,   i, j) {
	for (i = 0; i < n; i++) for (j = 0; j < n; j++) m[i, j] = (i * 7 + j * j) % 11 / 10 }
BEGIN {
	n = 12; fill(a, n)
	for (i = 0; i < n; i++) { for (j = 0; j < n; j++) { s = 0
		for (k = 0; k < n; k++) s += a[i, k] * a[k, j]
		printf "%8.4f", s } print "" }
	print substr("boundary", 3, 4), match("foobar", /o+/), RSTART, RLENGTH
	print toupper("x"), int(-3.7), -7 % 3
	x = "a:b:c"; print split(x, p, ":"), p[3]; gsub(/:/, "-", x); print x
	print strftime("%Y-%m-%d %H:%M:%S", 86400 * 365, 1)
}
"""


def write(directory, name, data, mode=0o644):
    """One file with its mode and time."""
    path = os.path.join(directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, mode)
    os.utime(path, (MTIME, MTIME))


def tarball(members):
    """A ustar archive in memory."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in members:
            info = tarfile.TarInfo("pack/" + name)
            info.size, info.mtime, info.mode = len(data), MTIME, 0o640
            info.uname, info.gname = "root", "root"
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def generate(directory):
    """Make the whole set in `directory`, which is emptied first; return its names."""
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    files = {name: text.encode() for name, text in text_files().items()}
    rng = random.Random(3)
    files["bytes.bin"] = bytes(range(256)) * 17 + b"end"
    files["noise.bin"] = rng.randbytes(150_001)
    files["big.txt"] = "".join(f"{i:06d} {w}\n" for i, w in enumerate(words(5, 30000))).encode()
    text = files["lines.txt"]
    files["lines.gz"] = gzip.compress(text, mtime=MTIME)
    files["noise.gz"] = gzip.compress(files["noise.bin"], mtime=MTIME)
    files["lines.bz2"] = bz2.compress(text)
    files["lines.xz"] = lzma.compress(text, check=lzma.CHECK_CRC32)
    files["big.xz"] = lzma.compress(files["big.txt"], check=lzma.CHECK_CRC32)
    files["lines.lzma"] = lzma.compress(text, format=lzma.FORMAT_ALONE)
    files["broken.gz"] = files["lines.gz"][:-40] + bytes(40)
    files["cut.xz"] = files["lines.xz"][:500]
    files["pack.tar"] = tarball([(n, files[n]) for n in ("lines.txt", "bytes.bin", "table.csv")])
    for depth, name in enumerate(("a/one.txt", "a/b/two.c", "a/b/c/three.txt", "d/four.h", "five")):
        files["tree/" + name] = f"level {depth} of {name}\n".encode() * (depth + 1)
    files["check.md5"] = b"".join(f"{_md5(files[n])}  {n}\n".encode()
                                  for n in ("lines.txt", "noise.bin"))
    for name, data in files.items():
        write(directory, name, data)
    for path, _, _ in os.walk(directory, topdown=False):
        os.chmod(path, 0o755)
        os.utime(path, (MTIME, MTIME))
    return set(os.listdir(directory))


def _md5(data):
    import hashlib
    return hashlib.md5(data).hexdigest()
