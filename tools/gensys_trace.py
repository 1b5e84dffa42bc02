# SPDX-License-Identifier: MIT
"""What strace needs: a descriptor per call (kernel and decoder) and the names (decoder only)."""
from gensys_kernel import guard, head, numbered
from gensys_read import ABIS, STRINGS

REPR = {"int": "REPR_S32", "u32": "REPR_U32", "s64": "REPR_S64", "u64": "REPR_U64",
        "uaddr_t": "REPR_U64"}
UNITS = {"fdset": "COUNT_BITS", "fdset32": "COUNT_BITS", "pagevec": "COUNT_PAGES"}


def shows(tables):
    words = {k.show for k in tables.kinds.values()} | set(tables.results.values())
    return sorted(words | {*STRINGS, "variant", "none"})


def sysdesc_h(tables):
    text = '#include "abi/sysdesc_types.h"\n'
    text += "".join(f'#include "gen/sysnr_{abi}.h"\n' for abi in ABIS)
    text += "\nenum show {\n" + "".join(f"\tSHOW_{w},\n" for w in shows(tables)) + "};\n\n"
    text += "enum name_set {\n\tSET_none,\n" + "".join(f"\tSET_{s},\n" for s in tables.sets)
    text += "\tSET_COUNT\n};\n\n"
    text += (f"#define SYSDESC_COUNT {len(tables.calls)}\n"
             "extern const struct call_desc sysdesc[SYSDESC_COUNT];\n\n"
             "/* The call with this number, or NULL. */\n"
             "const struct call_desc *sysdesc_find(enum abi_id abi, u64 nr);\n\n"
             "/*\n"
             " * What a `variant` argument is when the argument that chooses has this value: NULL\n"
             " * when the value is unknown; ARG_NUMBER with SHOW_none when it is not looked at.\n"
             " */\n"
             "const struct arg_desc *sysdesc_variant(enum name_set set, u64 value);\n")
    return text


def fields(**values):
    """The members of an initialiser that are not zero."""
    return ", ".join(f".{k} = {v}" for k, v in values.items() if v not in ("0", "false", None))


def pointer_fields(tables, direction, kind_name, count, call):
    kind = tables.kinds["ptr", kind_name]
    names = [a.name for a in call.args] if call else []
    count_arg = names.index(count) if count in names else -1
    return dict(dir=f"DIR_{direction.upper()}", show=f"SHOW_{kind.show}", size=str(kind.size),
                unit=UNITS.get(kind.show), count_arg=str(count_arg),
                count=None if count_arg >= 0 else count or "1",
                **{"class": "ARG_POINTER"})


def number_fields(kind):
    return dict(repr=REPR[kind.ctype], show=f"SHOW_{kind.show}",
                set=f"SET_{kind.set}" if kind.set else None, **{"class": "ARG_NUMBER"})


def selector_set(tables, call, name):
    kind = next(a.kind for a in call.args if a.name == name)
    return tables.kinds["scalar", kind].set or kind


def argument(tables, call, arg):
    optional = "true" if arg.optional else None
    common = dict(name=f'"{arg.name}"', optional=optional)
    if arg.kind in STRINGS:
        kind = "ARG_STRV" if arg.kind == "strv" else "ARG_PATH"
        return fields(**common, **{"class": kind}, dir="DIR_IN",
                      show=f"SHOW_{arg.kind}", count_arg="-1")
    if arg.kind == "variant":
        chooser = [a.name for a in call.args].index(arg.count)
        return fields(**common, **{"class": "ARG_VARIANT"}, show="SHOW_variant",
                      set=f"SET_{selector_set(tables, call, arg.count)}", count_arg=str(chooser))
    if arg.direction:
        return fields(**common,
                      **pointer_fields(tables, arg.direction, arg.kind, arg.count, call))
    return fields(**common, **number_fields(tables.kinds["scalar", arg.kind]), count_arg="-1")


def call_flags(tables, call):
    words = [f"CALL_{f.upper()}" for f in call.flags]
    if call.result == "size" and any(a.direction for a in call.args):
        words.append("CALL_COUNTS")
    return " | ".join(words) or "0"


def descriptor(tables, call):
    numbers = ", ".join("-1" if call.numbers[a] is None else str(call.numbers[a]) for a in ABIS)
    note = f'"{call.note}"' if call.note else "NULL"
    text = (f"\t{{ \"{call.name}\", \"sys/{call.group}.c\", {note}, {{ {numbers} }},\n"
            f"\t  {call_flags(tables, call)}, {len(call.args)}, "
            f"SHOW_{tables.results[call.result]}, {{\n")
    text += "".join(f"\t\t{{ {argument(tables, call, a)} }},\n" for a in call.args)
    return text + ("\t} },\n" if call.args else "\t\t{ 0 },\n\t} },\n")


def variant(tables, group, value):
    if value.kind is None:
        body = dict(show="SHOW_none", count_arg="-1", **{"class": "ARG_NUMBER"})
    elif value.kind == "path":
        body = dict(dir="DIR_IN", show="SHOW_path", count_arg="-1", **{"class": "ARG_PATH"})
    elif value.direction:
        body = pointer_fields(tables, value.direction, value.kind, None, None)
    else:
        body = dict(number_fields(tables.kinds["scalar", value.kind]), count_arg="-1")
    return f"\t{{ SET_{group.name}, {value.number:#x}, {{ {fields(**body)} }} }},\n"


def chooser_sets(tables):
    """The sets by which some call's variant is chosen, with the mask of the choosing bits."""
    names = {selector_set(tables, c, a.count)
             for c in tables.calls for a in c.args if a.kind == "variant"}
    return [s for s in tables.sets.values() if s.name in names]


