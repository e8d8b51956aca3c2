from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # Odoo has no index on the lot: every trace would read the whole table. The destination is in
    # it because a trace asks for the lines that left to customers.
    _lot_trace_idx = models.Index("(lot_id, location_dest_id) WHERE lot_id IS NOT NULL")
