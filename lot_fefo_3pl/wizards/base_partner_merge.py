from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """G14: plain Odoo hands the goods of a merged brand to another one without a move."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        target = dst_partner or self._get_ordered_partner(partner_ids)[-1:]
        (partners - target)._refuse_for_goods_owner(
            self.env._(
                "%(owner)s owns goods in the warehouse. Merge the other contact into it, or hand"
                " the goods over with a transfer first."
            )
        )
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
