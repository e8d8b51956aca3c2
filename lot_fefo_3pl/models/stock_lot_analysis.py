from odoo import fields, models
from odoo.tools import SQL

# The names of the buckets and their labels, from the most urgent one.
BUCKETS = [
    ("expired", "Expired"),
    ("bucket_0", "0-30 days"),
    ("bucket_31", "31-60 days"),
    ("bucket_61", "61-90 days"),
    ("bucket_91", "More than 90 days"),
    ("undated", "No expiry date"),
]
RISK_DAYS = 90
AT_RISK = ("expired", "bucket_0", "bucket_31", "bucket_61")


class StockLotAnalysis(models.Model):
    """The stock under lot control by brand and days left: one row per lot and warehouse."""

    _name = "stock.lot.analysis"
    _description = "Stock by Days Left"
    _auto = False
    _order = "expiration_day, id"
    _rec_name = "lot_id"
    _depends = {
        "stock.quant": ["quantity", "location_id", "lot_id", "owner_id", "expiration_day"],
        "stock.lot": ["owner_id", "expiration_date"],
        "stock.lot.hold": ["lot_id", "product_id", "state", "date_end"],
        "product.product": ["standard_price"],
    }

    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    owner_id = fields.Many2one("res.partner", "Brand", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    expiration_day = fields.Date("Expires", readonly=True)
    days_left = fields.Integer(readonly=True, aggregator="min")
    bucket = fields.Selection(BUCKETS, readonly=True)
    is_held = fields.Boolean("Held", readonly=True)
    quantity = fields.Float("On Hand", digits="Product Unit", readonly=True)
    value = fields.Float("Value at Cost", readonly=True)
    bins = fields.Integer(readonly=True)

    @property
    def _table_query(self):
        """Days are those of each warehouse, so its today is put into the query."""
        warehouses = (
            self.env["stock.warehouse"].sudo().search([("lot_control", "=", True)], order="id")
        )
        calendar = SQL(", ").join(
            SQL("(%s, %s::date)", warehouse.id, warehouse._get_lot_today())
            for warehouse in warehouses
        )
        return SQL(
            """
            SELECT stock.*, stock.expiration_day - calendar.today AS days_left,
                CASE
                    WHEN stock.expiration_day IS NULL THEN 'undated'
                    WHEN stock.expiration_day < calendar.today THEN 'expired'
                    WHEN stock.expiration_day <= calendar.today + 30 THEN 'bucket_0'
                    WHEN stock.expiration_day <= calendar.today + 60 THEN 'bucket_31'
                    WHEN stock.expiration_day <= calendar.today + 90 THEN 'bucket_61'
                    ELSE 'bucket_91'
                END AS bucket,
                stock.lot_id IN (%(held)s) AS is_held,
                stock.quantity * COALESCE(
                    (product.standard_price ->> stock.company_id::text)::float, 0
                ) AS value
            FROM (
                SELECT MIN(quant.id) AS id, quant.lot_id, quant.product_id, place.warehouse_id,
                    place.company_id, COALESCE(quant.owner_id, lot.owner_id) AS owner_id,
                    quant.expiration_day, SUM(quant.quantity) AS quantity,
                    COUNT(DISTINCT quant.location_id) AS bins
                FROM stock_quant quant
                JOIN stock_location place ON place.id = quant.location_id
                JOIN stock_lot lot ON lot.id = quant.lot_id
                WHERE place.usage = 'internal' AND place.warehouse_id IN (
                    SELECT id FROM %(calendar)s AS calendar (id, today)
                )
                GROUP BY quant.lot_id, quant.product_id, place.warehouse_id, place.company_id,
                    COALESCE(quant.owner_id, lot.owner_id), quant.expiration_day
                HAVING SUM(quant.quantity) > 0
            ) AS stock
            JOIN %(calendar)s AS calendar (id, today) ON calendar.id = stock.warehouse_id
            JOIN product_product product ON product.id = stock.product_id
            """,
            calendar=SQL("(VALUES %s)", calendar)
            if warehouses
            else SQL("(SELECT NULL::integer, NULL::date LIMIT 0)"),
            held=self.env["stock.lot"].sudo()._search([("is_held", "=", True)]).select(),
        )

    def action_open(self):
        """Open the lot of this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot",
            "res_id": self.lot_id.id,
            "view_mode": "form",
        }
