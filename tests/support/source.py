# SPDX-License-Identifier: MulanPSL-2.0
"""The tables of the program, read from its source: routes, fields of events, life cycle, problems, code lists. Tests walk
these rows, so that a new row is tested the day it is written."""

import dataclasses
import functools
import re

from support.api import SOURCE

DAEMON = SOURCE / "daemon"


def text(path):
    return (DAEMON / path).read_text(encoding="utf-8")


def plain(source):
    """Without comments."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", source, flags=re.S)


def split(row):
    """The cells of a row: commas outside brackets and strings."""
    cells, depth, start, quoted = [], 0, 0, False
    for i, c in enumerate(row):
        if c == '"' and row[i - 1] != "\\":
            quoted = not quoted
        elif not quoted and c in "{(":
            depth += 1
        elif not quoted and c in "})":
            depth -= 1
        elif not quoted and c == "," and depth == 0:
            cells.append(row[start:i].strip())
            start = i + 1
    return cells + [row[start:].strip()] if row[start:].strip() else cells


def block(source, begin):
    """What stands between the braces that `begin` opens."""
    at = source.index("{", source.index(begin))
    depth, quoted = 0, False
    for i in range(at, len(source)):
        c = source[i]
        if c == '"' and source[i - 1] != "\\":
            quoted = not quoted
        if quoted:
            continue
        depth += c == "{"
        depth -= c == "}"
        if depth == 0:
            return source[at + 1:i]
    raise ValueError(begin)


def string(cell):
    """A C string literal, or literals side by side."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', cell)).replace('\\"', '"')


# ---- roles ----

@functools.cache
def roles():
    """Codes in the order of their bits."""
    return [string(split(row)[0]) for row in re.findall(r"\{(.*?)\},\n", block(text("domain/permission.c"), "ogi_roles[] ="))
            if string(split(row)[0])]


@functools.cache
def role_masks():
    """Name of a constant to the codes it holds."""
    source = plain(text("domain/permission.h"))
    names = {name: [roles()[int(bit)]] for name, bit in re.findall(r"(OGI_\w+) = 1u << (\d+)", source)}
    names["OGI_ANY_ROLE"] = list(roles())
    for name, value in re.findall(r"(OGI_\w+) = ((?:OGI_\w+(?: \| )?)+),", source):
        names[name] = mask(value, names)
    return names


def mask(expression, names):
    held = {role for name in expression.split("|") for role in names.get(name.strip(), [])}
    return [role for role in roles() if role in held]


# ---- routes ----

@dataclasses.dataclass(frozen=True)
class Route:
    method: str
    path: str
    roles: tuple  # empty: any session, or none
    flags: frozenset
    status: int
    answers: str

    @property
    def open(self):
        return "OPEN" in self.flags

    @property
    def arguments(self):
        return re.findall(r"\{(\w+)\}", self.path)

    def fill(self, **values):
        return re.sub(r"\{(\w+)\}", lambda m: values[m.group(1)], self.path)


@functools.cache
def routes():
    source = text("api/routes.c")
    short = {m[0]: m[1] for m in re.findall(r"#define (\w+) (.+)", source)}
    made = []
    for row in re.findall(r"^\t\{ (METHOD_.*) \},$", source, flags=re.M):
        method, path, who, _, flags, answers = split(row)
        if path == "NULL":
            continue
        for _ in range(3):
            flags = re.sub(r"\b[A-Z]+\b", lambda m: short.get(m.group(0), m.group(0)), flags)
        who = re.sub(r"\bANY\b", "OGI_ANY_ROLE", who)
        made.append(Route(method.removeprefix("METHOD_"), string(path), tuple(mask(who, role_masks())),
                          frozenset(re.findall(r"ROUTE_(\w+)", flags)), int(string(answers)[:3]), string(answers)[4:]))
    return made


# ---- code lists ----

@functools.cache
def codes(name):
    """The codes of a list, without the one that means nothing."""
    for path in ("domain/vocabulary.c", "domain/receipt.c", "domain/outcome.c", "domain/permission.c",
                 "domain/calendar.c", "domain/document.c", "domain/settings.c", "domain/explain_words.c",
                 "store/disclosure.c", "store/case_list.c"):
        source = plain(text(path))
        if f"{name}[" in source:
            return [c for c in re.findall(r'(?:CODE\(|\{ )"([^"]*)"', block(source, f"{name}[")) if c]
    raise KeyError(name)


# ---- fields of events ----

@dataclasses.dataclass(frozen=True)
class Field:
    name: str
    type: str
    required: bool = False
    personal: bool = False
    multiline: bool = False
    min: int = 0
    max: int = 0
    item_max: int = 0
    codes: str = ""
    rows: str = ""


