"""Where things are. Everything that is made goes below CACHE, which git ignores."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("LOT_DEV_CACHE") or ROOT / ".cache").resolve()
ADDON_NAME = "lot_fefo_3pl"
ADDON = ROOT / ADDON_NAME
# Small addons that join ours to another of Odoo's; they install themselves beside it.
BRIDGES = tuple(sorted(path.parent for path in ROOT.glob(f"{ADDON_NAME}_*/__manifest__.py")))
LOGS = CACHE / "logs"
ODOO_CONF = CACHE / "odoo.conf"
ODOO_DATA = CACHE / "odoo-data"
DEMO_DB = "lot_fefo_3pl_demo"
# Several clones may share one PostgreSQL server: the databases of each carry a prefix of its own.
DB_PREFIX = f"lot_{hashlib.sha1(str(CACHE).encode()).hexdigest()[:6]}_"
