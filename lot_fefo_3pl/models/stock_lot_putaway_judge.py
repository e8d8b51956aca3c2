from odoo import api, models
from odoo.tools import SQL

from ..tools.putaway import Request
from ..tools.segregation import may_share


class StockLotPutaway(models.AbstractModel):
    """A bin that somebody chose: may these goods go there, and where else if not."""

    _inherit = "stock.lot.putaway"

    @api.model
    def _judge_bin(self, goods, place, warehouse, excluded_line_ids=()):
        """Why ``goods`` cannot go to the location ``place``; False when they can.

        :param goods: ``tools.putaway.Goods``.
        :param excluded_line_ids: planned lines that do not count.
        """
        self._flush()
        bins = self._read_bins([(place.id, 0)], SQL("place.id = %s", place.id), 0, 1)
        if not bins:
            return self.env._("%(bin)s is no bin that takes goods", bin=place.display_name)
        self._fill(bins, warehouse, list(excluded_line_ids))
        [(_area, candidate)] = bins
        words = {"bin": place.display_name}
        for there in candidate.contents:
            if not may_share(candidate.lot_rule, candidate.owner_rule, goods, there):
                return self.env._(
                    "%(bin)s cannot take %(came)s: it holds or awaits %(there)s",
                    came=self._describe_contents(goods),
                    there=self._describe_contents(there),
                    **words,
                )
        room = candidate.room_for(goods)
        if room >= goods.quantity:
            return False
        if room <= 0:
            return self.env._("%(bin)s takes no more of these goods", **words)
        return self.env._("%(bin)s has room for %(room)g only", room=room, **words)

    @api.model
    def _describe_contents(self, there):
        product = self.env["product.product"].browse(there.product).sudo()
        owner = self.env["res.partner"].browse(there.owner).sudo()
        name = there.lot[1] if there.lot[0] == there.product else None
        parts = [product.display_name]
        if name:
            parts.append(self.env._("lot %(lot)s", lot=name))
        if owner:
            parts.append(self.env._("of %(owner)s", owner=owner.display_name))
        return ", ".join(parts)

    @api.model
    def _find_free_bin(self, goods, areas, warehouse, near=None, excluded_line_ids=()):
        """The bin that the goods may go to together, beside ``near`` if possible; or none.

        :param goods: a list of ``tools.putaway.Goods``.
        """
        areas = (((near.location_id.id, 0),) if near else ()) + tuple(areas)
        [[(location_id, _part), *_more]] = self._find_bins(
            [Request(goods, areas)], warehouse, excluded_line_ids, claim=False
        )
        return self.env["stock.location"].browse(location_id or ())
