"""Plays the demo story: `python -m dev.demo_process DATABASE PARAMETER`.

A process of its own, because Odoo changes Python's standard library when it is loaded.
"""

import json
import sys

from dev.odoo_env import open_env


def main(database, parameter):
    with open_env(database) as env:
        from dev import demo_story

        report = demo_story.run(env)
        env["ir.config_parameter"].set_param(parameter, json.dumps(report))


if __name__ == "__main__":
    main(*sys.argv[1:])
