#!/usr/bin/env python3
# SPDX-License-Identifier: MulanPSL-2.0
"""Limits of the style: a file has at most 600 lines, a function at most 60, and nobody calls what is
forbidden. Prints each breach and fails then. lengths.py [TOP]"""

import ast
import pathlib
import re
import sys

FILE_MOST, FUNCTION_MOST = 600, 60
SUFFIXES = {".c", ".h", ".py", ".sql", ".sh", ".ts", ".vue"}
SKIP = {".git", "node_modules", "__pycache__", ".dev", ".test", ".check", ".bench", "build"}

FORBIDDEN = ["strcpy", "strcat", "sprintf", "vsprintf", "gets", "strtok", "strtok_r", "atoi", "atol",
             "atof", "gmtime", "localtime", "ctime", "asctime", "mktime", "alloca", "system", "popen"]
# call: files that may make it
RESERVED = {
    "time": r"daemon/base/clock\.c",
    "clock_gettime": r"daemon/base/clock\.c|client/cli/.*",
    "gettimeofday": r"daemon/base/clock\.c",
    "PQexec": r"daemon/migrate\.c",
    "malloc": r"(?!daemon/domain/).*", "calloc": r"(?!daemon/domain/).*", "realloc": r"(?!daemon/domain/).*",
    "free": r"(?!daemon/domain/).*", "printf": r"(?!daemon/domain/).*", "fprintf": r"(?!daemon/domain/).*",
    "fopen": r"(?!daemon/domain/).*", "getenv": r"(?!daemon/domain/).*",
}
# a typedef, and what makes it one of a function: "typedef int name(" or "typedef int (*name)("
TYPEDEF = re.compile(r"\btypedef\b[^;{]*[;{]")
OF_FUNCTION = re.compile(r"typedef\s[\w\s*]+\w\s*\(|typedef\s[\w\s*]+\(\s*\*\s*\w+\s*\)\s*\(")


def without_comments_and_strings(text):
    """The code alone, line numbers kept."""
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return token.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def c_functions(lines):
    """(first line, last line) of each function: its braces stand in the first column."""
    start = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = number
            while start > 1 and re.match(r"[\w\s*\t(),.]", lines[start - 2]) and not lines[start - 2].startswith("}"):
                if not lines[start - 2].strip() or lines[start - 2].rstrip().endswith((";", "*/")):
                    break
                start -= 1
        elif line.startswith("}") and start is not None:
            if line.rstrip() == "}":
                yield start, number
            start = None


def c_faults(name, text):
    code = without_comments_and_strings(text)
    lines = code.split("\n")
    for first, last in c_functions(lines):
        if last - first + 1 > FUNCTION_MOST:
            yield first, f"function of {last - first + 1} lines ({FUNCTION_MOST} at most)"
    if name.startswith("tests/"):
        return
    for match in TYPEDEF.finditer(code):
        if not OF_FUNCTION.match(match.group()):
            yield code.count("\n", 0, match.start()) + 1, "typedef is for functions only"
    for number, line in enumerate(lines, 1):
        for call in re.findall(r"(?<![\w.>])(\w+)\s*\(", line):
            if call in FORBIDDEN or (call in RESERVED and not re.fullmatch(RESERVED[call], name)):
                yield number, f"{call} is forbidden here"
        if re.search(r"\b(struct|enum|union)\s+\w+_t\b\s*\{", line):
            yield number, "names of ours do not end in _t"


def python_faults(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            size = node.end_lineno - node.lineno + 1
            if size > FUNCTION_MOST:
                yield node.lineno, f"function {node.name} of {size} lines ({FUNCTION_MOST} at most)"


def shell_faults(text):
    start = None
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"\w+\(\) [{(]$", line):
            start = number
        elif re.match(r"[})]$", line) and start is not None:
            if number - start + 1 > FUNCTION_MOST:
                yield start, f"function of {number - start + 1} lines ({FUNCTION_MOST} at most)"
            start = None


def faults(name, text):
    count = text.count("\n")
    if count > FILE_MOST:
        yield 1, f"{count} lines ({FILE_MOST} at most)"
    if name.endswith((".c", ".h")):
        yield from c_faults(name, text)
        if "SPDX-License-Identifier: MulanPSL-2.0" not in text.split("\n", 1)[0]:
            yield 1, "the first line must be the SPDX line"
    elif name.endswith(".py"):
        yield from python_faults(text)
    elif name.endswith(".sh") or name == "dev":
        yield from shell_faults(text)


def main():
    top = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    bad = seen = 0
    for path in sorted(top.rglob("*")):
        name = path.relative_to(top).as_posix()
        if SKIP & set(path.relative_to(top).parts) or not path.is_file():
            continue
        if path.suffix not in SUFFIXES and name != "dev":
            continue
        seen += 1
        for line, fault in faults(name, path.read_text(encoding="utf-8")):
            print(f"{name}:{line}: {fault}")
            bad += 1
    print(f"lengths: {seen} files, {bad} breaches")
    sys.exit(1 if bad or not seen else 0)


if __name__ == "__main__":
    main()
