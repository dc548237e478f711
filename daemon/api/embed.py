#!/usr/bin/env python3
# SPDX-License-Identifier: MulanPSL-2.0
"""Writes a file as a C array: embed.py INPUT OUTPUT NAME HEADER. JSON is checked and written without white space."""
import json
import sys

source, target, name, header = sys.argv[1:]
with open(source, encoding="utf-8") as f:
    data = json.dumps(json.load(f), ensure_ascii=False, separators=(",", ":")).encode()
with open(target, "w", encoding="ascii") as f:
    f.write(f'#include "{header}"\n\nconst unsigned char {name}[] = {{\n')
    for i in range(0, len(data), 20):
        f.write("\t" + " ".join(f"{b}," for b in data[i:i + 20]) + "\n")
    f.write(f"}};\nconst size_t {name}_size = {len(data)};\n")
