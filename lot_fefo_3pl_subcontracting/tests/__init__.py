from . import test_subcontracting_portal
