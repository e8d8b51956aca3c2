from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# What names lots. Brand and product only say whose numbers are meant.
NAMING = ("pasted", "pattern", "expiry_from", "expiry_to", "supplier_id", "receipt_id")


class StockLotRecallStart(models.TransientModel):
    """Naming the lots: by scan, pasted list, pattern, product and dates, supplier or receipt."""

    _inherit = "stock.lot.recall.start"

    pasted = fields.Text("Lot Numbers or Barcodes", help="One per line: typed, pasted or scanned.")
    pattern = fields.Char(help="* stands for any characters, ? for one.")
    owner_id = fields.Many2one("res.partner", "Brand")
    product_id = fields.Many2one("product.product")
    expiry_from = fields.Date("Expiry from")
    expiry_to = fields.Date("Expiry to")
    supplier_id = fields.Many2one("res.partner", "Received from")
    receipt_id = fields.Many2one(
        "stock.picking", "Received with", domain="[('picking_type_code', '=', 'incoming')]"
    )
    near_ids = fields.Many2many(
        "stock.lot",
        "stock_lot_recall_start_near_rel",
        string="Looks Alike",
        help="Numbers that differ in case, spaces, dashes or O and 0. Take those that are meant.",
    )
    unknown = fields.Text("Not in the System", readonly=True)
    hold_unknown = fields.Boolean(
        "Hold them when they arrive",
        default=True,
        help="The product must be given: a lot number alone may be of any brand.",
    )
    looked_up = fields.Char(help="The criteria as they were when lots were last looked up.")
    recall_id = fields.Many2one("stock.lot.recall", help="The running recall to extend.")

    def action_find(self):
        """Add the lots found, and show what needs a decision."""
        self.ensure_one()
        found = self.env["stock.lot.recall.scope"].find(
            names=(self.pasted or "").splitlines(),
            pattern=self.pattern,
            owner_id=self.owner_id.id,
            product_id=self.product_id.id,
            expiry_from=self.expiry_from,
            expiry_to=self.expiry_to,
            supplier_id=self.supplier_id.id,
            receipt_id=self.receipt_id.id,
        )
        if not any(found.values()):
            raise UserError(self.env._("Nothing in the system matches this."))
        near = {row["lot_id"] for row in found["near"]} - set(self.lot_ids.ids)
        self.write(
            {
                "lot_ids": [Command.link(lot_id) for lot_id in found["lot_ids"]],
                "near_ids": [Command.set(near)],
                "unknown": "\n".join(found["unknown"]),
                "looked_up": self._get_criteria(),
            }
        )
        return self._reopen()

    def action_take_near(self):
        """The look-alikes that are left in the list are meant: recall them too."""
        self.ensure_one()
        self.write(
            {
                "lot_ids": [Command.link(lot.id) for lot in self.near_ids],
                "near_ids": [Command.clear()],
            }
        )
        return self._reopen()

    def _get_criteria(self):
        """What names lots, as text; empty when nothing does."""
        given = [(name, str(self[name]).strip()) for name in NAMING if self[name]]
        return repr(given) if given else ""

    def action_start(self):
        self.ensure_one()
        criteria = self._get_criteria()
        if criteria and criteria != self.looked_up:
            raise UserError(
                self.env._("Press Find first: what you named has not been looked up yet.")
            )
        if self.unknown and not self.lot_ids:
            raise UserError(
                self.env._(
                    "%(lots)s never came in, so nobody here received anything of it. To stop it on"
                    " arrival, make a hold for the lot number: Holds, New.",
                    lots=", ".join(self.unknown.splitlines()),
                )
            )
        if self.near_ids:
            raise UserError(
                self.env._(
                    "Decide about the look-alikes first: take them, or remove them from the list."
                )
            )
        if self.recall_id:
            self.recall_id.extend(self.lot_ids.ids, self.reason)
            recall, action = self.recall_id, {"type": "ir.actions.act_window_close"}
        else:
            action = super().action_start()
            recall = self.env["stock.lot.recall"].browse(action["res_id"])
        unknown = (self.unknown or "").splitlines()
        if self.hold_unknown:
            recall._hold_announced(unknown, self.product_id)
        recall._note_unknown(unknown)
        return action

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extend %(name)s", name=self.recall_id.name)
            if self.recall_id
            else self.env._("Start a Recall"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
