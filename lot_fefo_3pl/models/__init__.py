from . import stock_lot_append_only
from . import product_template
from . import stock_location
from . import stock_lot
from . import stock_lot_audit
from . import stock_warehouse
from . import stock_lot_trace
from . import stock_move_line
