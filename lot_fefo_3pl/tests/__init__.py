from . import test_allocation
from . import test_audit
from . import test_gs1
from . import test_gs1_properties
from . import test_holds
from . import test_warehouse
from . import test_trace
from . import test_trace_histories
