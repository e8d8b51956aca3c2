from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from ..models.stock_lot_report import MAX_ID
from .portal import FORMATS, READ, LotPortal
from .recall import make_recall_file

MAX_NOTE = 2000
# What the brand can download of a recall, beside the table of customers.
DOCUMENTS = ("letter.pdf", "status.pdf", "status.xlsx")


class LotRecallPortal(LotPortal):
    """One recall of the brand's lots: what was found and who has the goods."""

    @route(
        ["/my/lots/recalls/<int:recall_id>", "/my/lots/recalls/<int:recall_id>/page/<int:page>"],
        **READ,
    )
    def portal_my_lot_recall(self, recall_id, page=1, **params):
        recall = self._get_visible_recall(recall_id)
        letters = recall._get_sample_letters() if recall.approval_state != "none" else []
        return self._render_lot_report(
            "recall_customer",
            f"/my/lots/recalls/{recall.id}",
            page,
            params,
            template="portal_lot_recall",
            fixed={"recall_id": recall.id},
            recall=recall,
            letters=letters,
            scope=self._get_lot_scope(),
            facts=self._get_lot_report("recall")._get_facts(),
            answered=params.get("answered"),
            progress=self._get_lot_report("recall")._get_progress(recall),
            summary=self._get_lot_report("recall")._format_recall(self._get_lot_scope(), recall),
        )

    @route(f"/my/lots/recalls/<int:recall_id>.<{FORMATS}:kind>", **READ)
    def portal_my_lot_recall_file(self, recall_id, kind, **params):
        recall = self._get_visible_recall(recall_id)
        return self._export_lot_report("recall_customer", kind, params, {"recall_id": recall.id})

    @route(
        f"/my/lots/recalls/<int:recall_id>/<any({', '.join(DOCUMENTS)}):name>",
        **READ,
    )
    def portal_my_lot_recall_document(self, recall_id, name):
        """A document of the recall; of a closed one the file that was frozen then."""
        recall = self._get_visible_recall(recall_id)
        frozen = recall._get_frozen(name)
        content = frozen.attachment_id.raw if frozen else recall._get_document(name)
        return make_recall_file(recall, name, content)

    @route(
        "/my/lots/recalls/<int:recall_id>/approval",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_my_lot_recall_approval(self, recall_id, decision="", note=""):
        """The brand approves letter and list, or says what should be changed."""
        recall = self._get_visible_recall(recall_id)
        url = f"/my/lots/recalls/{recall.id}"
        if decision not in ("approve", "changes"):
            raise request.not_found()
        if decision == "changes" and not note.strip():
            return request.redirect_query(url, {"answered": "empty"})
        try:
            recall._answer_approval(decision == "approve", note[:MAX_NOTE])
        except UserError:
            decision = "refused"
        return request.redirect_query(url, {"answered": decision})

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
