"""Which tests `make test T=...` means."""

import ast
from dataclasses import dataclass

from dev import paths
from dev.errors import Trouble

DEV_TESTS = paths.ROOT / "dev" / "tests"


@dataclass(frozen=True)
class Selection:
    """Plain test files, Odoo's test tags ("" for none), standalone test files."""

    plain: tuple
    tags: str
    standalone: tuple


def classes_in(file):
    """The test classes that a file defines."""
    tree = ast.parse(file.read_text(), str(file))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def select(wanted=""):
    """Everything, a raw Odoo test tag, or what the files named `test_*WANTED*.py` hold."""
    addon_tests = paths.ADDON / "tests"
    if not wanted:
        return Selection(
            tuple(sorted(DEV_TESTS.glob("test_*.py"))),
            f"/{paths.ADDON_NAME}",
            tuple(sorted((addon_tests / "standalone").glob("test_*.py"))),
        )
    if set(wanted) & set("/:.,["):
        return Selection((), wanted, ())
    pattern = f"test_*{wanted.removeprefix('test_')}*.py"
    tags = [
        f"/{paths.ADDON_NAME}:{name}"
        for file in sorted(addon_tests.glob(pattern))
        for name in classes_in(file)
    ]
    found = Selection(
        tuple(sorted(DEV_TESTS.glob(pattern))),
        ",".join(tags),
        tuple(sorted((addon_tests / "standalone").glob(pattern))),
    )
    if not (found.plain or found.tags or found.standalone):
        raise Trouble(
            f"No test file matches {pattern} in dev/tests, {paths.ADDON_NAME}/tests or its folder "
            f"standalone: give a part of a file name, or an Odoo test tag such as "
            f"/{paths.ADDON_NAME}:TestSegregation."
        )
    return found
