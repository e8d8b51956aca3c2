"""The addon: what it depends on, and a key that changes with its code."""

import ast
import hashlib

from dev import paths
from dev.errors import Trouble

# Odoo's own modules whose tests must pass with the addon installed.
TESTED_IN_ODOO = ("stock", "product_expiry", "stock_picking_batch")


def manifest():
    try:
        return ast.literal_eval((paths.ADDON / "__manifest__.py").read_text())
    except FileNotFoundError as error:
        raise Trouble(f"The addon {paths.ADDON_NAME} is not in {paths.ROOT}.") from error
    except (SyntaxError, ValueError) as error:
        raise Trouble(f"{paths.ADDON_NAME}/__manifest__.py cannot be read: {error}.") from error


def base_modules():
    """The modules a database has before the addon is installed."""
    return sorted({*manifest().get("depends", ()), *TESTED_IN_ODOO})


def content_key():
    """Changes with every file that an installed database depends on; tests do not count."""
    digest = hashlib.sha1()
    for path in sorted(paths.ADDON.rglob("*")):
        parts = path.relative_to(paths.ADDON).parts
        if not path.is_file() or "tests" in parts or "__pycache__" in parts:
            continue
        digest.update("/".join(parts).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:10]
