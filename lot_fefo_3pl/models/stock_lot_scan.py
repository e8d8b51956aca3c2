from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import mute_logger

# What the operator's screen does with each result: the closed set of codes. The codes of the
# eligibility rules are among them; the rule on rotation is not, a scan does not choose the lot.
STATUSES = {
    "ok": "ok",
    "bin": "ok",
    "count_done": "ok",
    "counted": "ok",
    "package": "ok",
    "put_away": "ok",
    "read": "ok",
    "received": "ok",
    "taken_back": "ok",
    "validated": "ok",
    "ask_date": "ask",
    "ask_bin": "ask",
    "ask_lot": "ask",
    "ask_product": "ask",
    "ask_quantity": "ask",
    "confirm_date": "ask",
    "confirm_difference": "ask",
    "confirm_life": "ask",
    "confirm_lot": "ask",
    "confirm_pallet": "ask",
    "confirm_product": "ask",
    "count_review": "ask",
    "recount": "ask",
    "suspect_separator": "ask",
    "already_done": "refused",
    "bad_date": "refused",
    "bad_quantity": "refused",
    "contradiction": "refused",
    "expired": "refused",
    "held": "refused",
    "not_allowed": "refused",
    "not_this_order": "refused",
    "older_than_shipped": "refused",
    "other_owner": "refused",
    "over_receipt": "refused",
    "pallet_known": "refused",
    "returned_by_customer": "refused",
    "short_dated": "refused",
    "stop_ship": "refused",
    "too_early": "refused",
    "too_many": "refused",
    "undated": "refused",
    "unknown_barcode": "refused",
    "unknown_lot": "refused",
    "unreadable": "refused",
    "wrong_bin": "refused",
    "wrong_date": "refused",
    "wrong_lot": "refused",
    "wrong_product": "refused",
}


