from . import mrp_unbuild
from . import stock_lot_genealogy
