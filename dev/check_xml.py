"""Every XML file is well-formed; every data file follows Odoo's schema and is in the manifest, and
no two of them define the same record.

Usage: `python -m dev.check_xml SCHEMA ADDON...`. Needs lxml.
"""

import ast
import sys
from pathlib import Path

from lxml import etree

RECORDS = "//record[@id] | //template[@id] | //menuitem[@id]"
DATA_FOLDERS = ("data", "demo", "reports", "report", "security", "views", "wizards", "wizard")


def problems(addon, schema):
    """What is wrong in one addon, a line each."""
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    defined = {}
    listed = {*manifest.get("data", ()), *manifest.get("demo", ())}
    for path in sorted(addon.rglob("*.xml")):
        name = path.relative_to(addon).as_posix()
        try:
            tree = etree.parse(str(path))
        except etree.XMLSyntaxError as error:
            yield f"{path}: not well-formed: {error}"
            continue
        if tree.getroot().tag not in ("odoo", "openerp"):
            continue
        if not schema.validate(tree):
            last = schema.error_log.last_error
            yield f"{path}:{last.line}: not Odoo's schema: {last.message}"
        if name.split("/")[0] in DATA_FOLDERS and name not in listed:
            yield f"{path}: not in the manifest, so Odoo never loads it"
        for record in tree.xpath(RECORDS):
            first = defined.setdefault(record.get("id"), f"{name}:{record.sourceline}")
            if first != f"{name}:{record.sourceline}":
                yield f"{path}:{record.sourceline}: {record.get('id')} is in {first} already"


def main(schema_file, *addons):
    schema = etree.RelaxNG(etree.parse(schema_file))
    found = [line for addon in addons for line in problems(Path(addon), schema)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
