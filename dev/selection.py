"""Which tests `make test T=...` means."""

import ast
from dataclasses import dataclass

from dev import paths
from dev.errors import Trouble

DEV_TESTS = paths.ROOT / "dev" / "tests"
BENCH_TESTS = paths.ROOT / "bench" / "tests"


@dataclass(frozen=True)
class Selection:
    """Plain test files, Odoo's test tags ("" for none), standalone test files, bridge addons."""

    plain: tuple
    tags: str
    standalone: tuple
    bridges: tuple = ()


def classes_in(file):
    """The test classes that a file defines."""
    tree = ast.parse(file.read_text(), str(file))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def _standalone(pattern):
    """Test files with a database of their own: the addon's, the demo's, the benchmarks'."""
    folders = (paths.ADDON / "tests" / "standalone", DEV_TESTS / "standalone", BENCH_TESTS)
    return tuple(file for folder in folders for file in sorted(folder.glob(pattern)))


def _bridges(pattern):
    """The bridge addons that have tests of this name."""
    return tuple(bridge.name for bridge in paths.BRIDGES if any((bridge / "tests").glob(pattern)))


def select(wanted=""):
    """Everything, a raw Odoo test tag, or what the files named `test_*WANTED*.py` hold."""
    addon_tests = paths.ADDON / "tests"
    if not wanted:
        return Selection(
            tuple(sorted(DEV_TESTS.glob("test_*.py"))),
            f"/{paths.ADDON_NAME}",
            _standalone("test_*.py"),
            _bridges("test_*.py"),
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
        _standalone(pattern),
        _bridges(pattern),
    )
    if not (found.plain or found.tags or found.standalone or found.bridges):
        raise Trouble(
            f"No test file matches {pattern} in dev/tests, bench/tests, {paths.ADDON_NAME}/tests "
            f"or its folder standalone: give a part of a file name, or an Odoo test tag such as "
            f"/{paths.ADDON_NAME}:TestSegregation."
        )
    return found
