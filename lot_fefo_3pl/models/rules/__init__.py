from . import stock_lot_rule
from . import expired
from . import held
from . import other_owner
from . import undated
