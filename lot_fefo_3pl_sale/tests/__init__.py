from . import test_sale_owners
from . import test_sale_portal
