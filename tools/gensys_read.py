# SPDX-License-Identifier: MIT
"""The tables of abi/ as Python objects, and every check on them.

Nothing here knows what is generated. A TableError carries `FILE:LINE: what is wrong`.
"""
import dataclasses
import re

ABIS = ("native", "linux64", "linux32")
DIRECTIONS = ("in", "out", "inout")
CALL_FLAGS = ("frame", "noreturn", "atomic", "leaf", "partial")
STYLES = ("values", "bits", "field")
DEFAULTS = ("term", "core", "ign", "stop", "cont")
STRINGS = ("path", "string", "strv")
MAX_ARGS = 6
MAX_NUMBER = 1023


class TableError(Exception):
    pass


@dataclasses.dataclass
class Kind:
    name: str
    ctype: str
    show: str
    set: str = None      # scalar: the set of names it prints with
    size: int = 0        # ptr: bytes of one element
    size32: int = None   # ptr: the same for i386 programs, None when the layout differs
    base: str = None     # ptr: the kind whose handler type is used


@dataclasses.dataclass
class Argument:
    direction: str       # None for a scalar
    kind: str
    name: str
    count: str           # None, an argument's name, or a number
    optional: bool

    @property
    def is_address(self):
        """Does the kernel follow this argument into user memory?"""
        return self.direction is not None or self.kind in STRINGS


@dataclasses.dataclass
class Call:
    numbers: dict        # ABI -> number or None
    flags: tuple
    result: str
    name: str
    handler: str         # sys_HANDLER answers; several rows may share one
    args: list
    note: str
    group: str
    line: int


@dataclasses.dataclass
class Value:
    name: str
    text: str            # the number as the table spells it
    number: int
    direction: str = None
    kind: str = None     # of the `variant` argument this value selects
    line: int = 0


@dataclasses.dataclass
class Set:
    name: str
    style: str
    unknown: str
    mask: int
    values: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Tables:
    errnos: list         # (number, name, text)
    errno_aliases: list  # (name, other)
    signals: list        # (number, name, default)
    signal_aliases: list
    rtmin: int
    rtmax: int
    sets: dict
    kinds: dict          # ("scalar" or "ptr", name) -> Kind
    results: dict        # name -> show
    calls: list
    absent: list         # (linux64 number, name) of calls without a row


def fail(file, line, text):
    raise TableError(f"{file}:{line}: {text}")


def lines_of(path):
    """(number, text) of each line that holds something; backslash joins lines."""
    pending, start = "", 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = re.sub(r"(^|\s)#.*", "", line).rstrip()
        if line.endswith("\\"):
            start, pending = start or number, pending + line[:-1]
        elif line or pending:
            yield start or number, pending + line
            pending, start = "", 0


def number_of(file, line, text):
    try:
        return int(text, 8) if re.fullmatch(r"0[0-7]+", text) else int(text, 0)
    except ValueError:
        fail(file, line, f"not a number: {text!r}")


def read_errnos(path):
    errnos, aliases = [], []
    for line, text in lines_of(path):
        words = text.split(None, 2)
        if words[0] == "alias":
            aliases.append((words[1], words[2]))
        elif len(words) == 3:
            errnos.append((number_of(path.name, line, words[0]), words[1], words[2]))
        else:
            fail(path.name, line, f"not `number name text`: {text!r}")
        if len({n for n, _, _ in errnos}) != len(errnos):
            fail(path.name, line, f"number {words[0]} is already taken")
    return errnos, aliases


def read_signals(path):
    signals, aliases, limits = [], [], {}
    for line, text in lines_of(path):
        words = text.split()
        if words[0] == "alias" and len(words) == 3:
            aliases.append((words[1], words[2]))
        elif words[0] in ("rtmin", "rtmax") and len(words) == 2:
            limits[words[0]] = number_of(path.name, line, words[1])
        elif len(words) == 3 and words[2] in DEFAULTS:
            signals.append((number_of(path.name, line, words[0]), words[1], words[2]))
            if signals[-1][0] != len(signals):
                fail(path.name, line, "signal numbers must follow each other from 1")
        else:
            fail(path.name, line, f"not `number name default`: {text!r}")
    return signals, aliases, limits.get("rtmin", 0), limits.get("rtmax", len(signals))


def read_sets(path):
    sets, numbers, current = {}, {}, None
    for line, text in lines_of(path):
        words = text.split()
        if text.startswith("@"):
            if len(words) not in (3, 4) or words[1] not in STYLES:
                fail(path.name, line, f"not `@set style unknown [mask]`: {text!r}")
            if words[0][1:] in sets:
                fail(path.name, line, f"set {words[0][1:]} stands twice")
            mask = number_of(path.name, line, words[3]) if len(words) == 4 else (1 << 64) - 1
            current = sets[words[0][1:]] = Set(words[0][1:], words[1], words[2], mask)
            continue
        if current is None or len(words) not in (2, 3, 4):
            fail(path.name, line, f"not `NAME value [[direction] kind]`: {text!r}")
        value = Value(words[0], words[1], number_of(path.name, line, words[1]), line=line)
        if len(words) > 2:
            value.kind, value.direction = words[-1], words[2] if len(words) == 4 else None
        if numbers.setdefault(value.name, value.number) != value.number:
            fail(path.name, line, f"{value.name} has another value in another set")
        current.values.append(value)
    return sets