def number_table(tables, abi):
    index = {id(c): i for i, c in enumerate(tables.calls)}
    rows = "".join(f"\t[{c.numbers[abi]}] = {index[id(c)] + 1}, /* {c.name} */\n"
                   for c in numbered(tables, abi))
    return f"static const u16 {abi}_index[{abi.upper()}_NCALLS + 1] = {{\n{rows}}};\n\n"


def sysdesc_c(tables):
    text = '#include "gen/sysdesc.h"\n\n'
    text += "const struct call_desc sysdesc[SYSDESC_COUNT] = {\n"
    text += "".join(descriptor(tables, c) for c in tables.calls) + "};\n\n"
    text += "/* index into sysdesc plus 1; 0: no such call */\n"
    text += "".join(number_table(tables, abi) for abi in ABIS)
    text += ("static const struct {\n\tconst u16 *index;\n\tu64 count;\n} by_abi[ABI_COUNT] = {\n")
    text += "".join(f"\t{{ {abi}_index, {abi.upper()}_NCALLS }},\n" for abi in ABIS) + "};\n\n"
    text += ("const struct call_desc *sysdesc_find(enum abi_id abi, u64 nr)\n{\n"
             "\tif (abi >= ABI_COUNT || nr >= by_abi[abi].count || !by_abi[abi].index[nr])\n"
             "\t\treturn NULL;\n\treturn &sysdesc[by_abi[abi].index[nr] - 1];\n}\n\n")
    sets = chooser_sets(tables)
    text += "static const struct variant_desc variants[] = {\n"
    text += "".join(variant(tables, s, v) for s in sets for v in s.values)
    text += "\t{ SET_none, 0, { 0 } },\n};\n\n"
    text += "/* The bits that choose, where the others are flags. */\n"
    text += "static u64 chooser_mask(enum name_set set)\n{\n"
    masked = [s for s in sets if s.mask != (1 << 64) - 1]
    text += "".join(f"\tif (set == SET_{s.name})\n\t\treturn {s.mask:#x};\n" for s in masked)
    text += ("" if masked else "\t(void)set;\n") + "\treturn ~0ull;\n}\n\n"
    return text + ("const struct arg_desc *sysdesc_variant(enum name_set set, u64 value)\n{\n"
                   "\tvalue &= chooser_mask(set);\n"
                   "\tfor (const struct variant_desc *v = variants; v->set != SET_none; v++)\n"
                   "\t\tif (v->set == set && v->value == value)\n\t\t\treturn &v->arg;\n"
                   "\treturn NULL;\n}\n")


ABI_NAMES_H = """#include "base/types.h"

struct abi_name {
	u64 value;
	const char *name;
};

/* See abi/flags.def. */
enum abi_style { STYLE_values, STYLE_bits, STYLE_field };

/* A set of abi/flags.def; values are in the order of that file. */
struct abi_set {
	const char *name;
	const char *unknown;
	enum abi_style style;
	u64 mask;
	u32 count;
	const struct abi_name *names;
};

struct abi_errno {
	int number;
	const char *name;
	const char *text;
};

/* Indexed by enum name_set of gen/sysdesc.h. */
extern const struct abi_set abi_sets[];
/* Both end with a NULL name. */
extern const struct abi_errno abi_errnos[];
extern const struct abi_name abi_signals[];
/* Linux x86-64 calls without a row, by number; ends with a NULL name. */
extern const struct abi_name abi_absent[];
"""


def c_value(number):
    return f"(u64){number}" if number < 0 else f"{number:#x}"


def abi_names_c(tables):
    text = '#include "gen/abi_names.h"\n#include "gen/sysdesc.h"\n\n'
    for group in tables.sets.values():
        text += f"static const struct abi_name {group.name}[] = {{\n"
        text += "".join(f"\t{{ {c_value(v.number)}, \"{v.name}\" }},\n" for v in group.values)
        text += "};\n\n"
    text += "const struct abi_set abi_sets[SET_COUNT] = {\n"
    for s in tables.sets.values():
        text += (f"\t[SET_{s.name}] = {{ \"{s.name}\", \"{s.unknown}\", STYLE_{s.style}, "
                 f"{s.mask:#x}ull, {len(s.values)}, {s.name} }},\n")
    text += "};\n\nconst struct abi_errno abi_errnos[] = {\n"
    text += "".join(f"\t{{ {n}, \"{name}\", \"{what}\" }},\n" for n, name, what in tables.errnos)
    text += "\t{ 0, NULL, NULL },\n};\n\nconst struct abi_name abi_signals[] = {\n"
    text += "".join(f"\t{{ {n}, \"{name}\" }},\n" for n, name, _ in tables.signals)
    text += "\t{ 0, NULL },\n};\n\nconst struct abi_name abi_absent[] = {\n"
    text += "".join(f"\t{{ {n}, \"{name}\" }},\n" for n, name in tables.absent)
    return text.replace("???", "?\\?\\?").replace("_??\"", "_?\\?\"") + "\t{ 0, NULL },\n};\n"


def outputs(tables):
    calls = ("syscalls.tbl", "kinds.def", "flags.def")
    names = ("flags.def", "errno.def", "signals.def", "absent.def")
    return {"sysdesc.h": head(*calls) + guard("sysdesc.h", sysdesc_h(tables)),
            "sysdesc.c": head(*calls) + sysdesc_c(tables),
            "abi_names.h": head(*names) + guard("abi_names.h", ABI_NAMES_H),
            "abi_names.c": head(*names) + abi_names_c(tables)}
