#!/usr/bin/env python3
# SPDX-License-Identifier: MulanPSL-2.0
"""Writes texts as a C table of template sources: embed_texts.py OUTPUT NAME HEADER FILE… A source is named like its file, without the suffix."""
import pathlib
import sys

target, name, header, *files = sys.argv[1:]
with open(target, "w", encoding="ascii") as f:
    f.write(f'#include "{header}"\n\n')
    paths = sorted(map(pathlib.Path, files), key=lambda path: path.stem)
    for n, path in enumerate(paths):
        data = path.read_bytes()
        data.decode("utf-8")
        f.write(f"static const char text_{n}[] = {{\n")
        for i in range(0, len(data), 20):
            f.write("\t" + " ".join(f"{b if b < 128 else b - 256}," for b in data[i:i + 20]) + "\n")
        f.write("\t0 };\n")
    f.write(f"const struct template_source {name}[] = {{\n")
    for n, path in enumerate(paths):
        f.write(f'\t{{ "{path.stem}", text_{n}, sizeof text_{n} - 1 }},\n')
    f.write(f"\t{{ 0 }},\n}};\nconst int {name}_count = {len(paths)};\n")
