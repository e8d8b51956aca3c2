import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_is_zero

PACK = ("status.pdf", "status.xlsx")
# What may still be written on a closed recall: nothing that it says of itself.
AFTER_CLOSE = frozenset({"user_id", "activity_ids", "corrective_actions", "message_follower_ids"})
DIGITS = 3


class StockLotRecallDocument(models.Model):
    """A file of a closed recall with its fingerprint; neither can be changed afterwards."""

    _name = "stock.lot.recall.document"
    _inherit = ["stock.lot.append.only"]
    _description = "Frozen Recall Document"
    _order = "id desc"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="restrict", index=True)
    name = fields.Char(required=True)
    kind = fields.Char(required=True)
    sha256 = fields.Char("SHA-256", required=True)
    size = fields.Integer("Bytes")
    date = fields.Datetime("Frozen", default=fields.Datetime.now, required=True)
    user_id = fields.Many2one("res.users", "By", default=lambda self: self.env.user)
    attachment_id = fields.Many2one("ir.attachment", compute="_compute_attachment_id")
    company_id = fields.Many2one(related="recall_id.company_id")

    def _compute_attachment_id(self):
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )
        by_document = {file.res_id: file for file in files}
        for document in self:
            document.attachment_id = by_document.get(document.id)

    @api.model
    def _freeze(self, recall, kind, content):
        """Keep ``content`` with its SHA-256, here and in the audit trail."""
        digest = hashlib.sha256(content).hexdigest()
        name = f"recall-{recall.name.replace('/', '-')}-{kind}"
        document = self.sudo().create(
            {
                "recall_id": recall.id,
                "name": name,
                "kind": kind,
                "sha256": digest,
                "size": len(content),
                "user_id": self.env.uid,
            }
        )
        self.env["ir.attachment"].sudo().create(
            {"name": name, "raw": content, "res_model": self._name, "res_id": document.id}
        )
        self.env["stock.lot.audit"]._log(recall, "recall.freeze", field_name=name, new_value=digest)
        return document

    def _is_intact(self):
        """Whether the stored file still has the fingerprint that it and the trail were given."""
        self.ensure_one()
        content = self.sudo().attachment_id.raw or b""
        trail = (
            self.env["stock.lot.audit"]
            .sudo()
            .search(
                [
                    ("event", "=", "recall.freeze"),
                    ("res_model", "=", "stock.lot.recall"),
                    ("res_id", "=", self.recall_id.id),
                    ("field_name", "=", self.name),
                ]
            )
        )
        digest = hashlib.sha256(content).hexdigest()
        return digest == self.sha256 and digest in trail.mapped("new_value")

    def action_verify(self):
        """Compute the fingerprint of the stored file anew and say whether it is the one of then."""
        self.ensure_one()
        self.check_access("read")
        intact = self._is_intact()
        self.env["stock.lot.audit"]._log(
            self.recall_id,
            "recall.verify",
            field_name=self.name,
            new_value="intact" if intact else "CHANGED",
        )
        message = (
            self.env._("%(name)s is what was frozen then.", name=self.name)
            if intact
            else self.env._("%(name)s is NOT what was frozen then.", name=self.name)
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if intact else "danger",
                "message": message,
                "sticky": not intact,
            },
        }

    def action_download(self):
        """Download the frozen file."""
        self.ensure_one()
        self.check_access("read")
        return self.recall_id._download(f"frozen/{self.id}")


