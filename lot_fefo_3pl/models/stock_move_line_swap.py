from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import OrderedSet

# Other values of these are other goods.
PLACE_FIELDS = frozenset({"lot_id", "quant_id", "location_id", "package_id"})


class StockMoveLine(models.Model):
    """Taking another lot than the one that was promised."""

    _inherit = "stock.move.line"

    def lot_swap(self, lot_id, location_id=None, reason=None):
        """Let this line take goods of another lot; orders that lose them get others.

        Everything is checked again for the new goods. What stands against them is refused, or
        approved in the same step when a reason is given by somebody who may approve it. Goods
        that another picker has scanned or picked are not taken away.

        :param int lot_id: the lot to take (stock.lot).
        :param int location_id: its bin (stock.location); the fullest one below the source of the
            move when not given.
        :param str reason: why a deviation is right, kept on record.
        :return: ``{"line_id", "lot", "location", "replanned": [names of the other transfers]}``.
        :raises AccessError: when the user is not a Lot Operator.
        :raises UserError: when the goods are not there, not free or not fit.
        """
        self.ensure_one()
        if not self.env.user.has_group("lot_fefo_3pl.lot_fefo_3pl_group_operator"):
            raise AccessError(self.env._("Only Lot Operators swap lots."))
        losers = self._swap_lot(lot_id, location_id, reason, self.env.user)
        return {
            "line_id": self.id,
            "lot": self.lot_id.name,
            "location": self.location_id.display_name,
            "replanned": losers.picking_id.mapped("name"),
        }

    def _swap_lot(self, lot_id, location_id, reason, approver):
        """Swap the lot; ``approver`` approves what stands against it. Return the moves that lost
        their goods and were promised others."""
        losers = self._swap_goods(lot_id, location_id, reason)
        self._approve_swap(reason, approver)
        losers._action_assign()
        return losers

    def _swap_goods(self, lot_id, location_id, reason=None):
        """Take the other goods; return the moves that lost them."""
        self._check_swappable()
        quant = self._get_swap_quant(lot_id, location_id)
        losers = self._free_for_swap(quant)
        self.with_context(lot_fefo_3pl_reason=reason).write(
            {
                "lot_id": quant.lot_id.id,
                "location_id": quant.location_id.id,
                "package_id": quant.package_id.id,
                "owner_id": quant.owner_id.id,
            }
        )
        return losers

    def write(self, vals):
        """Keep on record which lot an order was promised when it gets another one, and leave no
        goods promised twice."""
        if not PLACE_FIELDS & vals.keys():
            return super().write(vals)
        promised = {line: line.lot_id for line in self if line._is_promised()}
        res = super().write(vals)
        if promised:
            self.browse().union(*promised)._settle_promises()
        for line, lot in promised.items():
            if line.lot_id != lot:
                self.env["stock.lot.audit"]._log(
                    line,
                    "line.swap",
                    lot_id=line.lot_id.id,
                    owner_ref=line.owner_id.id,
                    company_id=line.company_id.id,
                    old_value=lot.name,
                    new_value=line.lot_id.name,
                    reason=self.env.context.get("lot_fefo_3pl_reason"),
                )
        return res

    def _settle_promises(self):
        """B16: plain Odoo lets a line take goods that are promised to others, and these find out
        when nothing is left. They are promised others at once.

        :raises UserError: when somebody has the goods in hand already.
        """
        losers = self.env["stock.move"]
        for line, quants in self._get_source_quants().items():
            for quant in quants:
                moves, missing = line._free_goods(quant, quant.reserved_quantity - quant.quantity)
                # Goods that are not there at all are refused when they are to leave.
                if missing > 0 and line._get_begun_by_others():
                    line._refuse_goods_in_hand(quant)
                losers |= moves
        losers._action_assign()

    def _is_promised(self):
        """Whether an order was promised the lot of this line."""
        return (
            bool(self.lot_id)
            and self.state in ("assigned", "partially_available")
            and self.location_id._is_lot_controlled()
            and self._get_lot_operation() in ("pick", "ship")
        )

    def _check_swappable(self):
        if self.state in ("done", "cancel") or self.picked or self.lot_verified_qty:
            raise UserError(
                self.env._("This line is picked already. Put the goods back before you swap.")
            )

    def _get_swap_quant(self, lot_id, location_id):
        """The goods of the lot that this line could take."""
        place = location_id or self.move_id.location_id.id
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search(
                [
                    ("product_id", "=", self.product_id.id),
                    ("lot_id", "=", lot_id),
                    ("location_id", "=" if location_id else "child_of", place),
                    ("quantity", ">", 0),
                ],
                order="quantity desc, id",
            )
        )
        fit = quants.filtered(
            lambda quant: (
                self.product_id.uom_id.compare(quant.quantity, self.quantity_product_uom) >= 0
            )
        )
        if not fit:
            raise UserError(
                self.env._(
                    "Lot %(lot)s of %(product)s is not there with %(quantity)g. Take another lot,"
                    " or split the line.",
                    lot=self.env["stock.lot"].browse(lot_id).name,
                    product=self.product_id.display_name,
                    quantity=self.quantity_product_uom,
                )
            )
        return fit[0]

    def _free_for_swap(self, quant):
        """As ``_free_goods``, what this line would miss on ``quant``; return the moves.

        :raises UserError: when that is not to be had.
        """
        quant._lock_for_reservation()
        free = quant.quantity - quant.reserved_quantity
        moves, missing = self._free_goods(quant, self.quantity_product_uom - free)
        if missing > 0:
            self._refuse_goods_in_hand(quant)
        return moves

    def _free_goods(self, quant, missing):
        """Take from other orders what is missing on ``quant``, the least urgent first.

        :return: their moves, which have to be promised other goods, and what is missing still.
        """
        moves, uom = self.env["stock.move"], self.product_id.uom_id
        if uom.compare(missing, 0) <= 0:
            return moves, 0.0
        for line in self._get_competitors(quant):
            if uom.compare(missing, 0) <= 0:
                break
            missing -= line.quantity_product_uom
            moves |= line.move_id
            line.unlink()
        return moves, missing if uom.compare(missing, 0) > 0 else 0.0

    def _refuse_goods_in_hand(self, quant):
        raise UserError(
            self.env._(
                "Lot %(lot)s in %(bin)s is in other pickers' hands already. Take another lot.",
                lot=quant.lot_id.name,
                bin=quant.location_id.display_name,
            )
        )

    def _get_competitors(self, quant):
        """The lines of other moves that were promised ``quant`` and that nobody has begun."""
        lines = self._get_promised_lines(*quant._get_place()).filtered(
            lambda line: line.move_id != self.move_id
        )
        free = lines.filtered(lambda line: not line.picked and not line.lot_verified_qty)
        return free.sorted(lambda line: (line.move_id.priority, -line.move_id.date.timestamp()))

    @api.model
    def _get_promised_lines(self, product, location, lot, package, owner):
        """The lines of open moves that were promised goods of this place."""
        return self.sudo().search(
            [
                ("product_id", "=", product.id),
                ("lot_id", "=", lot.id),
                ("location_id", "=", location.id),
                ("package_id", "=", package.id),
                ("owner_id", "=", owner.id),
                ("state", "in", ("assigned", "partially_available")),
            ]
        )

    def _get_begun_by_others(self):
        """The lines of others, promised goods of the one place of these, that somebody has begun
        to pick."""
        others = self._get_promised_lines(*self[0]._get_place()) - self
        return others.filtered(lambda line: line.picked or line.lot_verified_qty)

    def _get_there(self, quants):
        """What somebody else has scanned is not there for orders any more."""
        there = super()._get_there(quants)
        leaving = self[0]._get_lot_operation() in ("pick", "ship")
        if leaving and sum(quants.mapped("reserved_quantity")) > there:
            there -= sum(self._get_begun_by_others().mapped("lot_verified_qty"))
        return there

    def _free_reservation(
        self,
        product_id,
        location_id,
        quantity,
        lot_id=None,
        package_id=None,
        owner_id=None,
        ml_ids_to_ignore=None,
    ):
        """K06c: plain Odoo takes away what a picker is in the middle of scanning."""
        if location_id._is_lot_controlled():
            begun = self._get_promised_lines(
                product_id,
                location_id,
                lot_id or self.env["stock.lot"],
                package_id or self.env["stock.package"],
                owner_id or self.env["res.partner"],
            ).filtered("lot_verified_qty")
            ml_ids_to_ignore = OrderedSet((*(ml_ids_to_ignore or ()), *begun.ids))
        return super()._free_reservation(
            product_id, location_id, quantity, lot_id, package_id, owner_id, ml_ids_to_ignore
        )

    def _approve_swap(self, reason, approver):
        """Refuse the swap for what stands against the new goods, or approve it with ``reason``."""
        obstacles = self._get_lot_obstacles().get(self, [])
        if obstacles and reason:
            self.env["stock.lot.override"].with_user(approver)._grant(self, reason)
        elif obstacles:
            raise UserError(
                "\n".join(self._describe_goods(obstacle.message) for obstacle in obstacles)
            )
