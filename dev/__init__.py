"""Everything that gets Odoo 19, PostgreSQL and a browser, and runs, tests and checks the addon.

Never shipped: the addon does not import it.
"""
