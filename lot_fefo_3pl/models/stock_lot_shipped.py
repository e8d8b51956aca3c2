from odoo import api, fields, models
from odoo.fields import Domain


class StockLot(models.Model):
    """The form of a lot that went to thousands of customers opens like that of any other.

    Odoo reads every delivery and the name of every customer for it. Where lot control is on the
    form counts the deliveries; who got how much is in the trace, page by page.
    """

    _inherit = "stock.lot"

    shipped_count = fields.Integer(
        "Deliveries",
        compute="_compute_shipped_count",
        help="Transfers that brought units of this lot to a customer.",
    )

    def _compute_shipped_count(self):
        counts = dict(
            self.env["stock.move.line"]._read_group(
                self.env["stock.lot.trace"]._domain_shipped(self),
                ["lot_id"],
                ["picking_id:count_distinct"],
            )
        )
        for lot in self:
            lot.shipped_count = counts.get(lot._origin, 0)

    def action_view_shipped(self):
        """Open the deliveries of this lot."""
        self.ensure_one()
        shipped = self.env["stock.lot.trace"]._domain_shipped(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Deliveries of %(lot)s", lot=self.display_name),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": list(Domain("move_line_ids", "any", shipped)),
            "context": {"create": False},
        }

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env["stock.warehouse"]._has_lot_control())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            counted = "//button[@name='action_view_shipped']"
            listed = "//button[@name='action_lot_open_transfers'] | //field[@name='partner_ids']"
            controlled = self.env["stock.warehouse"]._has_lot_control()
            for node in arch.xpath(listed if controlled else counted):
                node.getparent().remove(node)
        return arch, view
