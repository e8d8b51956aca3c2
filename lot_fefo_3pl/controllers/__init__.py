from . import lot_api
from . import portal
from . import portal_alerts
from . import portal_lot
from . import portal_recall
from . import recall
from . import recall_reply
from . import receipt
