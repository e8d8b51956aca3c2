from odoo.http import request, route

from ..tools.digest import MOST_DAYS, read_days
from .portal import READ, LotPortal


class LotAlertsPortal(LotPortal):
    """What the brand is e-mailed, how often, and who gets it: chosen by the brand itself."""

    @route("/my/lots/alerts", **READ)
    def portal_my_lot_alerts(self, answer=None):
        report, scope = self._get_lot_report("digest"), self._get_lot_scope()
        brand = request.env["res.partner"].sudo().browse(scope.brand_id)
        companies = request.env["res.company"].sudo().browse(scope.company_ids)
        values = {
            **self._prepare_lot_layout_values("digest", report),
            "brand": brand,
            "contacts": self._get_lot_digest_contacts(scope),
            "days": brand._get_lot_digest_days(),
            "most_days": MOST_DAYS,
            "frequencies": dict(
                brand._fields["lot_digest_frequency"]._description_selection(request.env)
            ),
            "is_on": any(companies.mapped("lot_digest")),
            "has_lots": report._has_lots(scope),
            "answer": answer,
        }
        return request.render("lot_fefo_3pl.portal_lot_alerts", values)

    @route("/my/lots/alerts", type="http", auth="user", website=True, methods=["POST"])
    def portal_my_lot_alerts_save(self, frequency="", **params):
        report, scope = self._get_lot_report("digest"), self._get_lot_scope()
        brand = request.env["res.partner"].sudo().browse(scope.brand_id)
        frequencies = dict(brand._fields["lot_digest_frequency"].selection)
        if not report._has_lots(scope) or frequency not in frequencies:
            return self._answer_lot_alerts("refused")
        try:
            days = read_days(request.httprequest.form.getlist("days"))
        except ValueError:
            return self._answer_lot_alerts("days")
        chosen = set(request.httprequest.form.getlist("contacts"))
        contacts = self._get_lot_digest_contacts(scope)
        brand.write(
            {
                "lot_digest_frequency": frequency,
                "lot_digest_days": ",".join(map(str, days)),
                "lot_digest_partner_ids": contacts.filtered(
                    lambda contact: str(contact.id) in chosen
                ),
            }
        )
        return self._answer_lot_alerts("saved")

    def _answer_lot_alerts(self, answer):
        return request.redirect_query("/my/lots/alerts", {"answer": answer})

    def _get_lot_digest_contacts(self, scope):
        """Who may get the digest: the brand and its contacts that have an e-mail address."""
        return (
            request.env["res.partner"]
            .sudo()
            .search([("id", "in", scope.owner_ids), ("email", "!=", False)], order="id", limit=50)
        )
