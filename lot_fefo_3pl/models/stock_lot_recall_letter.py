import hashlib

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("product", "PRODUCT"),
    ("food", "FOOD"),
    ("supplement", "DIETARY SUPPLEMENT"),
    ("drug", "DRUG"),
    ("device", "MEDICAL DEVICE"),
    ("cosmetic", "COSMETIC"),
]
URGENT_CLASSES = ("class_1", "class_2")
# What the letter says; a change after the approval needs a new one.
LETTER_FIELDS = frozenset(
    {
        "letter_kind",
        "letter_reason",
        "letter_hazard",
        "letter_instructions",
        "letter_contact",
        "letter_template_id",
        "consumer_template_id",
        "depth",
        "recall_class",
    }
)


class StockLotRecall(models.Model):
    """What the customers are told (21 CFR 7.49): one text for mail, paper and the portal."""

    _inherit = "stock.lot.recall"

    letter_kind = fields.Selection(
        KINDS,
        "Marked as",
        required=True,
        default="product",
        help="Stands in the marking of the letter: FOOD RECALL, DRUG RECALL ... (21 CFR 7.49(b))",
    )
    letter_reason = fields.Text(
        "What Customers Read as Reason", help="Brief and to the point. Empty: the recall's reason."
    )
    letter_hazard = fields.Text(
        "Hazard", help="What can happen to whom. Empty: no hazard is named."
    )
    letter_instructions = fields.Text(
        "Instructions",
        help="What to do with the goods. Empty: set them aside and wait for the return label.",
    )
    letter_contact = fields.Char(
        "Contact", help="Who answers questions, with phone and e-mail. Empty: the responsible user."
    )
    letter_template_id = fields.Many2one(
        "mail.template",
        "Letter to Businesses",
        domain="[('model', '=', 'stock.lot.recall.consignee')]",
        default=lambda self: self.env.ref("lot_fefo_3pl.recall_letter_template", False),
        ondelete="restrict",
    )
    consumer_template_id = fields.Many2one(
        "mail.template",
        "Letter to Consumers",
        domain="[('model', '=', 'stock.lot.recall.consignee')]",
        default=lambda self: self.env.ref("lot_fefo_3pl.recall_consumer_template", False),
        ondelete="restrict",
    )

    def _get_marking(self):
        """The marking that letter, envelope and subject carry (21 CFR 7.49(b))."""
        self.ensure_one()
        kind = dict(self._fields["letter_kind"]._description_selection(self.env))[self.letter_kind]
        if self.recall_class == "withdrawal":
            text = self.env._("%(kind)s MARKET WITHDRAWAL", kind=kind)
        else:
            text = self.env._("%(kind)s RECALL", kind=kind)
        if self.recall_class in URGENT_CLASSES:
            text = self.env._("URGENT: %(marking)s", marking=text)
        return self.env._("EXERCISE: %(marking)s", marking=text) if self.is_mock else text

    def _get_letter_contact(self):
        self.ensure_one()
        if self.letter_contact:
            return self.letter_contact
        person = self.user_id.partner_id or self.company_id.partner_id
        return ", ".join(filter(None, (person.name, person.phone, person.email)))

    def _get_letter_goods(self):
        """What is recalled: one dict per lot with product, code, size, lot and expiry."""
        calendar = self.env["stock.lot"]._get_retention_calendar(self.company_id)
        return [
            {
                "product": line.product_id.name,
                "code": line.product_id.barcode or line.product_id.default_code or "",
                "lot": line.lot_id.name,
                "expiry": calendar._get_lot_day(line.expiration_date),
            }
            for line in self.line_ids
        ]

    def _get_letter_hash(self):
        """The fingerprint of everything that decides what the letters say."""
        self.ensure_one()
        parts = []
        for template in (self.letter_template_id, self.consumer_template_id):
            for lang in (None, *(code for code, _name in self.env["res.lang"].get_installed())):
                localized = template.with_context(lang=lang)
                parts += [localized.subject or "", str(localized.body_html or "")]
            # Sender and enclosures are part of what the customer gets.
            parts += [template.email_from or "", template.reply_to or ""]
            parts += sorted(template.sudo().attachment_ids.mapped(lambda file: file.checksum or ""))
            parts += sorted(template.report_template_ids.mapped("report_name"))
        parts += [str(self[name] or "") for name in sorted(LETTER_FIELDS)]
        parts.append(self._get_letter_contact())
        parts += [self.reason or "", *sorted(self.line_ids.lot_id.mapped("name"))]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _get_sample_letters(self):
        """The letters as one business and one consumer of the list get them: (customer, subject,
        HTML), with a reply link that leads nowhere."""
        self.ensure_one()
        samples = [group[:1] for group in self.consignee_ids.grouped("is_consumer").values()]
        return [
            (sample, sample._render_subject(), sample._render_letter())
            for sample in (
                record.with_context(lot_fefo_3pl_preview=True)
                for record in samples
                if record._get_template()
            )
        ]

    def _check_templates(self):
        if not self.letter_template_id or not self.consumer_template_id:
            raise UserError(self.env._("Choose the letters to businesses and to consumers first."))

    def action_preview_letter(self):
        """Show a letter as its recipient gets it."""
        self.ensure_one()
        self._check_templates()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letter"),
            "res_model": "stock.lot.recall.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_recall_id": self.id},
        }


class StockLotRecallConsignee(models.Model):
    _inherit = "stock.lot.recall.consignee"

    is_consumer = fields.Boolean(
        compute="_compute_is_consumer", help="A private person gets the letter in plain words."
    )
    lang = fields.Char("Language", compute="_compute_is_consumer")

    @api.depends("partner_id")
    def _compute_is_consumer(self):
        for consignee in self:
            partner = consignee.partner_id.sudo()
            consignee.is_consumer = bool(partner) and not partner.is_company
            consignee.lang = partner.lang

    def _get_template(self):
        self.ensure_one()
        recall = self.recall_id
        return recall.consumer_template_id if self.is_consumer else recall.letter_template_id

    def _render_letter(self):
        """The letter to this customer as safe HTML, in its language."""
        return Markup(self._render("body_html"))

    def _render_subject(self):
        return self._render("subject")

    def _render(self, name):
        self.ensure_one()
        template = self._get_template().sudo()
        if not self._may_see_reply_key():
            template = template.with_context(lot_fefo_3pl_preview=True)
        return template._render_field(name, self.ids, compute_lang=True)[self.id]

    def _get_letter_lots(self):
        """What this customer received: one dict per lot."""
        self.ensure_one()
        company = self.recall_id.company_id
        calendar = self.env["stock.lot"]._get_retention_calendar(company)
        sums = {}
        for row in self.shipment_ids:
            values = sums.setdefault(
                row.lot_id.id,
                {
                    "lot_id": row.lot_id.id,
                    "product": row.product_id.name or row.product,
                    "code": row.product_id.barcode or row.product_id.default_code or "",
                    "lot": row.lot,
                    "expiry": calendar._get_lot_day(row.expiry),
                    "uom": row.uom,
                    "quantity": 0.0,
                    "orders": [],
                },
            )
            values["quantity"] = round(values["quantity"] + row.quantity, 6)
            if row.origin and row.origin not in values["orders"]:
                values["orders"].append(row.origin)
        return list(sums.values())
