from . import test_components
from . import test_kits
from . import test_production
from . import test_production_histories
from . import test_production_owner
