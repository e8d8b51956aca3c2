from odoo import api, fields, models


class StockLotRecallReturn(models.Model):
    """R15: recalled units that came back after the start, by customer. Written once, never changed.

    The line is a plain number: evidence refers to nothing that Odoo could delete.
    """

    _name = "stock.lot.recall.return"
    _inherit = ["stock.lot.append.only"]
    _description = "Return of Recalled Goods"
    _order = "id desc"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="restrict", index=True)
    consignee_id = fields.Many2one(
        "stock.lot.recall.consignee", "Customer", ondelete="restrict", index="btree_not_null"
    )
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="restrict")
    quantity = fields.Float(digits="Product Unit")
    date = fields.Datetime(default=fields.Datetime.now, required=True)
    location_id = fields.Many2one("stock.location", ondelete="restrict")
    picking = fields.Char("Return")
    line_ref = fields.Integer("Line", index=True)
    company_id = fields.Many2one(related="recall_id.company_id")


class StockLotRecall(models.Model):
    _inherit = "stock.lot.recall"

    return_ids = fields.One2many("stock.lot.recall.return", "recall_id", "Came Back", readonly=True)
    quantity_back = fields.Float(
        "Units Back", digits="Product Unit", compute="_compute_quantity_back"
    )

    @api.depends("return_ids.quantity")
    def _compute_quantity_back(self):
        for recall in self:
            recall.quantity_back = sum(recall.return_ids.mapped("quantity"))

    @api.model
    def _find_running(self, lots):
        """``{lot: recall}`` of the real recalls that run, the newest where there are two."""
        if not lots:
            return {}
        lines = (
            self.env["stock.lot.recall.line"]
            .sudo()
            .search(
                [
                    ("lot_id", "in", lots.ids),
                    ("recall_id.state", "=", "confirmed"),
                    ("recall_id.is_mock", "=", False),
                ],
                order="recall_id, id",
            )
        )
        return {line.lot_id: line.recall_id for line in lines}

    def _find_consignee(self, partner):
        """The customer that sent something back, by the company it belongs to."""
        partners = partner | partner.commercial_partner_id
        return self.consignee_ids.filtered(
            lambda row: row.partner_id and row.partner_id in partners
        )


class StockLotRecallConsignee(models.Model):
    _inherit = "stock.lot.recall.consignee"

    return_ids = fields.One2many("stock.lot.recall.return", "consignee_id", "Came Back")
    quantity_back = fields.Float(
        "Came Back Since", digits="Product Unit", compute="_compute_quantity_back"
    )

    @api.depends("return_ids.quantity")
    def _compute_quantity_back(self):
        sums = dict(
            self.env["stock.lot.recall.return"]._read_group(
                [("consignee_id", "in", self.ids)], ["consignee_id"], ["quantity:sum"]
            )
        )
        for consignee in self:
            consignee.quantity_back = sums.get(consignee, 0.0)


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    recall_location_id = fields.Many2one(
        "stock.location",
        "Recall Quarantine",
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', id)]",
        copy=False,
        help="Recalled goods that come back are put here. Orders take nothing from it. Made when"
        " the first ones arrive.",
    )

    def _get_recall_quarantine(self):
        self.ensure_one()
        if not self.recall_location_id:
            self.recall_location_id = self.env["stock.location"].create(
                {
                    "name": self.env._("Recall Quarantine"),
                    "location_id": self.view_location_id.id,
                    "usage": "internal",
                    "lot_segregation": "mixed",
                    "owner_segregation": "mixed",
                    "not_for_orders": True,
                    "company_id": self.company_id.id,
                }
            )
        return self.recall_location_id


class StockMoveLine(models.Model):
    """Returns of recalled lots go to the quarantine, whatever document brings them back."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._route_recalled_returns()
        return lines

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"lot_id", "lot_name", "location_dest_id"}:
            self._route_recalled_returns()
        return res

    def _action_done(self):
        self._route_recalled_returns()
        res = super()._action_done()
        self.exists()._count_recalled_returns()
        return res

    def _get_returned_lot(self):
        """The lot of a line, also when only its number was typed."""
        self.ensure_one()
        if self.lot_id or not self.lot_name:
            return self.lot_id
        return self.env["stock.lot"].search(
            [("product_id", "=", self.product_id.id), ("name", "=", self.lot_name)], limit=1
        )

    def _find_recalled_returns(self):
        """``{line: recall}`` of the lines that bring recalled goods back from customers."""
        back = self.filtered(
            lambda line: (
                line.location_id.usage == "customer"
                and (line.lot_id or line.lot_name)
                and line.location_dest_id._is_lot_controlled()
            )
        )
        lots = {line: line._get_returned_lot() for line in back}
        union = self.env["stock.lot"].union(*lots.values())
        recalls = self.env["stock.lot.recall"]._find_running(union)
        return {line: recalls[lot] for line, lot in lots.items() if lot in recalls}

    def _route_recalled_returns(self):
        open_lines = self.filtered(lambda line: line.state != "done")
        for line in open_lines._find_recalled_returns():
            quarantine = line.location_dest_id.warehouse_id.sudo()._get_recall_quarantine()
            if not line.location_dest_id._child_of(quarantine):
                line.location_dest_id = quarantine

    def _count_recalled_returns(self):
        """Note on recall and customer what came back."""
        returns = self.env["stock.lot.recall.return"].sudo()
        values = []
        for line, recall in self._find_recalled_returns().items():
            partner = line.picking_id.partner_id or line.move_id.origin_returned_move_id.partner_id
            values.append(
                {
                    "recall_id": recall.id,
                    "consignee_id": recall._find_consignee(partner)[:1].id,
                    "lot_id": line.lot_id.id,
                    "quantity": line.quantity_product_uom,
                    "location_id": line.location_dest_id.id,
                    "picking": line.picking_id.name or line.reference,
                    "line_ref": line.id,
                }
            )
        returns.create(values)
