from . import portal
from . import recall
