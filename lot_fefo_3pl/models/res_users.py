from dataclasses import dataclass

from odoo import models


@dataclass(frozen=True)
class LotScope:
    """Whose goods, in which companies, may be shown to somebody outside the warehouse."""

    brand_id: int
    owner_ids: tuple
    company_ids: tuple


class ResUsers(models.Model):
    _inherit = "res.users"

    def _get_lot_scope(self):
        """The goods that this user may see in the portal: those of the user's brand.

        The brand is the commercial partner, so that every colleague sees the same goods, and goods
        recorded under a contact of the brand are the brand's. A company below another one is a
        brand of its own. This is the only place where the portal decides whose goods to show.
        """
        self.ensure_one()
        brand = self.sudo().partner_id.commercial_partner_id
        return brand._get_lot_scope(self.env["res.company"].browse(self._get_company_ids()))
