from odoo import api, models

from ..tools.lot_consignees import group_by_consignee


class StockLotReportLot(models.AbstractModel):
    """The way of one lot as a picture: the trace's, of the brand's units only."""

    _inherit = "stock.lot.report.lot"

    @api.model
    def _get_graph(self, scope, lot):
        """The ``graph`` of the trace's ``overview`` without what is not the brand's."""
        trace, genealogy = self.env["stock.lot.trace"], self.env["stock.lot.genealogy"]
        balance = self._get_balance_rows(scope, lot)
        owner_ids = {row["owner_id"] or lot.owner_id.id for row in balance}

        def own(method):
            return [row for owner_id in owner_ids for row in method(lot.ids, owner_id=owner_id)]

        result = {
            "lot": trace._overview_lot(lot),
            "balance": balance,
            "receipts": own(trace.backward),
            "stock": own(trace.on_hand),
            "made_of": self._get_own_links(scope, genealogy.ancestors(lot.ids), "parent"),
            "went_into": self._get_own_links(scope, genealogy.descendants(lot.ids), "child"),
        }
        return trace._get_graph(result, group_by_consignee(own(trace.forward)))

    @api.model
    def _get_own_links(self, scope, links, side):
        """The links whose lot on that side is the brand's."""
        lots = self.env["stock.lot"].browse({link[f"{side}_lot_id"] for link in links} - {False})
        own = set(lots.filtered(lambda lot: lot.owner_id.id in scope.owner_ids).ids)
        return [link for link in links if link[f"{side}_lot_id"] in own]