class StockLotRecall(models.Model):
    """R18: the end of a recall: what is still open, and the files that stay."""

    _inherit = "stock.lot.recall"

    document_ids = fields.One2many(
        "stock.lot.recall.document", "recall_id", "Frozen Documents", readonly=True
    )
    close_reason = fields.Text("Closed Although", readonly=True, copy=False)
    percent_found = fields.Float(
        "Found (%)",
        readonly=True,
        copy=False,
        digits=(16, 2),
        aggregator="avg",
        help="Of all units that came in: delivered to known customers, gone otherwise on record, or"
        " on hand and, where somebody counted, really there.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"close_reason", "percent_found", "document_ids"}

    def write(self, vals):
        if not self.env.su and vals.keys() - AFTER_CLOSE:
            self._check_not_closed()
        return super().write(vals)

    def _check_not_closed(self):
        if any(recall.state == "closed" for recall in self):
            raise UserError(self.env._("This recall is closed. Reopen it with a reason first."))

    def _get_balance(self):
        """What the ledger says of all lots together: in, unexplained, and found in percent."""
        rows = self.env["stock.lot.trace"].mass_balance(self.line_ids.lot_id.ids)
        total = sum(row["total_in"] for row in rows)
        unexplained = sum(abs(row["unexplained"]) for row in rows)
        missing = self.stock_ids._get_missing()
        lost = unexplained + missing
        return {
            "total_in": total,
            "unexplained": unexplained,
            "missing": missing,
            "percent": max(0.0, 100 * (total - lost) / total) if total else 100.0,
            "lots": [row["lot"] for row in rows if row["unexplained"]],
        }

    def _check_balance(self):
        """Note how much was found; the clock of the balance stops when nothing is missing."""
        balance = self._get_balance()
        self.sudo().percent_found = balance["percent"]
        counted = not self.stock_ids or all(self.stock_ids.mapped("count_date"))
        open_units = balance["unexplained"] + balance["missing"]
        if counted and float_is_zero(open_units, precision_digits=DIGITS):
            self._stamp("date_balanced", "recall.balanced")
        return balance

    def action_check_balance(self):
        """See whether everything is accounted for; when it is, the clock of the balance stops.

        Lot QA only.
        """
        self._check_running()
        self._check_balance()
        points = self._get_open_points()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if points else "success",
                "title": self.env._("Found: %(percent)s %%", percent=f"{self.percent_found:g}"),
                "message": " ".join(points) or self.env._("Nothing is open."),
                "sticky": bool(points),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _get_open_points(self):
        """What speaks against closing, in words; empty when everything is done."""
        self.ensure_one()
        points = list(self._get_open_stock_points())
        if not self.is_mock:
            points += self._get_open_customer_points()
        return points

    def _get_open_stock_points(self):
        balance = self._get_balance()
        if not float_is_zero(balance["unexplained"], precision_digits=DIGITS):
            yield self.env._(
                "Units of %(lots)s that nobody can explain: %(quantity)s.",
                quantity=f"{balance['unexplained']:g}",
                lots=", ".join(balance["lots"]),
            )
        uncounted = len(self.stock_ids) - len(self.stock_ids.filtered("count_date"))
        if uncounted:
            yield self.env._("Places not counted: %(count)s.", count=uncounted)
        if balance["missing"]:
            yield self.env._(
                "Units not found where they should be: %(quantity)s.",
                quantity=f"{balance['missing']:g}",
            )
        if not self.is_mock:
            rows = self.env["stock.lot.trace"].on_hand(self.line_ids.lot_id.ids)
            here = sum(row["quantity"] for row in rows)
            if not float_is_zero(here, precision_digits=DIGITS):
                yield self.env._(
                    "Units still here, to be destroyed or sent to the brand: %(quantity)s.",
                    quantity=f"{here:g}",
                )

    def _get_open_customer_points(self):
        customers = self.consignee_ids
        waiting = len(customers) - self.notified_count
        silent = len(customers) - self.answered_count
        missing = sum(customers.filtered("answered_on").mapped("told_missing"))
        counted = (
            (waiting, self.env._("Customers not notified: %(count)s.")),
            (silent, self.env._("Customers without an answer: %(count)s.")),
            (missing, self.env._("Units that customers cannot account for: %(count)s.")),
            (
                self.check_count - self.checked_count,
                self.env._("Effectiveness checks not made: %(count)s."),
            ),
        )
        points = [text % {"count": f"{count:g}"} for count, text in counted if count]
        if self.check_level != "E" and not self.check_date and customers:
            points.append(self.env._("The sample of the effectiveness checks is not drawn."))
        return points

    def action_close(self):
        """Close the recall; what is still open asks for a reason. Lot QA only."""
        self._check_running()
        points = self._get_open_points()
        if not points:
            return self._close()
        action = self._ask_reason("close", self.env._("Close With Open Points"))
        action["context"]["default_hint"] = "\n".join(points)
        return action

    def _close(self, reason=None):
        """End the recall and freeze its files with their fingerprints. Lot QA only.

        :raises UserError: something is open and no reason is given.
        """
        self._check_running()
        self.lock_for_update()
        points = self._get_open_points()
        if points:
            self.env["stock.lot.audit"]._check_reason(reason)
        self._check_balance()
        self._stamp("date_closed")
        self.sudo().write({"state": "closed", "close_reason": reason})
        self.env["stock.lot.audit"]._log(
            self, "recall.close", old_value="\n".join(points), reason=reason
        )
        for kind in PACK:
            self.env["stock.lot.recall.document"]._freeze(self, kind, self._get_document(kind))
        self.activity_unlink(["mail.mail_activity_data_todo"])

    def action_reopen(self):
        """Open the dialog that asks why a closed recall goes on. Lot QA only."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reopen"),
            "res_model": "stock.lot.recall.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_recall_id": self.id, "default_step": "reopen"},
        }

    def _reopen(self, reason):
        """A closed recall goes on; its frozen files stay beside those of the next close."""
        self.ensure_one()
        self.check_access("write")
        self.env["stock.lot.audit"]._check_reason(reason)
        if self.state != "closed":
            raise UserError(self.env._("Only a closed recall is reopened."))
        self.env["stock.lot.audit"]._log(
            self, "recall.reopen", old_value=str(self.date_closed), reason=reason
        )
        self.sudo().write({"state": "confirmed", "date_closed": False, "close_reason": False})

    def _get_frozen(self, kind):
        """The newest frozen file of that kind of a closed recall, or None."""
        if self.state != "closed":
            return None
        return self.document_ids.filtered(lambda document: document.kind == kind)[:1]
