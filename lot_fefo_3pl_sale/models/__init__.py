from . import sale_order
from . import sale_order_line
from . import stock_lot_trace
from . import stock_picking
