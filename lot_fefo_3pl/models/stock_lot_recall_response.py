from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_round

from .stock_lot_recall_notice import METHODS, NOTIFIED

# What became of the units, in the words of 21 CFR 7.53(b).
FATES = ("on_hand", "returned", "destroyed", "sold")
SUB_RECALL = [
    ("yes", "Yes, they have been told"),
    ("no", "Not yet"),
    ("none", "We passed nothing on"),
]
MAX_TEXT = 2000


class StockLotRecallResponse(models.Model):
    """One answer of a customer. A later answer replaces it in the figures, and both stay."""

    _name = "stock.lot.recall.response"
    _inherit = ["stock.lot.append.only"]
    _description = "Recall Answer"
    _order = "id desc"

    consignee_id = fields.Many2one(
        "stock.lot.recall.consignee", "Customer", required=True, ondelete="restrict", index=True
    )
    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="restrict", index=True)
    date = fields.Datetime("Answered", required=True, default=fields.Datetime.now)
    method = fields.Selection([("web", "Reply page"), *METHODS], "By", required=True, default="web")
    user_id = fields.Many2one("res.users", "Typed by", ondelete="restrict")
    contact = fields.Char("Answered by")
    phone = fields.Char()
    remarks = fields.Text()
    sub_recalled = fields.Selection(SUB_RECALL, "Their Customers Told")
    line_ids = fields.One2many("stock.lot.recall.response.line", "response_id", "Lots")
    company_id = fields.Many2one(related="recall_id.company_id")


class StockLotRecallResponseLine(models.Model):
    _name = "stock.lot.recall.response.line"
    _inherit = ["stock.lot.append.only"]
    _description = "Recall Answer for a Lot"

    response_id = fields.Many2one(
        "stock.lot.recall.response", required=True, ondelete="restrict", index=True
    )
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="restrict")
    quantity = fields.Float("Received", digits="Product Unit")
    on_hand = fields.Float(digits="Product Unit")
    returned = fields.Float(digits="Product Unit")
    destroyed = fields.Float(digits="Product Unit")
    sold = fields.Float("Sold or Used", digits="Product Unit")


class StockLotRecallConsignee(models.Model):
    _inherit = "stock.lot.recall.consignee"

    response_ids = fields.One2many("stock.lot.recall.response", "consignee_id", "Answers")
    answered_on = fields.Datetime("Answered", readonly=True)
    told_on_hand = fields.Float("They Have", digits="Product Unit", readonly=True)
    told_returned = fields.Float("They Sent Back", digits="Product Unit", readonly=True)
    told_destroyed = fields.Float("They Destroyed", digits="Product Unit", readonly=True)
    told_sold = fields.Float("They Sold or Used", digits="Product Unit", readonly=True)
    told_missing = fields.Float(
        "Not Accounted For",
        digits="Product Unit",
        readonly=True,
        help="Shipped to them minus what they told of.",
    )
    sub_recalled = fields.Selection(SUB_RECALL, "Their Customers Told", readonly=True)

    @api.model
    def _find_by_token(self, token):
        """The customer whose reply page this is, or none: unknown, too short, or closed."""
        if not token or len(token) < 40 or token == "preview":
            return self.browse()
        consignee = self.sudo().search([("access_token", "=", token)])
        return consignee if consignee.recall_id.state == "confirmed" else self.browse()

    def _needs_sub_recall(self):
        """Whether this customer is asked to pass the notice on."""
        return self.recall_id.depth != "direct" and not self.is_consumer

    def _record_response(self, quantities, method="web", **values):
        """Keep what a customer told, after checking it against what was shipped.

        :param dict quantities: per lot id a dict of ``on_hand, returned, destroyed, sold``.
        :param str method: ``web`` or how QA learnt it.
        :param values: ``contact``, ``phone``, ``remarks``, ``sub_recalled``.
        :raises UserError: says what does not add up and what to correct.
        """
        self.ensure_one()
        consignee = self.sudo()
        consignee.lock_for_update()
        if consignee.recall_id.state != "confirmed":
            raise UserError(self.env._("This recall is not running any more."))
        values = {name: (text or "").strip()[:MAX_TEXT] or False for name, text in values.items()}
        lines = consignee._check_quantities(quantities, values.get("remarks"))
        consignee._check_sub_recall(values)
        response = (
            self.env["stock.lot.recall.response"]
            .sudo()
            .create(
                {
                    "consignee_id": self.id,
                    "recall_id": consignee.recall_id.id,
                    "method": method,
                    "user_id": self.env.uid if method != "web" else False,
                    "line_ids": [fields.Command.create(line) for line in lines],
                    **values,
                }
            )
        )
        consignee._take_response(response)
        return response

    def _check_quantities(self, quantities, remarks):
        lines = []
        for lot in self._get_letter_lots():
            told = quantities.get(lot["lot_id"], {})
            line = {name: float_round(told.get(name) or 0.0, 6) for name in FATES}
            self._check_line(lot, line, remarks)
            lines.append({"lot_id": lot["lot_id"], "quantity": lot["quantity"], **line})
        return lines

    def _check_line(self, lot, line, remarks):
        if min(line.values()) < 0:
            raise UserError(
                self.env._("Lot %(lot)s: there cannot be less than nothing.", lot=lot["lot"])
            )
        total = sum(line.values())
        places = {"precision_digits": 3}
        words = {
            "lot": lot["lot"],
            "told": f"{total:g}",
            "received": f"{lot['quantity']:g}",
            "missing": f"{lot['quantity'] - total:g}",
        }
        if float_compare(total, lot["quantity"], **places) > 0:
            raise UserError(
                self.env._(
                    "Lot %(lot)s: you tell of %(told)s units, but received %(received)s. Please"
                    " correct the figures.",
                    **words,
                )
            )
        if float_compare(total, lot["quantity"], **places) < 0 and not remarks:
            raise UserError(
                self.env._(
                    "Lot %(lot)s: %(missing)s of %(received)s units are missing in your figures."
                    " Please correct them, or write in the remarks what became of these units.",
                    **words,
                )
            )

    def _check_sub_recall(self, values):
        if not self._needs_sub_recall():
            values["sub_recalled"] = False
        elif values.get("sub_recalled") not in dict(SUB_RECALL):
            raise UserError(self.env._("Please say whether your own customers have been told."))

    def _take_response(self, response):
        """The newest answer gives the figures."""
        lines = response.line_ids
        was_waiting = self.notice_state not in NOTIFIED
        told = {f"told_{name}": sum(lines.mapped(name)) for name in FATES}
        self.write(
            {
                **told,
                "told_missing": sum(lines.mapped("quantity")) - sum(told.values()),
                "sub_recalled": response.sub_recalled,
                "answered_on": response.date,
                "notice_state": "answered",
                "notified_on": self.notified_on or response.date,
            }
        )
        self.env["stock.lot.audit"]._log(
            self.recall_id,
            "recall.answer",
            field_name=self.name,
            new_value=", ".join(
                f"{name.removeprefix('told_').replace('_', ' ')} {value:g}"
                for name, value in told.items()
            ),
            reason=response.remarks,
        )
        self.recall_id._note_notified(is_first=was_waiting)

    def action_type_answer(self):
        """Open the dialog for what a customer said on the phone or wrote. Lot QA only."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer of %(customer)s", customer=self.name),
            "res_model": "stock.lot.recall.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_consignee_id": self.id},
        }

    def action_open(self):
        """Show this customer with its messages and answers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
