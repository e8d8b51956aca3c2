"""Plain Python without the ORM: importable and testable without Odoo."""
