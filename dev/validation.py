"""docs/validation.md: which test proves which requirement, read from the tests' docstrings."""

import ast
import re
from collections import defaultdict

from dev import paths

TARGET = paths.ROOT / "docs" / "validation.md"
TESTS = "lot_fefo_3pl*/tests"
# "A04: ...", "R3 R5: ..." and "G05, G19: ..." name the holes and requirements that a test closes.
IDS = re.compile(r"^((?:[A-Z]{1,2}\d{1,3}[a-z]?(?:,? ))*[A-Z]{1,2}\d{1,3}[a-z]?): *(.+)", re.DOTALL)
HEAD = """# Validation matrix

Written by `python3 -m dev validation` from the docstrings of the tests; do not edit.

An ID names a hole of plain Odoo (A bins, B rotation, C expired or wrong lot, D verification,
E receipt, F history, G brands, K two users at once), a setting (S), a scan vector (G1-G19 and
D1-D8 of GS1), a recall requirement (R) or a clause of a regulation (B1-B28). Where one letter
serves two lists, the sentence tells which is meant.

| ID | what is proved | test |
|-|-|-|
"""


def _functions(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name.startswith("test"):
                    yield node.name, item


def collect():
    """(ID, sentence, test) of every test that names an ID."""
    found = defaultdict(list)
    for folder in sorted(paths.ROOT.glob(TESTS)):
        for file in sorted(folder.rglob("test_*.py")):
            for class_name, function in _functions(ast.parse(file.read_text())):
                match = IDS.match(ast.get_docstring(function) or "")
                if match:
                    sentence = " ".join(match.group(2).split())
                    test = f"{file.stem} `{class_name}.{function.name}`"
                    for code in re.findall(r"\w+", match.group(1)):
                        found[code].append((sentence, test))
    return found


def _order(code):
    letters, number, rest = re.match(r"([A-Z]+)(\d+)(\w*)", code).groups()
    return letters, int(number), rest


def text():
    found = collect()
    rows = [
        f"| {code} | {sentence.replace('|', chr(92) + '|')} | {test} |"
        for code in sorted(found, key=_order)
        for sentence, test in found[code]
    ]
    return HEAD + "\n".join(rows) + "\n"


def run():
    TARGET.write_text(text())
    print(f"{TARGET.relative_to(paths.ROOT)}: {len(collect())} IDs")
    return 0
