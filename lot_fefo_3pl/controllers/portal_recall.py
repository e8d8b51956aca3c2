from odoo.fields import Domain
from odoo.http import request, route

from ..models.stock_lot_report import MAX_ID
from .portal import FORMATS, READ, LotPortal


class LotRecallPortal(LotPortal):
    """One recall of the brand's lots: what was found and who has the goods."""

    @route(
        ["/my/lots/recalls/<int:recall_id>", "/my/lots/recalls/<int:recall_id>/page/<int:page>"],
        **READ,
    )
    def portal_my_lot_recall(self, recall_id, page=1, **params):
        recall = self._get_visible_recall(recall_id)
        return self._render_lot_report(
            "recall_customer",
            f"/my/lots/recalls/{recall.id}",
            page,
            params,
            template="portal_lot_recall",
            fixed={"recall_id": recall.id},
            recall=recall,
            summary=self._get_lot_report("recall")._format_recall(self._get_lot_scope(), recall),
        )

    @route(f"/my/lots/recalls/<int:recall_id>.<{FORMATS}:kind>", **READ)
    def portal_my_lot_recall_file(self, recall_id, kind, **params):
        recall = self._get_visible_recall(recall_id)
        return self._export_lot_report("recall_customer", kind, params, {"recall_id": recall.id})

    def _get_visible_recall(self, recall_id):
        """The recall, when it is the user's brand's; otherwise the same answer as for none."""
        report = self._get_lot_report("recall")
        if recall_id > MAX_ID:
            raise request.not_found()
        domain = report._get_scope_domain(self._get_lot_scope()) & Domain("id", "=", recall_id)
        recall = request.env["stock.lot.recall"].sudo().search(domain)
        if not recall:
            raise request.not_found()
        return recall
