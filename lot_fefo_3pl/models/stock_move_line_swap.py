from odoo import models
from odoo.exceptions import AccessError, UserError


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
        """Keep on record which lot an order was promised when it gets another one."""
        if not {"lot_id", "quant_id"} & vals.keys():
            return super().write(vals)
        promised = {line: line.lot_id for line in self if line._is_promised()}
        res = super().write(vals)
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
        """Take from other orders what is missing on ``quant``, the least urgent first.

        :return: their moves, which have to be promised other goods.
        """
        quant._lock_for_reservation()
        missing = self.quantity_product_uom - (quant.quantity - quant.reserved_quantity)
        moves = self.env["stock.move"]
        for line in self._get_competitors(quant):
            if self.product_id.uom_id.compare(missing, 0) <= 0:
                break
            missing -= line.quantity_product_uom
            moves |= line.move_id
            line.unlink()
        if self.product_id.uom_id.compare(missing, 0) > 0:
            raise UserError(
                self.env._(
                    "Lot %(lot)s in %(bin)s is in other pickers' hands already. Take another lot.",
                    lot=quant.lot_id.name,
                    bin=quant.location_id.display_name,
                )
            )
        return moves

    def _get_competitors(self, quant):
        """The lines of other moves that were promised ``quant`` and that nobody has begun."""
        lines = self.sudo().search(
            [
                ("product_id", "=", quant.product_id.id),
                ("lot_id", "=", quant.lot_id.id),
                ("location_id", "=", quant.location_id.id),
                ("package_id", "=", quant.package_id.id),
                ("owner_id", "=", quant.owner_id.id),
                ("state", "in", ("assigned", "partially_available")),
                ("picked", "=", False),
                ("move_id", "!=", self.move_id.id),
            ]
        )
        free = lines.filtered(lambda line: not line.lot_verified_qty)
        return free.sorted(lambda line: (line.move_id.priority, -line.move_id.date.timestamp()))

    def _approve_swap(self, reason, approver):
        """Refuse the swap for what stands against the new goods, or approve it with ``reason``."""
        obstacles = self._get_lot_obstacles().get(self, [])
        if obstacles and reason:
            self.env["stock.lot.override"].with_user(approver)._grant(self, reason)
        elif obstacles:
            raise UserError(
                "\n".join(self._describe_goods(obstacle.message) for obstacle in obstacles)
            )
