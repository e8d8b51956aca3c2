"""Entry point: `python3 -m dev COMMAND`.

Parses on any Python, so that a wrong one gets a sentence.
"""

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 12):
    sys.stderr.write(
        "This is Python %d.%d (%s); Odoo 19 and its libraries need Python 3.11 or 3.12: "
        "install one and name it, for example `make test PYTHON=python3.12`.\n"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
    sys.exit(1)

from dev.cli import main

sys.exit(main(sys.argv[1:]))
