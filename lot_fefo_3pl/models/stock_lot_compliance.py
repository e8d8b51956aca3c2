from odoo import fields, models
from odoo.tools import SQL

KINDS = [
    ("shipped", "Line shipped"),
    ("deviation", "Other lot first, with a reason"),
    ("override", "Approved by a supervisor"),
    ("swap", "Other lot taken"),
    ("wrong_lot", "Wrong lot stopped at the scan"),
]


class StockLotCompliance(models.Model):
    """FEFO compliance: what left in the order of the rotation, what did not, by whom and why.

    One row per line that left its bin for an order, one per approval that was used, one per lot
    that was taken instead of the promised one, and one per wrong lot that a scan stopped. Each is
    counted by itself: what was stopped did not leave, and a swap may keep the order. The rate is
    about lines whose policy asks for an order at all.
    """

    _name = "stock.lot.compliance"
    _description = "FEFO Compliance"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "message"
    _depends = {
        "stock.move.line": ["lot_rotation", "date", "owner_id", "product_id", "lot_id", "state"],
        "stock.lot.override": ["date_used", "used_by_id", "rule_code", "level", "reason"],
        "stock.lot.audit": ["event", "reason"],
        "stock.lot.scan": ["result"],
        "stock.picking": ["partner_id", "picking_type_id"],
    }

    date = fields.Datetime(readonly=True)
    kind = fields.Selection(KINDS, "What", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    owner_id = fields.Many2one("res.partner", "Brand", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        readonly=True,
        help="Who picked the goods, let them leave, swapped the lot or scanned.",
    )
    approver_id = fields.Many2one("res.users", "Approved by", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    lot_id = fields.Many2one("stock.lot", readonly=True)
    expected_lot_id = fields.Many2one("stock.lot", "Instead of", readonly=True)
    picking_id = fields.Many2one("stock.picking", "Transfer", readonly=True)
    rule_code = fields.Selection(
        selection=lambda self: self.env["stock.lot.override"]._selection_rule_code(),
        string="Rule",
        readonly=True,
    )
    message = fields.Char("What Stood Against It", readonly=True)
    reason = fields.Char(readonly=True)
    lines_shipped = fields.Integer(readonly=True)
    lines_in_order = fields.Integer("Lines in Order", readonly=True)
    lines_out_of_order = fields.Integer("Lines Out of Order", readonly=True)
    deviations = fields.Integer(
        "Approved Deviations",
        readonly=True,
        help="Goods that left although a rule stood against them: with a reason, or by a"
        " supervisor.",
    )
    swaps = fields.Integer(
        "Lots Swapped",
        readonly=True,
        help="Another lot was taken than the one that was promised, in order or out of it.",
    )
    stopped_scans = fields.Integer(
        "Wrong Lots Stopped",
        readonly=True,
        help="Scans of a wrong lot that were refused: these goods did not leave.",
    )
    compliance_rate = fields.Float(
        "In Order",
        readonly=True,
        aggregator="avg",
        help="The share of the shipped lines that left in the order of the rotation.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT event.*, picking.partner_id AS customer_id, operation.warehouse_id
            FROM (%s) AS event
            LEFT JOIN stock_picking picking ON picking.id = event.picking_id
            LEFT JOIN stock_picking_type operation ON operation.id = picking.picking_type_id
            """,
            SQL(" UNION ALL ").join(
                SQL("(%s)", query)
                for query in (
                    self._query_shipped(),
                    self._query_overrides(),
                    self._query_swaps(),
                    self._query_scans(),
                )
            ),
        )

    def _query_shipped(self):
        return SQL(
            """
            SELECT line.id::bigint * 4 AS id, line.date, 'shipped' AS kind, line.company_id,
                line.owner_id, line.lot_rotation_user_id AS user_id, NULL::integer AS approver_id,
                line.product_id, line.lot_id, NULL::integer AS expected_lot_id, line.picking_id,
                NULL::varchar AS rule_code, NULL::varchar AS message, NULL::varchar AS reason,
                (line.lot_rotation <> 'free')::integer AS lines_shipped,
                (line.lot_rotation = 'kept')::integer AS lines_in_order,
                (line.lot_rotation = 'broken')::integer AS lines_out_of_order,
                0 AS deviations, 0 AS swaps, 0 AS stopped_scans,
                CASE line.lot_rotation WHEN 'kept' THEN 1.0 WHEN 'broken' THEN 0.0 END::float
                    AS compliance_rate
            FROM stock_move_line line
            WHERE line.lot_rotation IS NOT NULL AND line.state = 'done'
            """
        )

    def _query_overrides(self):
        return SQL(
            """
            SELECT approval.id::bigint * 4 + 1, approval.date_used,
                CASE WHEN approval.level = 'reason' THEN 'deviation' ELSE 'override' END,
                approval.company_id, approval.owner_id, approval.used_by_id, approval.user_id,
                approval.product_id, approval.lot_id, NULL::integer, approval.picking_id,
                approval.rule_code, approval.message, approval.reason,
                0, 0, 0, 1, 0, 0, NULL::float
            FROM stock_lot_override approval
            WHERE approval.date_used IS NOT NULL
            """
        )

    def _query_swaps(self):
        return SQL(
            """
            SELECT entry.id::bigint * 4 + 2, entry.date, 'swap', entry.company_id, brand.id,
                entry.user_id, NULL::integer, lot.product_id, entry.lot_id,
                (
                    SELECT min(promised.id) FROM stock_lot promised
                    WHERE promised.product_id = lot.product_id AND promised.name = entry.old_value
                ),
                line.picking_id, NULL::varchar, NULL::varchar, entry.reason,
                0, 0, 0, 0, 1, 0, NULL::float
            FROM stock_lot_audit entry
            JOIN stock_lot lot ON lot.id = entry.lot_id
            LEFT JOIN res_partner brand ON brand.id = entry.owner_ref
            LEFT JOIN stock_move_line line
                ON line.id = entry.res_id AND entry.res_model = 'stock.move.line'
            WHERE entry.event = 'line.swap'
            """
        )

    def _query_scans(self):
        return SQL(
            """
            SELECT scan.id::bigint * 4 + 3, scan.date, 'wrong_lot', scan.company_id, brand.id,
                scan.user_id, NULL::integer,
                COALESCE(scan.product_id, scan.expected_product_id), scan.lot_id,
                scan.expected_lot_id, picking.id, NULL::varchar, scan.message, NULL::varchar,
                0, 0, 0, 0, 0, 1, NULL::float
            FROM stock_lot_scan scan
            LEFT JOIN res_partner brand ON brand.id = scan.owner_ref
            LEFT JOIN stock_picking picking ON picking.id = scan.picking_ref
            WHERE scan.result = 'wrong_lot'
            """
        )

    def action_open(self):
        """Open what this row tells of: the scan, or the transfer with the goods."""
        self.ensure_one()
        source, kind = divmod(self.id, 4)
        records = self.env["stock.lot.scan"].browse(source) if kind == 3 else self.picking_id
        if not records:
            records = self.env["stock.lot.override" if kind == 1 else "stock.lot.audit"]
            records = records.browse(source if kind else [])
        return {
            "type": "ir.actions.act_window",
            "res_model": records._name,
            "res_id": records.id,
            "view_mode": "form",
        }
