from odoo import fields, models
from odoo.tools import SQL


class StockLotVerified(models.Model):
    """Verification rate: what left a bin for an order, and how much of it had been scanned.

    One row per move, lot and bin. Only scans of that lot in that bin count.
    """

    _name = "stock.lot.verified"
    _description = "Verification at Pick"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "lot_id"
    _depends = {
        "stock.move.line": ["lot_rotation", "date", "quantity_product_uom", "lot_id", "state"],
        "stock.lot.scan": ["result", "quantity", "move_ref", "lot_id", "location_id"],
    }

    date = fields.Datetime(readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    owner_id = fields.Many2one("res.partner", "Brand", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    location_id = fields.Many2one("stock.location", "Bin", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    user_id = fields.Many2one("res.users", readonly=True)
    quantity = fields.Float("Left", digits="Product Unit", readonly=True)
    scanned = fields.Float(digits="Product Unit", readonly=True)
    lines = fields.Integer(readonly=True)
    lines_verified = fields.Integer(readonly=True)
    verification_rate = fields.Float(
        "Verified",
        readonly=True,
        aggregator="avg",
        help="The share of the lines whose whole quantity had been scanned.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT picked.*, 1 AS lines, LEAST(picked.quantity, proof.quantity) AS scanned,
                (proof.quantity >= picked.quantity - 0.000001)::integer AS lines_verified,
                (proof.quantity >= picked.quantity - 0.000001)::integer::float
                    AS verification_rate
            FROM (
                SELECT MIN(line.id) AS id, line.move_id, line.date, line.company_id,
                    place.warehouse_id, MIN(line.owner_id) AS owner_id, line.product_id,
                    line.lot_id, line.location_id, MIN(line.picking_id) AS picking_id,
                    MIN(line.write_uid) AS user_id, SUM(line.quantity_product_uom) AS quantity
                FROM stock_move_line line
                JOIN stock_location place ON place.id = line.location_id
                WHERE line.lot_rotation IS NOT NULL AND line.state = 'done'
                GROUP BY line.move_id, line.date, line.company_id, place.warehouse_id,
                    line.product_id, line.lot_id, line.location_id
            ) AS picked
            CROSS JOIN LATERAL (
                SELECT COALESCE(SUM(scan.quantity), 0) AS quantity
                FROM stock_lot_scan scan
                WHERE scan.result = 'ok' AND scan.move_ref = picked.move_id
                    AND scan.product_id = picked.product_id AND scan.lot_id = picked.lot_id
                    AND scan.location_id = picked.location_id
            ) AS proof
            """
        )

    def action_open(self):
        """Open the transfer of this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.picking",
            "res_id": self.picking_id.id,
            "view_mode": "form",
        }
