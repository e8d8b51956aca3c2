from . import stock_lot_import_line
from . import stock_lot_import_base
from . import stock_lot_import_inbound
from . import stock_lot_import_inbound_receipt
from . import stock_lot_import_orders
from . import stock_lot_import_asn
