"""Compare lot_fefo_3pl with plain Odoo and with hand-written SQL on the same data, in one run.

python -m bench [S|M|L] [--only WORK,...] [--runs N] [--json FILE]
"""

import argparse
import datetime
import importlib
import json
import os
import time

from bench import concurrency, databases, prepare, table
from bench.measure import measure
from bench.sizes import SIZES
from dev.odoo_env import open_registry

WORKS = (
    "reservation",
    "putaway",
    "validation",
    "scan",
    "trace",
    "recall",
    "portal",
    "concurrency",
)


def parse(arguments):
    parser = argparse.ArgumentParser(
        "python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", nargs="?", default="S", type=str.upper, choices=SIZES)
    parser.add_argument("--only", default=",".join(WORKS), help=f"some of {', '.join(WORKS)}")
    parser.add_argument("--runs", type=int, default=5, help="measured runs, after one warm-up")
    parser.add_argument(
        "--budget", type=float, help="seconds a column may take for one case (default: 15, S: 5)"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", help="write the figures to this file too")
    parser.add_argument("--config", help="Odoo's configuration file (default: ODOO_RC)")
    options = parser.parse_args(arguments)
    options.budget = options.budget or (15 if options.size in "ML" else 5)
    options.only = options.only.split(",")
    unknown = set(options.only) - set(WORKS)
    if unknown:
        parser.error(f"--only: {', '.join(sorted(unknown))} is none of {', '.join(WORKS)}")
    return options


def main(arguments=None):
    options = parse(arguments)
    if options.config:
        os.environ["ODOO_RC"] = options.config
    started = time.monotonic()
    plain = databases.ensure_plain(options.size, options.seed)
    addon = databases.ensure_addon(options.size, prepare.switch_on, options.seed)
    registries = {"plain": open_registry(plain), "addon": open_registry(addon)}
    registries["limit"] = registries["plain"]
    rows = []
    print(table.header(plain, options.size))
    for work in [work for work in options.only if work != "concurrency"]:
        module = importlib.import_module(f"bench.cases.{work}")
        for case in module.cases(SIZES[options.size]):
            row = table.Row(case, measure(case, registries, options.runs, options.budget))
            rows.append(row)
            print(row.text(), flush=True)
    loads = []
    if "concurrency" in options.only:
        print(concurrency.header())
        sources = {"plain": plain, "limit": plain, "addon": addon}
        pickings = 16 if options.size in ("XS", "S") else 64
        for load in concurrency.run(sources, open_registry, pickings):
            loads.append(load)
            print(load.text(), flush=True)
    print(f"{time.monotonic() - started:.0f} s in all")
    if options.json:
        figures = {
            "size": options.size,
            "day": datetime.date.today().isoformat(),
            "rows": [row.figures() for row in rows],
            "concurrency": [load.figures() for load in loads],
        }
        with open(options.json, "w") as file:
            json.dump(figures, file, indent=1)
    return 1 if any(row.problems for row in rows) else 0