class StockLotScan(models.Model):
    """What somebody scanned for a transfer, what was expected, and how it was answered.

    A scan that verifies several lines at once (the label of a package) is one row per line; the
    first one carries the client's id and the answer.
    """

    _name = "stock.lot.scan"
    _inherit = ["stock.lot.append.only"]
    _description = "Lot Scan"
    _order = "id desc"
    _rec_name = "barcode"

    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user, ondelete="restrict"
    )
    device = fields.Char()
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    client_uid = fields.Char("Scan ID", help="Given by the device; the same id counts once.")
    main_scan_id = fields.Many2one("stock.lot.scan", "Part of Scan", ondelete="restrict")
    answer = fields.Json()

    barcode = fields.Char(required=True, help="What the device sent.")
    symbology = fields.Char()
    kind = fields.Char()
    gtin = fields.Char("GTIN")
    lot_name = fields.Char("Lot Read")
    serial = fields.Char("Serial Read")
    sscc = fields.Char("SSCC")
    expiry = fields.Date("Expiry Read")
    label_count = fields.Integer("Count Read")

    result = fields.Selection(selection="_selection_result", required=True, index=True)
    message = fields.Text()
    product_id = fields.Many2one("product.product", ondelete="restrict")
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", index="btree_not_null")
    location_id = fields.Many2one("stock.location", "Bin", ondelete="restrict")
    package_name = fields.Char("Package")
    quantity = fields.Float(digits="Product Unit", help="In the product's unit of measure.")
    uom_id = fields.Many2one("uom.uom", "Unit", ondelete="restrict")
    expected_product_id = fields.Many2one("product.product", ondelete="restrict")
    expected_lot_id = fields.Many2one("stock.lot", ondelete="restrict")
    expected_location_id = fields.Many2one("stock.location", "Expected Bin", ondelete="restrict")
    owner_ref = fields.Integer("Brand ID", help="The brand at that time.")

    # Plain numbers: Odoo deletes transfers and lines, and evidence cannot follow.
    picking_ref = fields.Integer("Transfer ID", index=True)
    move_ref = fields.Integer("Move ID")
    line_ref = fields.Integer("Line ID")
    picking_name = fields.Char("Transfer")
    picking_id = fields.Many2one(
        "stock.picking", "Transfer Record", compute="_compute_references", search="_search_picking"
    )
    move_id = fields.Many2one("stock.move", compute="_compute_references")
    move_line_id = fields.Many2one("stock.move.line", compute="_compute_references")

    _client_uid_idx = models.UniqueIndex("(client_uid) WHERE client_uid IS NOT NULL")
    _verified_idx = models.Index("(move_ref, product_id, lot_id) WHERE result = 'ok'")

    @api.depends("picking_ref", "move_ref", "line_ref")
    def _compute_references(self):
        for field, ref in (
            ("picking_id", "picking_ref"),
            ("move_id", "move_ref"),
            ("move_line_id", "line_ref"),
        ):
            refs = {scan[ref] for scan in self if scan[ref]}
            existing = self.env[self._fields[field].comodel_name].browse(refs).exists()
            for scan in self:
                scan[field] = existing.filtered(lambda record, ref=scan[ref]: record.id == ref)

    def _search_picking(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        ids = value if operator == "in" else self.env["stock.picking"]._search(value)
        return [("picking_ref", "in", ids)]

    @api.model
    def _selection_result(self):
        return [
            ("ok", self.env._("Verified")),
            ("bin", self.env._("Bin")),
            ("count_done", self.env._("Count settled")),
            ("count_review", self.env._("Count left to a supervisor")),
            ("counted", self.env._("Counted")),
            ("package", self.env._("Package")),
            ("recount", self.env._("To be counted again")),
            ("put_away", self.env._("Put away")),
            ("read", self.env._("Read")),
            ("received", self.env._("Received")),
            ("taken_back", self.env._("Taken back")),
            ("validated", self.env._("Transfer validated")),
            ("ask_date", self.env._("Expiry asked for")),
            ("ask_bin", self.env._("Bin asked for")),
            ("ask_lot", self.env._("Lot asked for")),
            ("ask_product", self.env._("Product asked for")),
            ("ask_quantity", self.env._("Quantity asked for")),
            ("confirm_date", self.env._("Expiry to be confirmed")),
            ("confirm_difference", self.env._("Difference to be confirmed")),
            ("confirm_life", self.env._("Short life to be confirmed")),
            ("confirm_lot", self.env._("Lot to be confirmed")),
            ("confirm_pallet", self.env._("Pallet to be confirmed")),
            ("confirm_product", self.env._("Unexpected product to be confirmed")),
            ("suspect_separator", self.env._("Separator suspected to be lost")),
            ("already_done", self.env._("Verified before")),
            ("bad_date", self.env._("Bad date")),
            ("bad_quantity", self.env._("Bad quantity")),
            ("contradiction", self.env._("Contradiction")),
            ("expired", self.env._("Expired")),
            ("held", self.env._("Held")),
            ("not_allowed", self.env._("Not allowed")),
            ("not_this_order", self.env._("Not in this transfer")),
            ("older_than_shipped", self.env._("Older than shipped before")),
            ("other_owner", self.env._("Another brand's")),
            ("over_receipt", self.env._("More than expected")),
            ("pallet_known", self.env._("Pallet known already")),
            ("returned_by_customer", self.env._("Returned by this customer")),
            ("short_dated", self.env._("Short-dated")),
            ("stop_ship", self.env._("Too near to expiry")),
            ("too_early", self.env._("Too early")),
            ("too_many", self.env._("Too many")),
            ("undated", self.env._("Without date")),
            ("unknown_barcode", self.env._("Unknown barcode")),
            ("unknown_lot", self.env._("Unknown lot")),
            ("unreadable", self.env._("Unreadable")),
            ("wrong_bin", self.env._("Wrong bin")),
            ("wrong_date", self.env._("Wrong date")),
            ("wrong_lot", self.env._("Wrong lot")),
            ("wrong_product", self.env._("Wrong product")),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        scans = super().create(vals_list)
        for model in ("stock.move.line", "stock.move", "stock.picking"):
            self.env[model]._forget_lot_verification()
        return scans

    @api.model
    def _get_answer(self, client_uid, picking):
        """The answer that a scan with this id got before, or None."""
        if not client_uid:
            return None
        scan = self.sudo().search_fetch(
            [("client_uid", "=", client_uid)], ["answer", "picking_ref"], limit=1
        )
        if scan.picking_ref != picking.id:
            return None
        return {**scan.answer, "scan_id": scan.id}

    @api.model
    def _get_own_answer(self, client_uid):
        """The answer that this user's call with this id got before, or None."""
        if not client_uid:
            return None
        scan = self.sudo().search_fetch(
            [("client_uid", "=", client_uid), ("user_id", "=", self.env.uid)], ["answer"], limit=1
        )
        return {**scan.answer, "scan_id": scan.id} if scan else None

    @api.model
    def _record(self, vals_list):
        """Write the rows of one scan, the main one first.

        When the same scan is being recorded by another transaction, this one starts again and
        then finds the answer.
        """
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                main = self.sudo().create(vals_list[:1])
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
        return main + self.sudo().create(
            [{**vals, "main_scan_id": main.id} for vals in vals_list[1:]]
        )
