from . import stock_lot_hold_release
from . import stock_lot_hold_start
from . import stock_lot_recall_start
from . import stock_lot_import