def add_kind(kinds, key, kind, file, line):
    if key in kinds:
        fail(file, line, f"{key[0]} {key[1]} stands twice")
    kinds[key] = kind


def read_kinds(path, sets):
    kinds, results = {}, {}
    for line, text in lines_of(path):
        m = re.fullmatch(r"scalar\s+(\w+)\s+(\w+)\s+(\w+)(?:\s+(\w+))?", text)
        if m:
            kind = Kind(m[1], m[2], m[3], set=m[4])
            if kind.ctype not in ("int", "u32", "s64", "u64", "uaddr_t"):
                fail(path.name, line, f"no conversion to {kind.ctype!r}")
            if kind.set and kind.set not in sets:
                fail(path.name, line, f"no set {kind.set!r} in flags.def")
            add_kind(kinds, ("scalar", kind.name), kind, path.name, line)
            continue
        m = re.fullmatch(r"ptr\s+(\w+)\s+((?:struct )?\w+)\s+(\d+)\s+(\d+|-)\s+(\w+)"
                         r"(?:\s+as\s+(\w+))?", text)
        if m:
            size32 = None if m[4] == "-" else int(m[4])
            kind = Kind(m[1], m[2], m[5], None, int(m[3]), size32, m[6] or m[1])
            add_kind(kinds, ("ptr", m[1]), kind, path.name, line)
            if ("ptr", kind.base) not in kinds:
                fail(path.name, line, f"no kind {m[6]!r} before this line")
            continue
        m = re.fullmatch(r"result\s+(\w+)\s+(\w+)", text)
        if not m:
            fail(path.name, line, f"not a kind: {text!r}")
        results[m[1]] = m[2]
    return kinds, results


ROW = re.compile(r"\s*(-|\d+)\s+(-|\d+)\s+(-|\d+)\s+(\S+)\s+(\w+)\s+(\w+)(?:\s*=\s*(\w+))?\((.*)\)"
                 r"(?:\s+\"([^\"]*)\")?")
ARG = re.compile(r"(?:(in|out|inout)\s+)?(\w+)\s+(\w+)(?:\[(\w+)\])?(\?)?")


def parse_argument(file, line, text):
    m = ARG.fullmatch(text)
    if not m:
        fail(file, line, f"bad argument {text!r}")
    return Argument(m[1], m[2], m[3], m[4], bool(m[5]))


def parse_row(file, line, text, group):
    m = ROW.fullmatch(text)
    if not m:
        fail(file, line, f"not a row: {text!r}")
    if group is None:
        fail(file, line, "a row before the first @group")
    numbers = {abi: None if n == "-" else int(n) for abi, n in zip(ABIS, m.groups())}
    flags = () if m[4] == "-" else tuple(m[4].split(","))
    args = [parse_argument(file, line, a.strip()) for a in m[8].split(",") if a.strip()]
    return Call(numbers, flags, m[5], m[6], m[7] or m[6], args, m[9], group, line)


def check_argument(tables, call, arg, bad):
    what = f"{call.name}: {arg.name}"
    scalars = {a.name for a in call.args if ("scalar", a.kind) in tables.kinds}
    if arg.kind in STRINGS or arg.kind == "variant":
        if arg.direction:
            bad(f"{what}: {arg.kind} takes no direction")
        if arg.kind == "variant" and arg.count not in scalars:
            bad(f"{what}: [{arg.count}] does not name the argument that chooses the variant")
        if arg.kind == "variant" and not tables.kinds[
                "scalar", next(a.kind for a in call.args if a.name == arg.count)].set:
            bad(f"{what}: the kind of {arg.count} has no set of values to choose by")
        return
    if arg.direction is None and ("scalar", arg.kind) not in tables.kinds:
        if ("ptr", arg.kind) in tables.kinds:
            bad(f"{what}: pointer needs in, out or inout")
        bad(f"{what}: unknown kind {arg.kind!r}")
    if arg.direction is None:
        if arg.count or arg.optional:
            bad(f"{what}: a number takes neither [count] nor ?")
        return
    if ("ptr", arg.kind) not in tables.kinds:
        bad(f"{what}: unknown pointer kind {arg.kind!r}")
    kind = tables.kinds["ptr", arg.kind]
    if kind.size == 1 and not arg.count:
        bad(f"{what}: buffer needs [count]")
    if arg.count and not arg.count.isdigit() and arg.count not in scalars:
        bad(f"{what}: [{arg.count}] is not a number argument of this call")
    if call.numbers["linux32"] is not None and kind.size32 is None:
        bad(f"{what}: {arg.kind} has another layout in linux32; give that call its own row")