def number(cell):
    return 2147483647 if cell == "INT32_MAX" else int(cell)


def field(macro, cells):
    name, flags = string(cells[0]), cells[2] if len(cells) > 2 else ""
    personal = "PERSONAL" in flags or "LINES" in flags
    common = {"required": "REQUIRED" in flags or macro == "DATE_REQUIRED", "personal": personal,
              "multiline": "LINES" in flags or "MULTILINE" in flags}
    if macro in ("TEXT", "NUMBER"):
        return Field(name, macro, **common, min=number(cells[3]), max=number(cells[4]))
    if macro in ("DATE", "DATE_REQUIRED", "BOOL"):
        return Field(name, macro.removesuffix("_REQUIRED"), **common)
    if macro == "CODE":
        return Field(name, macro, **common, codes=cells[3])
    if macro == "TEXTS":
        return Field(name, macro, **common, min=number(cells[3]), max=number(cells[4]), item_max=number(cells[5]))
    if macro == "OBJECT":
        return Field(name, macro, rows=cells[2])
    return Field(name, macro, **common, min=number(cells[3]), max=number(cells[4]), rows=cells[5])


def rows_in(source):
    made = []
    for m in re.finditer(r'\b(TEXTS?|DATE_REQUIRED|DATE|NUMBER|BOOL|CODE|OBJECTS?)\((?=")|(\{ "subject")', source):
        if m.group(2):
            made.append(Field("subject", "TEXT", min=1, max=64))
            continue
        depth, at = 1, m.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(source[at], 0)
            at += 1
        made.append(field(m.group(1), split(" ".join(source[m.end():at - 1].split()))))
    return made


@functools.cache
def event_rows(name):
    """The fields of a table of domain/event.c."""
    source = plain(text("domain/event.c"))
    request = rows_in(source[source.index("#define REQUEST_ROWS"):source.index("static const struct field request_rows")])
    body = block(source, f"struct field {name}[] =")
    return rows_in(body) + (request if "REQUEST_ROWS" in body else [])


@functools.cache
def event_kinds():
    """Kind to the name of its rows."""
    names = {m[0]: m[1] for m in re.findall(r'\[OGI_(\w+)\] = CODE\("(\w+)"',
                                            block(text("domain/vocabulary.c"), "ogi_event_kinds[]"))}
    tables = re.findall(r"\[OGI_(\w+)\] = (\w+_rows)", block(text("domain/event.c"), "rows_of[OGI_EVENT_KINDS]"))
    return {names[constant]: rows for constant, rows in tables if constant in names}


@dataclasses.dataclass(frozen=True)
class Step:
    kind: str
    origin: frozenset  # statuses; "" is no case yet
    to: str            # "" leaves the status
    roles: tuple
    subtree_roles: tuple
    touches_clock: bool


@functools.cache
def life_cycle():
    """The rows of domain/lifecycle.c."""
    source = plain(text("domain/lifecycle.c"))
    names = {f"OGI_{m[0]}": m[1] for m in re.findall(r'\[OGI_(\w+)\] = CODE\("(\w+)"', text("domain/vocabulary.c"))}
    names["OGI_NO_CASE"] = ""
    short = dict(re.findall(r"#define (\w+) (.+)", source))

    def expand(cell):
        for _ in range(6):
            cell = re.sub(r"\b[A-Z_]+\b", lambda m: short.get(m.group(0), m.group(0)), cell)
        return cell

    made = []
    for row in re.findall(r"^\t\{ (OGI_.*) \},$", source, flags=re.M):
        kind, origin, to, who, below, clock, _ = split(row)
        if kind == "OGI_NO_EVENT":
            continue
        made.append(Step(names[kind], frozenset(names[o] for o in re.findall(r"OGI_IN\((\w+)\)", expand(origin))),
                         names[to], tuple(mask(expand(who), role_masks())), tuple(mask(expand(below), role_masks())),
                         clock == "true"))
    return made


# ---- problems ----

@functools.cache
def problems():
    """Code to (status, title in Chinese, title in English)."""
    return {string(code): (int(status), string(zh), string(en))
            for _, status, code, zh, en in
            re.findall(r"\[(PROBLEM_\w+)\]\s*= \{ (\d+), (\"\w+\"), (\".*?\"), (\".*?\"), \d+ \}", text("web/problem.c"))}


@functools.cache
def refusals():
    """Codes of 409, in the order of the table."""
    return re.findall(r'\[OGI_\w+\] = \{ "(\w+)"', block(text("domain/refusal.c"), "ogi_refusals[]"))
