"""Run plain unittest files and write their counts: `python -m dev.run_unittest COUNTS FILE...`."""

import json
import sys
import unittest
from pathlib import Path


def run(files):
    loader = unittest.TestLoader()
    suite = unittest.TestSuite()
    for file in map(Path, files):
        folder = str(file.resolve().parent)
        # Another folder may have held a file of the same name. What is loaded last stays, so that
        # the processes a test starts find its functions.
        sys.modules.pop(file.stem, None)
        suite.addTests(loader.discover(folder, file.name, top_level_dir=folder))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped)
    passed = max(result.testsRun - failed - skipped, 0)
    return {"passed": passed, "failed": failed, "skipped": skipped}


if __name__ == "__main__":
    counts = run(sys.argv[2:])
    Path(sys.argv[1]).write_text(json.dumps(counts))
    sys.exit(1 if counts["failed"] else 0)