def check_call(tables, call, file):
    def bad(text):
        fail(file, call.line, text)

    for flag in call.flags:
        if flag not in CALL_FLAGS:
            bad(f"{call.name}: unknown flag {flag!r}")
    if ("partial" in call.flags) != bool(call.note):
        bad(f"{call.name}: `partial` and a note in quotes go together")
    if call.result not in tables.results:
        bad(f"{call.name}: unknown result {call.result!r}")
    if ("noreturn" in call.flags) != (call.result == "void"):
        bad(f"{call.name}: `noreturn` and the result `void` go together")
    if len(call.args) > MAX_ARGS:
        bad(f"{call.name}: {len(call.args)} arguments, at most {MAX_ARGS}")
    if len({a.name for a in call.args}) != len(call.args):
        bad(f"{call.name}: two arguments have one name")
    if "atomic" in call.flags and any(a.is_address for a in call.args):
        bad(f"{call.name}: an atomic call must not touch user memory")
    for arg in call.args:
        check_argument(tables, call, arg, bad)


def check_numbers(calls, file):
    for abi in ABIS:
        taken = {}
        for call in calls:
            number = call.numbers[abi]
            if number is None:
                continue
            if number > MAX_NUMBER:
                fail(file, call.line, f"{call.name}: {abi} number {number} above {MAX_NUMBER}")
            first = taken.setdefault(number, call)
            if first is not call:
                fail(file, call.line,
                     f"{call.name}: {abi} number {number} is already taken by {first.name}")


def check_variants(tables, file):
    for group in tables.sets.values():
        for value in group.values:
            key = ("ptr" if value.direction else "scalar", value.kind)
            if value.direction and value.direction not in DIRECTIONS:
                fail(file, value.line, f"{value.name}: no direction {value.direction!r}")
            if value.kind == "path" and value.direction == "in":
                continue
            if value.kind and key not in tables.kinds:
                fail(file, value.line, f"{value.name}: unknown {key[0]} kind {value.kind!r}")


def param_type(tables, arg):
    """The C type of a handler's parameter."""
    if arg.kind in ("path", "string"):
        return "ustr_t"
    if arg.kind == "strv":
        return "ustrv_t"
    if arg.kind == "variant":
        return "u64"
    if arg.direction:
        return f"u{arg.direction}_{tables.kinds['ptr', arg.kind].base}"
    return tables.kinds["scalar", arg.kind].ctype


def check_twin(tables, call, file):
    """Rows of one name are different ABIs' calls; rows of one handler call it alike."""
    for other in tables.calls:
        if other.name == call.name and (other.handler == call.handler or any(
                other.numbers[a] is not None and call.numbers[a] is not None for a in ABIS)):
            fail(file, call.line, f"{call.name} stands twice")
        if other.handler == call.handler and (
                [param_type(tables, a) for a in other.args]
                != [param_type(tables, a) for a in call.args]
                or ("frame" in other.flags) != ("frame" in call.flags)):
            fail(file, call.line,
                 f"{call.name}: {call.handler} has other parameters in line {other.line}")


def read_calls(path, tables):
    group = None
    for line, text in lines_of(path):
        if text.startswith("@"):
            group = text[1:].strip()
            continue
        call = parse_row(path.name, line, text, group)
        if any(c.name == call.name == c.handler == call.handler for c in tables.calls):
            fail(path.name, line, f"{call.name} stands twice")
        check_call(tables, call, path.name)
        check_twin(tables, call, path.name)
        tables.calls.append(call)
    check_numbers(tables.calls, path.name)


def read_absent(path, calls):
    rows = {c.numbers["linux64"]: c for c in calls}
    absent = []
    for line, text in lines_of(path):
        words = text.split()
        if len(words) != 2:
            fail(path.name, line, f"not `number name`: {text!r}")
        number = number_of(path.name, line, words[0])
        if number in rows:
            fail(path.name, line, f"{words[1]} has a row in syscalls.tbl")
        absent.append((number, words[1]))
    return absent


def read_tables(directory):
    errnos, errno_aliases = read_errnos(directory / "errno.def")
    signals, signal_aliases, rtmin, rtmax = read_signals(directory / "signals.def")
    sets = read_sets(directory / "flags.def")
    kinds, results = read_kinds(directory / "kinds.def", sets)
    tables = Tables(errnos, errno_aliases, signals, signal_aliases, rtmin, rtmax, sets, kinds,
                    results, [], [])
    check_variants(tables, "flags.def")
    read_calls(directory / "syscalls.tbl", tables)
    tables.absent = read_absent(directory / "absent.def", tables.calls)
    return tables
