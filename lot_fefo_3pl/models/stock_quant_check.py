from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .stock_quant import WATCHED_QUANTS

QUANTITIES = ("quantity", "reserved_quantity")


class StockQuant(models.Model):
    """Stock changes by moves only, has a lot where it must, and never less than nothing."""

    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            countable = {*self._get_inventory_fields_create()}
            for vals in vals_list:
                # Defaults may come from the context or be the user's own.
                filled = self._add_missing_default_values(vals)
                names = {*vals} | {name for name in QUANTITIES if filled.get(name)}
                place = self.env["stock.location"].browse(filled.get("location_id") or ())
                place._refuse_hand_made_stock(names - countable)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            countable = {*self._get_inventory_fields_write()} - {
                *self._get_forbidden_fields_write()
            }
            places = self.location_id | self.location_id.browse(vals.get("location_id") or ())
            places._refuse_hand_made_stock(vals.keys() - countable)
        return super().write(vals)

    def _gather(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        qty=0,
    ):
        """F03: what a line says of a lot does not fall on goods without lot."""
        quants = super()._gather(
            product_id, location_id, lot_id, package_id, owner_id, strict=strict, qty=qty
        )
        if strict and lot_id and not all(quant.lot_id for quant in quants):
            if location_id._is_lot_controlled():
                quants = quants.filtered("lot_id")
        return quants

    @api.model
    def _update_available_quantity(
        self,
        product_id,
        location_id,
        quantity=False,
        reserved_quantity=False,
        lot_id=None,
        **kwargs,
    ):
        if quantity and quantity < 0 and not lot_id and product_id.tracking != "none":
            self._check_no_relabelling(product_id, location_id)
        return super()._update_available_quantity(
            product_id, location_id, quantity, reserved_quantity, lot_id=lot_id, **kwargs
        )

    @api.model
    def _check_no_relabelling(self, product, location):
        """F03: goods without lot do not become a lot because that lot is short.

        Odoo first takes the lot below zero, then makes it up from what has no lot.
        """
        watched = self.sudo().browse(self.env.cr.precommit.data.get(WATCHED_QUANTS, ()))
        for quant in watched:
            if (quant.product_id, quant.location_id) == (product, location) and quant.quantity < 0:
                raise ValidationError(quant._get_negative_message())

    @api.model
    def _check_changed_quants(self, before):
        res = super()._check_changed_quants(before)
        unsound = dict(self._get_unsound_quantities(before))
        quants = self.browse(unsound)
        for quant in quants.filtered("lot_id"):
            if unsound[quant.id] < before[quant.id]:
                raise ValidationError(quant._get_negative_message())
        for group in quants.filtered(lambda quant: not quant.lot_id).grouped("product_id").values():
            changes = {quant: unsound[quant.id] - before[quant.id] for quant in group}
            for quant in group.filtered(changes.get):
                if unsound[quant.id] < 0:
                    raise ValidationError(quant._get_negative_message())
                quant._check_without_lot(changes[quant], sum(changes.values()))

        self._check_pending_locations(before)
        return res

    @api.model
    def _check_pending_locations(self, before):
        """Let nothing new into a location that waits for repair, and let the rule hold there as
        soon as what was in its way has left."""
        quants = self.browse(before).exists()
        pending = quants.filtered(lambda quant: quant.location_id.segregation_pending)
        for quant in pending:
            was_there = before[quant.id] is None or before[quant.id] > 0
            if not was_there and quant.product_uom_id.compare(quant.quantity, 0) > 0:
                raise ValidationError(
                    self.env._(
                        "%(bin)s cannot take %(goods)s: lots lie together there that have to be"
                        " moved apart first. Choose another location.",
                        bin=quant.location_id.display_name,
                        goods=quant._get_goods_name(),
                    )
                )
        pending.location_id._resume_segregation()

    def _is_movable(self):
        """Whether a transfer can take these goods: Odoo asks for their lot."""
        return bool(self.lot_id) or self.product_id.tracking == "none"

    def _check_without_lot(self, change, total):
        """F01: goods without lot are moved, put aside or counted away, but never become more.

        :param total: by how much the goods without lot change under lot control.
        """
        uom = self.product_uom_id
        if uom.compare(change, 0) > 0 and uom.compare(total, 0) > 0:
            raise ValidationError(
                self.env._(
                    "%(product)s in %(bin)s needs a lot. Choose or create the lot first.",
                    product=self.product_id.display_name,
                    bin=self.location_id.display_name,
                )
            )

    @api.model
    def _get_unsound_quantities(self, before):
        """The changed quants of tracked products that have no lot or less than nothing.

        Where different lots may lie together Odoo may keep the same goods in several rows: what
        counts is their sum.

        :return: (id, quantity of the row) pairs.
        """
        query = SQL(
            """
            SELECT quant.id, quant.quantity::float
              FROM stock_quant quant
              JOIN product_product product ON product.id = quant.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE quant.id = ANY(%(ids)s)
               AND template.tracking <> 'none'
               AND (quant.lot_id IS NULL OR (quant.quantity < 0 AND (
                       SELECT sum(same.quantity) FROM stock_quant same
                        WHERE same.location_id = quant.location_id
                          AND same.product_id = quant.product_id
                          AND same.lot_id = quant.lot_id
                          AND same.package_id IS NOT DISTINCT FROM quant.package_id
                          AND same.owner_id IS NOT DISTINCT FROM quant.owner_id
                   ) < 0))
             ORDER BY quant.id
            """,
            ids=[quant_id for quant_id, quantity in before.items() if quantity is not None],
        )
        self.env.cr.execute(query)
        return [(quant_id, quantity or 0) for quant_id, quantity in self.env.cr.fetchall()]

    def _get_negative_message(self):
        return self.env._(
            "%(bin)s does not hold that much of %(goods)s. Take what is there, or count the"
            " location first.",
            bin=self.location_id.display_name,
            goods=self._get_goods_name(),
        )
