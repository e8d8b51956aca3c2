"""Benchmarks of lot_fefo_3pl against plain Odoo and against hand-written SQL. Never shipped."""
