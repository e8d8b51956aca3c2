from odoo import fields, models
from odoo.tools import SQL

FORWARD = 32  # bits: the id of a row is the hold's and the goods' beside each other


class StockLotHoldStaged(models.Model):
    """Held goods that are on their way out: picked, packed or staged for an order.

    A hold stops them at the door; somebody has to fetch them, so it says where they are.
    """

    _name = "stock.lot.hold.staged"
    _description = "Held Goods on Their Way Out"
    _auto = False
    _order = "id"
    _depends = {
        "stock.lot.hold": ["state", "lot_id", "product_id", "location_id", "scope"],
        "stock.quant": ["quantity", "location_id", "lot_id", "package_id"],
        "stock.move.line": ["state", "picked", "result_package_id", "lot_id", "location_id"],
        "stock.lot.scan": ["result"],
    }

    hold_id = fields.Many2one("stock.lot.hold", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    stage = fields.Selection(
        [("picked", "Picked"), ("packed", "In a package"), ("staged", "Packed or staged")],
        readonly=True,
    )
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    location_id = fields.Many2one("stock.location", "Where", readonly=True)
    package_id = fields.Many2one("stock.package", readonly=True)
    quantity = fields.Float(
        readonly=True, digits="Product Unit", help="In the product's unit of measure."
    )
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT (hold.id::bigint << %(bits)s) + goods.id AS id, hold.id AS hold_id,
                goods.stage, goods.product_id, goods.lot_id, goods.location_id, goods.package_id,
                goods.quantity, goods.picking_id, picking.partner_id AS customer_id,
                place.company_id
            FROM stock_lot_hold hold
            JOIN (%(staged)s UNION ALL %(picked)s) goods
                ON goods.product_id = hold.product_id
                AND (hold.scope = 'product' OR goods.lot_id = hold.lot_id)
            JOIN stock_location place ON place.id = goods.location_id
            LEFT JOIN stock_location only_in ON only_in.id = hold.location_id
            LEFT JOIN stock_picking picking ON picking.id = goods.picking_id
            WHERE hold.state = 'active' AND hold.scope IN ('lot', 'product')
                AND (only_in.id IS NULL OR place.parent_path LIKE only_in.parent_path || '%%')
            """,
            bits=FORWARD,
            staged=self._query_staged(),
            picked=self._query_picked(),
        )

    def _query_staged(self):
        """What lies where orders are packed and staged, with the order that it was brought for."""
        return SQL(
            """
            SELECT quant.id::bigint * 2 AS id, 'staged' AS stage, quant.product_id, quant.lot_id,
                quant.location_id, quant.package_id, quant.quantity, (
                    SELECT onward.picking_id
                    FROM stock_move_line brought
                    JOIN stock_move_move_rel rel ON rel.move_orig_id = brought.move_id
                    JOIN stock_move onward ON onward.id = rel.move_dest_id
                    WHERE brought.state = 'done' AND brought.lot_id = quant.lot_id
                        AND brought.location_dest_id = quant.location_id
                        AND brought.result_package_id IS NOT DISTINCT FROM quant.package_id
                        AND onward.state NOT IN ('done', 'cancel')
                    ORDER BY brought.id DESC
                    LIMIT 1
                ) AS picking_id
            FROM stock_quant quant
            JOIN stock_location place ON place.id = quant.location_id
            WHERE quant.quantity > 0 AND (place.usage = 'transit' OR EXISTS (
                SELECT 1
                FROM stock_warehouse warehouse
                JOIN stock_location zone
                    ON zone.id IN (warehouse.wh_pack_stock_loc_id, warehouse.wh_output_stock_loc_id)
                WHERE warehouse.id = place.warehouse_id
                    AND place.parent_path LIKE zone.parent_path || '%%'
            ))
            """
        )

    def _query_picked(self):
        """What somebody has picked, scanned or packed and not taken away yet."""
        return SQL(
            """
            SELECT line.id::bigint * 2 + 1,
                CASE WHEN line.result_package_id IS NULL THEN 'picked' ELSE 'packed' END,
                line.product_id, line.lot_id, line.location_id, line.result_package_id,
                line.quantity_product_uom, line.picking_id
            FROM stock_move_line line
            JOIN stock_location place ON place.id = line.location_id AND place.usage = 'internal'
            WHERE line.state IN ('assigned', 'partially_available', 'confirmed', 'waiting')
                AND (line.picked OR line.result_package_id IS NOT NULL OR EXISTS (
                    SELECT 1 FROM stock_lot_scan scan
                    WHERE scan.result = 'ok' AND scan.move_ref = line.move_id
                        AND scan.lot_id = line.lot_id AND scan.location_id = line.location_id
                ))
            """
        )

    def action_open(self):
        """Open the transfer that the goods are for, or the goods themselves."""
        self.ensure_one()
        record = self.picking_id or self.package_id or self.lot_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
        }
