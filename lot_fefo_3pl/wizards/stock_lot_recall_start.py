from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLotRecallStart(models.TransientModel):
    """QA names the lots and the reason and sees what a recall would reach before starting it."""

    _name = "stock.lot.recall.start"
    _description = "Recall Lots"

    lot_ids = fields.Many2many("stock.lot", string="Lots")
    reason = fields.Text()
    recall_class = fields.Selection(
        selection=lambda self: (
            self.env["stock.lot.recall"]._fields["recall_class"]._description_selection(self.env)
        ),
        string="Class",
        required=True,
        default="unclassified",
    )
    source = fields.Selection(
        selection=lambda self: (
            self.env["stock.lot.recall"]._fields["source"]._description_selection(self.env)
        ),
        string="Initiated by",
        required=True,
        default="brand",
    )
    brand_reference = fields.Char("Brand's Reference")
    depth = fields.Selection(
        selection=lambda self: (
            self.env["stock.lot.recall"]._fields["depth"]._description_selection(self.env)
        ),
        required=True,
        default="sub",
    )
    regime_id = fields.Many2one("stock.lot.recall.regime")
    is_mock = fields.Boolean("Mock Recall")
    consignee_count = fields.Integer("Customers", compute="_compute_reach")
    quantity_net = fields.Float("With Customers", digits="Product Unit", compute="_compute_reach")
    quantity_on_hand = fields.Float("On Hand", digits="Product Unit", compute="_compute_reach")

    @api.depends("lot_ids")
    def _compute_reach(self):
        for wizard in self:
            trace = self.env["stock.lot.trace"]
            consignees = trace.consignees(wizard.lot_ids.ids, descend=True)
            reached = self.env["stock.lot.genealogy"]._get_ways(wizard.lot_ids._origin, "down")
            wizard.consignee_count = len(consignees)
            wizard.quantity_net = sum(row["net"] for row in consignees)
            wizard.quantity_on_hand = sum(row["quantity"] for row in trace.on_hand(list(reached)))

    def action_start(self):
        """Start the recall and show it."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say what is wrong and how it was found."))
        result = self.env["stock.lot.recall"].start(
            self.lot_ids.ids,
            self.reason,
            recall_class=self.recall_class,
            is_mock=self.is_mock,
            source=self.source,
            brand_reference=self.brand_reference,
            depth=self.depth,
            regime_id=self.regime_id.id,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot.recall",
            "res_id": result["recall_id"],
            "view_mode": "form",
        }
