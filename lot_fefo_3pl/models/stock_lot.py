from odoo import Command, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .locking import write_rows

BINS_SHOWN = 2


class StockLot(models.Model):
    _inherit = "stock.lot"

    owner_id = fields.Many2one(
        "res.partner",
        string="Brand",
        compute="_compute_owner_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="The client whose goods these are. Taken from the product when it has a brand.",
    )
    hold_ids = fields.One2many("stock.lot.hold", "lot_id", "Holds")
    is_held = fields.Boolean("Held", compute="_compute_is_held", search="_search_is_held")
    hold_summary = fields.Char("Held for", compute="_compute_is_held")

    is_traceability_listed = fields.Boolean(related="product_id.is_traceability_listed")
    tlc_source_id = fields.Many2one(
        "res.partner",
        "Lot Code Assigned by",
        help="The place where the traceability lot code was assigned (21 CFR 1.1310).",
    )
    tlc_source_reference = fields.Char(
        "Lot Code Source Reference",
        help="Leads to that place where it is not named: a web address, an FDA registration.",
    )

    bin_summary = fields.Char("Bins", compute="_compute_bin_summary")

    @api.depends("quant_ids.quantity", "quant_ids.location_id")
    def _compute_bin_summary(self):
        """Where the goods lie, the first bins by name; all of them are behind the button."""
        quants = self.env["stock.quant"]._read_group(
            [
                ("lot_id", "in", self.ids),
                ("quantity", ">", 0),
                ("location_id.usage", "in", ("internal", "transit")),
            ],
            ["lot_id"],
            ["location_id:recordset"],
        )
        places = {lot: locations.mapped("display_name") for lot, locations in quants}
        for lot in self:
            names = sorted(places.get(lot, []))
            more = f" +{len(names) - BINS_SHOWN}" if len(names) > BINS_SHOWN else ""
            lot.bin_summary = ", ".join(names[:BINS_SHOWN]) + more

    @api.depends("product_id.product_tmpl_id.owner_id")
    def _compute_owner_id(self):
        for lot in self:
            lot.owner_id = lot.product_id.product_tmpl_id.owner_id or lot.owner_id

    @api.depends("hold_ids.is_active", "product_id.lot_hold_ids.is_active")
    def _compute_is_held(self):
        for lot in self:
            holds = lot._get_active_holds()
            lot.is_held = bool(holds)
            lot.hold_summary = ", ".join(holds.reason_id.mapped("name"))

    @api.model
    def _search_is_held(self, operator, value):
        if operator != "in":
            return NotImplemented
        in_force = Domain("is_active", "=", True)
        whole_product = in_force & Domain("scope", "=", "product")
        held = Domain("hold_ids", "any", in_force) | Domain(
            "product_id.lot_hold_ids", "any", whole_product
        )
        return held if True in value else ~held

    def _get_active_holds(self):
        """The holds in force on this lot: its own and those of its whole product."""
        self.ensure_one()
        of_product = self.product_id.lot_hold_ids.filtered(lambda hold: hold.scope == "product")
        return (self.hold_ids | of_product).filtered("is_active")

    def action_hold(self):
        """Open the dialog that holds these lots."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hold"),
            "res_model": "stock.lot.hold.start",
            "view_mode": "form",
            "target": "new",
            "context": {"default_lot_ids": [Command.set(self.ids)]},
        }

    def action_release(self):
        """Open the dialog that releases every hold in force on these lots."""
        return self.hold_ids.filtered("is_active").action_release()

    # Held or gone, never neither ---------------------------------------------------------------

    def _lock_for_hold(self):
        """Make every transaction that moves these lots right now come before or after this one.

        Locks on quants do not do, because Odoo steps around a locked quant by adding a second one.
        """
        write_rows(self)

    def _lock_for_move(self):
        """Keep these lots from being held until this transaction ends; other moves do not wait."""
        if self:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM stock_lot WHERE id = ANY(%(ids)s) ORDER BY id FOR SHARE",
                    ids=self.ids,
                )
            )
