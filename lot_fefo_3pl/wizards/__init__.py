from . import stock_lot_hold_release
from . import stock_lot_hold_start
from . import stock_lot_import
from . import stock_lot_override_grant
from . import stock_lot_recall_start
from . import stock_lot_relabel
from . import stock_lot_simulation
