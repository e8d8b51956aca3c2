from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class StockLotRelabel(models.TransientModel):
    """Part or all of a lot gets another lot number or is repacked; the way back is kept.

    The units are consumed and produced in one operation whose lines are linked, as Odoo does in
    production, so that both traces and Odoo's own report follow them. Used for splitting a lot,
    merging lots into one and repacking into another product.
    """

    _name = "stock.lot.relabel"
    _description = "Relabel or Repack"

    quant_id = fields.Many2one(
        "stock.quant",
        "From",
        required=True,
        domain="[('lot_id', '!=', False), ('location_id.usage', '=', 'internal'),"
        " ('quantity', '>', 0)]",
    )
    quantity = fields.Float(
        digits="Product Unit", compute="_compute_quantity", store=True, readonly=False
    )
    product_id = fields.Many2one(
        "product.product",
        "Into Product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        domain="[('is_storable', '=', True), ('tracking', '!=', 'none')]",
    )
    lot_name = fields.Char("Into Lot", required=True)
    produced_quantity = fields.Float(
        "Makes", digits="Product Unit", compute="_compute_produced", store=True, readonly=False
    )
    location_dest_id = fields.Many2one(
        "stock.location",
        "Into Location",
        compute="_compute_location_dest_id",
        store=True,
        readonly=False,
        domain="[('usage', '=', 'internal')]",
    )
    reason = fields.Char(required=True)

    @api.depends("quant_id")
    def _compute_quantity(self):
        for wizard in self:
            wizard.quantity = wizard.quant_id.available_quantity

    @api.depends("quant_id")
    def _compute_product_id(self):
        for wizard in self:
            wizard.product_id = wizard.quant_id.product_id

    @api.depends("quantity")
    def _compute_produced(self):
        for wizard in self:
            wizard.produced_quantity = wizard.quantity

    @api.depends("quant_id")
    def _compute_location_dest_id(self):
        for wizard in self:
            wizard.location_dest_id = wizard.quant_id.location_id

    def action_relabel(self):
        """Consume the old lot, produce the new one, link both, and show the new lot."""
        self.ensure_one()
        self._check_quantities()
        lot = self._get_lot()
        source = self.quant_id.lot_id
        consumed = self._move_through_production(source, self.quantity, outgoing=True)
        produced = self._move_through_production(lot, self.produced_quantity, outgoing=False)
        produced.move_line_ids.consume_line_ids = consumed.move_line_ids
        self.env["stock.lot.audit"]._log(
            source,
            "lot.relabel",
            field_name="name",
            old_value=source.name,
            new_value=lot.name,
            reason=self.reason,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "stock.lot",
            "res_id": lot.id,
            "view_mode": "form",
        }

    def _check_quantities(self):
        quant = self.quant_id
        if self.quantity <= 0 or self.produced_quantity <= 0:
            raise UserError(self.env._("Say how many units are relabelled and how many it makes."))
        if quant.product_uom_id.compare(self.quantity, quant.available_quantity) > 0:
            raise UserError(
                self.env._(
                    "Only %(free)g of lot %(lot)s are free in %(bin)s; the rest is reserved.",
                    free=quant.available_quantity,
                    lot=quant.lot_id.name,
                    bin=quant.location_id.display_name,
                )
            )
        if self.product_id == quant.product_id and self.produced_quantity != self.quantity:
            raise UserError(
                self.env._("The same product stays the same number of units. Scrap what is lost.")
            )

    def _get_lot(self):
        """The lot of that number, made if needed with the dates of the old one."""
        source = self.quant_id.lot_id
        name = self.lot_name.strip()
        lot = self.env["stock.lot"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("name", "=", name),
                ("company_id", "in", (False, self.quant_id.company_id.id)),
            ],
            limit=1,
        )
        if lot == source:
            raise UserError(self.env._("These units have lot number %(lot)s already.", lot=name))
        if not lot:
            return self.env["stock.lot"].create(
                {
                    "product_id": self.product_id.id,
                    "name": name,
                    "company_id": source.company_id.id,
                    "owner_id": (self.product_id.owner_id or source.owner_id).id,
                    "expiration_date": source.expiration_date,
                }
            )
        if (
            source.expiration_date
            and self.product_id.use_expiration_date
            and (not lot.expiration_date or lot.expiration_date > source.expiration_date)
        ):
            raise UserError(
                self.env._(
                    "Lot %(new)s expires later than lot %(old)s: relabelling does not make goods"
                    " younger.",
                    new=lot.name,
                    old=source.name,
                )
            )
        return lot

    def _move_through_production(self, lot, quantity, outgoing):
        quant = self.quant_id
        production = lot.product_id.with_company(quant.company_id).property_stock_production
        bin_ = quant.location_id if outgoing else self.location_dest_id
        source, target = (bin_, production) if outgoing else (production, bin_)
        places = {"location_id": source.id, "location_dest_id": target.id}
        move = self.env["stock.move"].create(
            {
                "product_id": lot.product_id.id,
                "product_uom": lot.product_id.uom_id.id,
                "product_uom_qty": quantity,
                "company_id": quant.company_id.id,
                "origin": self.env._("Relabelled: %(reason)s", reason=self.reason),
                "picked": True,
                **places,
                "move_line_ids": [
                    Command.create(
                        {
                            "product_id": lot.product_id.id,
                            "product_uom_id": lot.product_id.uom_id.id,
                            "lot_id": lot.id,
                            "quantity": quantity,
                            "owner_id": self._get_owner(lot).id,
                            "package_id": quant.package_id.id if outgoing else False,
                            "result_package_id": False if outgoing else self._get_package().id,
                            **places,
                        }
                    )
                ],
            }
        )
        move._action_done()
        return move

    def _get_owner(self, lot):
        """Units change hands only when they become another brand's goods."""
        quant = self.quant_id
        return quant.owner_id if lot.owner_id == quant.lot_id.owner_id else lot.owner_id

    def _get_package(self):
        """Units that stay where they are stay in their package."""
        stays = self.location_dest_id == self.quant_id.location_id
        return self.quant_id.package_id if stays else self.quant_id.package_id.browse()
