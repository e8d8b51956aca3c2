from odoo import fields, models
from odoo.tools import SQL

# How a group is computed: a rate of sums, never the average of rates.
RATES = {
    "record_accuracy:avg": ("exact_lines", "lines"),
    "unit_accuracy:avg": ("correct_qty", "expected_qty"),
}


class StockLotAccuracy(models.Model):
    """Inventory accuracy from counts that are done: one row per lot counted in a bin.

    Record accuracy is the share of the rows without any difference; unit accuracy is one minus the
    differences by what the book said.
    """

    _name = "stock.lot.accuracy"
    _description = "Inventory Accuracy"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "lot_id"
    _depends = {
        "stock.lot.count.line": [
            "state",
            "measured",
            "exact",
            "expected_qty",
            "counted_qty",
            "abs_difference",
            "date",
            "brand_id",
            "product_id",
            "lot_id",
            "location_id",
            "warehouse_id",
            "company_id",
        ],
        "stock.location": ["location_id"],
    }

    date = fields.Datetime("Settled on", readonly=True)
    count_id = fields.Many2one("stock.lot.count", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    zone_id = fields.Many2one("stock.location", readonly=True)
    location_id = fields.Many2one("stock.location", "Bin", readonly=True)
    brand_id = fields.Many2one("res.partner", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    lines = fields.Integer("Lots Counted", readonly=True)
    exact_lines = fields.Integer("Without Difference", readonly=True)
    expected_qty = fields.Float("In the Book", digits="Product Unit", readonly=True)
    counted_qty = fields.Float("Counted", digits="Product Unit", readonly=True)
    abs_difference = fields.Float("Units That Differ", digits="Product Unit", readonly=True)
    correct_qty = fields.Float("Units That Agree", digits="Product Unit", readonly=True)
    record_accuracy = fields.Float(readonly=True, aggregator="avg")
    unit_accuracy = fields.Float(readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, line.date, line.count_id, line.warehouse_id, line.company_id,
                place.location_id AS zone_id, line.location_id, line.brand_id, line.product_id,
                line.lot_id, 1 AS lines, line.exact::integer AS exact_lines, line.expected_qty,
                line.counted_qty, line.abs_difference,
                line.expected_qty - line.abs_difference AS correct_qty,
                line.exact::integer::float AS record_accuracy,
                GREATEST(1 - line.abs_difference / NULLIF(line.expected_qty, 0), 0)::float
                    AS unit_accuracy
            FROM stock_lot_count_line line
            JOIN stock_location place ON place.id = line.location_id
            WHERE line.state = 'done' AND line.measured
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec not in RATES:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = (
            self._field_to_sql(self._table, name, query) for name in RATES[aggregate_spec]
        )
        return SQL(
            "GREATEST(SUM(%(part)s), 0)::float / NULLIF(SUM(%(whole)s), 0)::float",
            part=part,
            whole=whole,
        )

    def action_open(self):
        """Open the count of this row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot.count",
            "res_id": self.count_id.id,
            "view_mode": "form",
        }
