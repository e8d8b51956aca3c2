from base64 import b64encode

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.digest import period_start, read_days
from ..tools.sheet import to_workbook
from .res_users import LotScope

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How many lots the mail itself names; all of them are in the workbook.
NAMED_LOTS = 10
DEFAULT_DAYS = "30,60,90"


class ResPartner(models.Model):
    """A brand is e-mailed what expires, as often as it wants, and only when something does."""

    _inherit = "res.partner"

    lot_digest_frequency = fields.Selection(
        [("daily", "Daily"), ("weekly", "Weekly"), ("monthly", "Monthly"), ("off", "Never")],
        "Expiry Digest",
        default="weekly",
        groups="base.group_user",
        help="How often the brand is e-mailed its expiring lots. The brand chooses in the portal.",
    )
    lot_digest_days = fields.Char(
        "Days Left in the Digest",
        default=DEFAULT_DAYS,
        groups="base.group_user",
        help="Up to three numbers of days. What expires later than the last one is left out.",
    )
    lot_digest_partner_ids = fields.Many2many(
        "res.partner",
        "res_partner_lot_digest_rel",
        "brand_id",
        "contact_id",
        string="Digest Goes to",
        domain="[('commercial_partner_id', '=', id)]",
        groups="base.group_user",
        help="Contacts of the brand. Empty: the brand's own e-mail address.",
    )
    lot_digest_period = fields.Date(
        "Digest Period", readonly=True, copy=False, groups="base.group_user"
    )
    lot_digest_date = fields.Datetime(
        "Last Digest", readonly=True, copy=False, groups="base.group_user"
    )

    @api.constrains("lot_digest_days")
    def _check_lot_digest_days(self):
        for partner in self:
            try:
                partner._get_lot_digest_days()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "%(days)s: write one to three numbers of days between commas, for example"
                        " 30, 60, 90.",
                        days=partner.lot_digest_days,
                    )
                ) from error

    def _get_lot_digest_days(self):
        return read_days((self.lot_digest_days or DEFAULT_DAYS).split(","))

    # Whose goods -------------------------------------------------------------------------------

    @api.model
    def _get_lot_brands(self, warehouses):
        """The brands whose goods ``warehouses`` handle: owners of products and of stock."""
        products = self.env["product.template"]._read_group(
            Domain("owner_id", "!=", False)
            & Domain("company_id", "in", [*warehouses.company_id.ids, False]),
            aggregates=["owner_id:recordset"],
        )
        owners = products[0][0] | self._get_stock_owners(warehouses, SQL("TRUE"))
        return owners.commercial_partner_id

    def _filter_stock_owners(self, warehouses):
        """Those of the partners that own stock in ``warehouses``."""
        return self._get_stock_owners(warehouses, SQL("owner.id = ANY(%s)", self.ids))

    @api.model
    def _get_stock_owners(self, warehouses, condition):
        """One look into an index for each owner, instead of reading all the stock."""
        self.env["stock.quant"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT owner.id FROM res_partner owner
                 WHERE %(condition)s AND EXISTS (
                    SELECT FROM stock_quant quant
                      JOIN stock_location place ON place.id = quant.location_id
                     WHERE quant.owner_id = owner.id AND quant.quantity > 0
                       AND place.warehouse_id = ANY(%(warehouses)s)
                 )
                """,
                condition=condition,
                warehouses=warehouses.ids,
            )
        )
        return self.browse(owner_id for (owner_id,) in rows)

    def _get_lot_scope(self, companies):
        """The goods of this brand in ``companies``: see ``res.users._get_lot_scope``."""
        self.ensure_one()
        owners = self.with_context(active_test=False)._search(
            [("commercial_partner_id", "=", self.id)]
        )
        return LotScope(self.id, tuple(owners), tuple(companies.ids))

    # Sending -----------------------------------------------------------------------------------

    @api.model
    def _send_lot_digests(self):
        """Send what is due, each brand once in its period; called by the scheduled job."""
        companies = self.env["res.company"].search([("lot_digest", "=", True)])
        warehouses = self.env["stock.warehouse"].search(
            [("company_id", "in", companies.ids), ("lot_control", "=", True)], order="sequence, id"
        )
        brands = self._get_lot_brands(warehouses) if warehouses else self.browse()
        due = brands.filtered(lambda brand: brand._is_lot_digest_due(warehouses))
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(due))
        for brand in due:
            brand._send_lot_digest(warehouses)
            if not cron._commit_progress(1):
                break

    def _is_lot_digest_due(self, warehouses):
        if self.lot_digest_frequency in (False, "off") or not self._get_lot_digest_recipients():
            return False
        start = self._get_lot_digest_start(warehouses)
        return not self.lot_digest_period or self.lot_digest_period < start

    def _get_lot_digest_start(self, warehouses):
        return period_start(self.lot_digest_frequency, warehouses[:1]._get_lot_today())

    def _get_lot_digest_recipients(self):
        contacts = self.lot_digest_partner_ids.filtered(
            lambda contact: contact.email and contact.commercial_partner_id == self
        )
        return contacts or self.filtered("email")

    def _send_lot_digest(self, warehouses):
        """Put this brand's digest in the mail queue, unless there is nothing in it.

        The period counts as done either way.
        """
        self.ensure_one()
        companies = warehouses.company_id
        brand = self.with_context(lang=self.lang).with_company(companies[:1])
        digest = brand.env["stock.lot.report.digest"]._get_digest(
            brand._get_lot_scope(companies), brand._get_lot_digest_days()
        )
        brand.lot_digest_period = brand._get_lot_digest_start(warehouses)
        if digest["rows"]:
            mail = brand.env["mail.mail"].sudo().create(brand._prepare_lot_digest_mail(digest))
            brand._attach_lot_digest(mail, digest)
            brand.lot_digest_date = fields.Datetime.now()

    def _prepare_lot_digest_mail(self, digest):
        company = self.env.company
        body = self.env["ir.qweb"]._render(
            "lot_fefo_3pl.lot_digest_body",
            {
                "brand": self,
                "company": company,
                "digest": digest,
                "named": digest["rows"][:NAMED_LOTS],
                "report": self.env["stock.lot.report.digest"],
                "base_url": self.get_base_url(),
            },
        )
        return {
            "subject": self.env._(
                "%(company)s: expiring lots of %(brand)s (%(count)s)",
                company=company.name,
                brand=self.name,
                count=len(digest["rows"]),
            ),
            "body_html": self.env["mail.render.mixin"]._replace_local_links(body),
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "recipient_ids": [(6, 0, self._get_lot_digest_recipients().ids)],
            "auto_delete": True,
            "state": "outgoing",
        }

    def _attach_lot_digest(self, mail, digest):
        """The workbook goes with its mail: it is deleted with it when that has been sent."""
        report = self.env["stock.lot.report.digest"]
        content = to_workbook(report._get_sheets(digest))
        mail.attachment_ids = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{report._get_sheet_title()} {fields.Date.context_today(self)}.xlsx",
                    "datas": b64encode(content),
                    "mimetype": XLSX,
                    "res_model": "mail.message",
                    "res_id": mail.mail_message_id.id,
                }
            )
        )
