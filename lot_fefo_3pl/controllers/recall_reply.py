from odoo.exceptions import UserError
from odoo.http import Controller, request, route

from ..models.stock_lot_recall_response import FATES

REPLY = {"type": "http", "auth": "public", "website": True, "sitemap": False}


class RecallReplyController(Controller):
    """Where a customer answers a recall letter: no login, only the key in the letter."""

    @route("/recall/reply/<string:token>", methods=["GET"], readonly=True, **REPLY)
    def recall_reply(self, token, done=None):
        consignee = self._find(token)
        return self._render(consignee, is_done=bool(done and consignee.answered_on))

    @route("/recall/reply/<string:token>", methods=["POST"], **REPLY)
    def recall_reply_save(self, token, **form):
        consignee = self._find(token)
        if not consignee:
            return self._render(consignee)
        try:
            with request.env.cr.savepoint():
                consignee._record_response(
                    self._read_quantities(consignee, form),
                    contact=form.get("contact"),
                    phone=form.get("phone"),
                    remarks=form.get("remarks"),
                    sub_recalled=form.get("sub_recalled"),
                )
        except UserError as error:
            return self._render(consignee, form=form, error=str(error))
        return request.redirect_query(f"/recall/reply/{token}", {"done": 1})

    def _find(self, token):
        """The customer of this key; nothing else is readable with it."""
        consignee = request.env["stock.lot.recall.consignee"]._find_by_token(token)
        lang = consignee.lang
        if lang and lang in dict(request.env["res.lang"].sudo().get_installed()):
            request.update_context(lang=lang)
        return consignee.with_context(lang=request.env.lang)

    def _read_quantities(self, consignee, form):
        """What was typed per lot and fate; a comma may stand for the decimal point.

        :raises UserError: naming what is not a number.
        """
        quantities = {}
        for lot in consignee._get_letter_lots():
            quantities[lot["lot_id"]] = told = {}
            for name in FATES:
                text = (form.get(f"{name}_{lot['lot_id']}") or "0").strip().replace(",", ".")
                try:
                    told[name] = float(text)
                    finite = abs(told[name]) < 1e12
                except ValueError:
                    finite = False
                if not finite:
                    raise UserError(
                        request.env._(
                            "Lot %(lot)s: %(text)s is not a number.", lot=lot["lot"], text=text[:20]
                        )
                    )
        return quantities

    def _render(self, consignee, form=None, error=None, is_done=False):
        values = {"consignee": consignee, "error": error, "is_done": is_done, "form": form or {}}
        if consignee:
            values |= {
                "recall": consignee.recall_id,
                "lots": consignee._get_letter_lots(),
                "fates": FATES,
                "sub_recall": consignee._fields["sub_recalled"]._description_selection(
                    consignee.env
                )
                if consignee._needs_sub_recall()
                else (),
                "last": consignee.response_ids[:1],
            }
        response = request.render("lot_fefo_3pl.recall_reply", values)
        response.status_code = 200 if consignee else 404
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
