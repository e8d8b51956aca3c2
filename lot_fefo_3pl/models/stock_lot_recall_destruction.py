from odoo import fields, models
from odoo.exceptions import AccessError, UserError

# Files of these records are evidence.
EVIDENCE_MODELS = ("stock.lot.recall.destruction", "stock.lot.recall.document")
# Who reads a file is not what it says: a signed link may be made.
HARMLESS_FIELDS = frozenset({"access_token"})


class StockLotRecallDestruction(models.Model):
    """R16: recalled units that were destroyed here: how many, when, how, and who saw it."""

    _name = "stock.lot.recall.destruction"
    _inherit = ["stock.lot.append.only"]
    _description = "Destruction of Recalled Goods"
    _order = "id desc"

    recall_id = fields.Many2one("stock.lot.recall", required=True, ondelete="restrict", index=True)
    lot_id = fields.Many2one("stock.lot", required=True, ondelete="restrict")
    location_id = fields.Many2one("stock.location", required=True, ondelete="restrict")
    quantity = fields.Float(digits="Product Unit", required=True)
    date = fields.Date("Destroyed on", required=True)
    method = fields.Char(required=True)
    performer = fields.Char("Destroyed by", required=True)
    witness = fields.Char(required=True)
    user_id = fields.Many2one(
        "res.users", "Entered by", default=lambda self: self.env.user, ondelete="restrict"
    )
    scrap_ref = fields.Char("Scrap Order")
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Evidence", compute="_compute_attachment_ids"
    )
    company_id = fields.Many2one(related="recall_id.company_id")

    def _compute_attachment_ids(self):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        by_record = self.env["ir.attachment"].search(domain).grouped("res_id")
        for destruction in self:
            destruction.attachment_ids = by_record.get(destruction.id)


class StockLotRecall(models.Model):
    _inherit = "stock.lot.recall"

    destruction_ids = fields.One2many(
        "stock.lot.recall.destruction", "recall_id", "Destroyed", readonly=True
    )

    def action_destroy(self):
        """Open the dialog that scraps recalled goods with its evidence. Lot QA only."""
        self._check_running()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Destroy Recalled Goods"),
            "res_model": "stock.lot.recall.destroy",
            "view_mode": "form",
            "target": "new",
            "context": {"default_recall_id": self.id},
        }

    def _destroy(self, quant, quantity, attachments, **evidence):
        """Scrap ``quantity`` of a recalled ``quant`` and keep the evidence with it. Lot QA only.

        :param evidence: ``date``, ``method``, ``performer`` and ``witness``.
        :raises UserError: an exercise, goods that are not recalled or not there, no file, or one
            person as performer and witness.
        """
        self._check_running()
        self._check_destruction(quant, quantity, attachments, evidence)
        attachments.check_access("write")
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": quant.product_id.id,
                "lot_id": quant.lot_id.id,
                "owner_id": quant.owner_id.id,
                "package_id": quant.package_id.id,
                "location_id": quant.location_id.id,
                "scrap_qty": quantity,
                "product_uom_id": quant.product_uom_id.id,
                "origin": self.name,
                "company_id": quant.company_id.id,
            }
        )
        scrap.do_scrap()
        destruction = (
            self.env["stock.lot.recall.destruction"]
            .sudo()
            .create(
                {
                    "recall_id": self.id,
                    "lot_id": quant.lot_id.id,
                    "location_id": quant.location_id.id,
                    "quantity": quantity,
                    "user_id": self.env.uid,
                    "scrap_ref": scrap.name,
                    **evidence,
                }
            )
        )
        attachments.sudo().write({"res_model": destruction._name, "res_id": destruction.id})
        self.env["stock.lot.audit"]._log(
            self,
            "recall.destroy",
            lot_id=quant.lot_id.id,
            field_name=quant.location_id.complete_name,
            new_value=f"{quantity:g}",
            reason=", ".join((evidence["method"], evidence["performer"], evidence["witness"])),
        )
        return destruction

    def _check_destruction(self, quant, quantity, attachments, evidence):
        if self.is_mock:
            raise UserError(self.env._("This is an exercise: nothing is destroyed."))
        if quant.lot_id not in self.line_ids.lot_id or quant.location_id.usage != "internal":
            raise UserError(self.env._("Choose goods of this recall that are in the house."))
        if quant.product_uom_id.compare(quantity, 0) <= 0:
            raise UserError(self.env._("Say how many units were destroyed."))
        if quant.product_uom_id.compare(quantity, quant.quantity) > 0:
            raise UserError(
                self.env._(
                    "There are %(quantity)s units in %(place)s, not more.",
                    quantity=f"{quant.quantity:g}",
                    place=quant.location_id.complete_name,
                )
            )
        if not attachments:
            raise UserError(self.env._("Attach the certificate or a photo of the destruction."))
        names = [evidence[name].strip().casefold() for name in ("performer", "witness")]
        if not all(names) or names[0] == names[1]:
            raise UserError(self.env._("Two persons: one destroys, another one sees it."))


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if vals.keys() - HARMLESS_FIELDS:
            self._check_recall_evidence()
        return super().write(vals)

    def unlink(self):
        self._check_recall_evidence()
        return super().unlink()

    def _check_recall_evidence(self):
        """The files of a destruction and of a closed recall stay as they are, for everybody."""
        if any(attachment.res_model in EVIDENCE_MODELS for attachment in self.sudo()):
            raise AccessError(
                self.env._("This file is evidence of a recall and cannot be changed or removed.")
            )
