from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .rules.stock_lot_rule import SUPERVISOR
from .stock_move_line import LotObstacle

OUTSIDE = ("supplier", "customer")


class StockMoveLine(models.Model):
    """The guard of what comes in, whatever route it takes: see ``stock.lot.arrival``."""

    _inherit = "stock.move.line"

    arrival_damage = fields.Char(
        "Damaged on Arrival",
        copy=False,
        help="What is damaged. The goods come in on hold where they are put.",
    )

    @api.depends("product_id", "lot_id.expiration_date", "picking_id.scheduled_date")
    def _compute_expiration_date(self):  # pylint: disable=missing-return
        """E01 E02: product_expiry invents a date from the planned day of the receipt. Here a line
        has the date of its lot, or the one that somebody typed."""
        ours = self.filtered(
            lambda line: (
                line.picking_id.picking_type_id.warehouse_id._is_lot_controlled()
                and line.picking_id.picking_type_id.use_create_lots
            )
        )
        typed = {line: line.expiration_date for line in ours}
        super(StockMoveLine, self - ours)._compute_expiration_date()
        for line, day in typed.items():
            line.expiration_date = line.lot_id.expiration_date or day

    def _action_done(self):
        arriving = self._get_arriving()
        arriving._complete_owner()
        arriving._check_arriving()
        from_brand = arriving.filtered(lambda line: line.location_id.usage == "supplier")
        res = super()._action_done()
        from_brand.exists()._hold_short_lived()
        arriving.exists()._hold_damaged()
        return res

    def _get_arriving(self):
        """The lines that bring goods from outside into a place where the rules hold."""
        return self.filtered(
            lambda line: (
                line.product_id.is_storable
                and not line.product_uom_id.is_zero(line.quantity)
                and line.location_id.usage in OUTSIDE
                and line.location_dest_id._is_lot_controlled()
            )
        )

    def _complete_owner(self):
        """E07 G15: goods belong to the brand, never to nobody and never to one of its contacts."""
        # The bins are chosen: goods do not look for another one on their way in.
        for line in self.with_context(lot_fefo_3pl_putaway_later=True):
            owner = (line.owner_id or line.product_id.owner_id).commercial_partner_id
            if owner != line.owner_id:
                line.owner_id = owner

    def _check_arriving(self):
        """Refuse what may not come in.

        :raises ValidationError: naming the goods, what is wrong and what to do.
        """
        lots = self._find_lots()
        for line, lot in lots.items():
            line._check_arriving_owner()
            line._check_arriving_lot(lot)
        obstacles = self._get_arrival_obstacles(lots)
        refused = self.env["stock.lot.override"]._consume(obstacles)
        for line, found in refused.items():
            raise ValidationError(
                self.env._(
                    "%(product)s, lot %(lot)s may not come in: %(message)s",
                    product=line.product_id.display_name,
                    lot=line._get_lot_name() or self.env._("none"),
                    message=found[0].message,
                )
            )

    def _check_arriving_owner(self):
        """E08: one brand's product does not come in as another brand's goods."""
        brand = self.product_id.owner_id.commercial_partner_id
        if brand and self.owner_id != brand:
            raise ValidationError(
                self.env._(
                    "%(product)s belongs to %(brand)s and cannot come in for %(owner)s. Correct the"
                    " owner, or the brand of the product.",
                    product=self.product_id.display_name,
                    brand=brand.display_name,
                    owner=self.owner_id.display_name,
                )
            )

    def _check_arriving_lot(self, lot):
        """E01 E03: a new lot needs its date, a known one keeps it."""
        if not self.product_id.use_expiration_date or self.product_id.tracking == "none":
            return
        if not lot and self.lot_name and not self.expiration_date:
            raise ValidationError(
                self.env._(
                    "Lot %(lot)s of %(product)s has no expiry date. Read it from the label and"
                    " enter it.",
                    lot=self.lot_name,
                    product=self.product_id.display_name,
                )
            )
        moments = (lot.expiration_date, self.expiration_date)
        if not all(moments):
            return
        known, typed = map(self.location_dest_id.warehouse_id._get_lot_day, moments)
        if known != typed:
            raise ValidationError(
                self.env._(
                    "Lot %(lot)s of %(product)s is known to expire on %(known)s, the receipt says"
                    " %(typed)s. Ask the brand which one is right.",
                    lot=lot.name,
                    product=self.product_id.display_name,
                    known=known,
                    typed=typed,
                )
            )

    def _find_lots(self):
        """The lot of each line, or the one that Odoo will find for its name: ``{line: lot}``."""
        named = self.filtered(lambda line: line.lot_name and not line.lot_id)
        lots = self.lot_id.browse()
        if named:
            lots = lots.search(
                [
                    ("product_id", "in", named.product_id.ids),
                    ("name", "in", named.mapped("lot_name")),
                    ("company_id", "in", [False, *named.company_id.ids]),
                ]
            )
        found = lots.grouped(lambda lot: (lot.product_id, lot.name))
        return {
            line: line.lot_id
            or found.get((line.product_id, line.lot_name), lots.browse()).filtered(
                lambda lot, line=line: lot.company_id in (line.company_id, lot.company_id.browse())
            )[:1]
            for line in self
        }

    def _get_arrival_obstacles(self, lots):
        """What a supervisor may override, as ``{line: [LotObstacle, ...]}``.

        :param lots: what ``_find_lots`` says of these lines.
        """
        obstacles = {}
        from_brand = self.filtered(lambda line: line.location_id.usage == "supplier")
        for line in from_brand:
            short = line._get_short_life(lots[line])
            if short and short.action == "refuse":
                obstacles[line] = [LotObstacle("short_on_arrival", short.message, SUPERVISOR)]
        planned = from_brand.picking_id.move_ids.filtered(lambda move: move.state != "cancel")
        planned = planned.grouped(lambda move: (move.picking_id, move.product_id))
        groups = from_brand.grouped(lambda line: (line.picking_id or line.move_id, line.product_id))
        for group, lines in groups.items():
            over = lines._get_over_receipt(planned.get(group, lines.move_id.browse()))
            if over:
                obstacles.setdefault(lines[0], []).append(
                    LotObstacle("over_receipt", over, SUPERVISOR)
                )
        return obstacles

    def _get_lot_obstacles(self, taken=False):
        arriving = self._get_arriving()
        obstacles = super(StockMoveLine, self - arriving)._get_lot_obstacles(taken)
        return {**obstacles, **arriving._get_arrival_obstacles(arriving._find_lots())}

    def _get_all_obstacles(self):
        """What comes in has obstacles of its own, and no scans that the policy asks for."""
        arriving = self._get_arriving()
        obstacles = super(StockMoveLine, self - arriving)._get_all_obstacles()
        return {**obstacles, **arriving._get_arrival_obstacles(arriving._find_lots())}

    def _get_over_receipt(self, planned):
        """Why these lines, all of one product and receipt, bring more than may come; or None.

        :param planned: the moves of the product on the receipt.
        """
        product = self.product_id
        expected = sum((self.move_id | planned).mapped("product_qty"))
        quantity = sum(self.mapped("quantity_product_uom"))
        if product.uom_id.compare(quantity, expected) <= 0:
            return None
        rules = self.env["stock.lot.arrival"]
        owner = self[0].owner_id or product.owner_id
        limit = rules._get_limit(self.location_dest_id.warehouse_id[:1], owner, product, expected)
        if limit is None or product.uom_id.compare(quantity, limit) <= 0:
            return None
        return rules._describe_over(product, quantity, expected, limit)

    def _get_short_life(self, lot):
        warehouse = self.location_dest_id.warehouse_id
        expiry = warehouse._get_lot_day(lot.expiration_date or self.expiration_date)
        return self.env["stock.lot.arrival"]._judge_life(
            warehouse, self.owner_id or self.product_id.owner_id, self.product_id, expiry
        )

    def _hold_damaged(self):
        """Hold what came damaged in the place where it lies; good units of the lot stay free."""
        holds = self.env["stock.lot.hold"].sudo()
        reason = self.env.ref("lot_fefo_3pl.hold_reason_damaged")
        for line in self.filtered("arrival_damage"):
            place = line.location_dest_id
            if line.lot_id:
                holds._hold(line.lot_id, reason, note=line.arrival_damage, location=place)
            else:
                holds.create(
                    {
                        "product_id": line.product_id.id,
                        "reason_id": reason.id,
                        "note": line.arrival_damage,
                        "location_id": place.id,
                    }
                )

    def _hold_short_lived(self):
        """S9: goods with too little life come in on hold, for QA to decide."""
        lots = self.lot_id.browse()
        for line in self.filtered("lot_id"):
            short = line._get_short_life(line.lot_id)
            if short and short.action == "hold":
                lots |= line.lot_id
        if lots:
            self.env["stock.lot.hold"].sudo()._hold(
                lots,
                self.env.ref("lot_fefo_3pl.hold_reason_short_dated"),
                note=self.env._("Came in short-dated."),
            )
