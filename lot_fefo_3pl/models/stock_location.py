from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import column_exists

LOT_SEGREGATION = [
    ("mixed", "Mixed"),
    ("expiry", "Same expiry day"),
    ("package", "One lot per package"),
    ("product", "One lot per product"),
    ("lot", "One lot only"),
]
OWNER_SEGREGATION = [("mixed", "Mixed"), ("owner", "One owner")]
INHERIT = ("inherit", "As the parent location")
# The places where goods lie side by side. The rest stands for partners, losses and production.
SEGREGATED_USAGES = ("internal", "transit")
# In the context by lot_fefo_3pl_check_later: the caller looks at the stock itself. No client can
# send an object, so none can leave the check out.
CHECK_LATER = object()


def add_rule_column(cr, table, column, default):
    """Add a column for a rule, with the same value in every row, at no cost."""
    if not column_exists(cr, table, column):
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD COLUMN %s varchar NOT NULL DEFAULT %s",
                SQL.identifier(table),
                SQL.identifier(column),
                default,
            )
        )


class StockLocation(models.Model):
    _inherit = "stock.location"

    lot_control = fields.Boolean(related="warehouse_id.lot_control")
    lot_segregation = fields.Selection(
        [INHERIT, *LOT_SEGREGATION],
        string="Lots Apart",
        default="inherit",
        required=True,
        help="Which lots may share one location of a warehouse under lot control.\n"
        "Mixed: any.\n"
        "Same expiry day: lots of a product that expire on the same day.\n"
        "One lot per package: each package holds one lot; loose goods one lot per product.\n"
        "One lot per product: different products may share it, each with one lot.\n"
        "One lot only: nothing beside that lot.\n"
        "Serial numbers of a product count as one lot when they expire on the same day.",
    )
    owner_segregation = fields.Selection(
        [INHERIT, *OWNER_SEGREGATION],
        string="Owners Apart",
        default="inherit",
        required=True,
        help="Whether goods of different owners may share one location of a warehouse under lot"
        " control.",
    )
    lot_segregation_effective = fields.Selection(
        LOT_SEGREGATION,
        string="Lot Rule",
        compute="_compute_segregation_effective",
        store=True,
        recursive=True,
        precompute=True,
        required=True,
    )
    owner_segregation_effective = fields.Selection(
        OWNER_SEGREGATION,
        string="Owner Rule",
        compute="_compute_segregation_effective",
        store=True,
        recursive=True,
        precompute=True,
        required=True,
    )

    segregation_pending = fields.Boolean(
        string="Waits for Repair",
        index="btree_not_null",
        copy=False,
        help="This location broke its rule when lot control was switched on. The rule holds as"
        " soon as the goods have been moved apart; until then nothing new may be put here.",
    )

    # Quants refer to it, so that their rule is their location's at any time: see stock.quant.
    _segregation_key = models.Constraint(
        "UNIQUE (lot_segregation_effective, owner_segregation_effective, id)"
    )

    def _auto_init(self):
        """Add the columns with a default of the database: no row is rewritten, none is computed."""
        for name in ("lot_segregation", "owner_segregation"):
            add_rule_column(self.env.cr, self._table, name, "inherit")
            add_rule_column(self.env.cr, self._table, f"{name}_effective", "mixed")
        return super()._auto_init()

    @api.depends(
        "lot_segregation",
        "owner_segregation",
        "segregation_pending",
        "usage",
        "location_id.lot_segregation_effective",
        "location_id.owner_segregation_effective",
        "warehouse_id.lot_control",
    )
    def _compute_segregation_effective(self):
        for location in self:
            for name in ("lot_segregation", "owner_segregation"):
                rule = "mixed"
                if not location.segregation_pending:
                    rule = location._get_intended_segregation(name)
                location[f"{name}_effective"] = rule

    def _get_intended_segregation(self, name):
        """The rule that holds here, or will hold when the location has been repaired."""
        if self.usage not in (*SEGREGATED_USAGES, "view") or not self.warehouse_id.lot_control:
            return "mixed"
        if self[name] == "inherit":
            parent = self.location_id
            return parent._get_intended_segregation(name) if parent else "mixed"
        return self[name] or "mixed"

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"lot_segregation", "owner_segregation", "location_id", "usage"}:
            if self.env.context.get("lot_fefo_3pl_check_later") is not CHECK_LATER:
                self._check_stock_keeps_segregation(self._get_tightened(vals))
                self.filtered("segregation_pending")._resume_segregation()
        return res

    def _get_tightened(self, vals):
        """The locations for which ``vals`` has just chosen a rule of their own."""
        names = [name for name in ("lot_segregation", "owner_segregation") if name in vals]
        return self.filtered(
            lambda place: any(place._get_intended_segregation(name) != "mixed" for name in names)
        )

    def _check_stock_keeps_segregation(self, tightened):
        """Refuse rules that what lies in these locations and below breaks already.

        :param tightened: the locations that are looked at even if they wait for repair.
        """
        self._flush_segregation()
        quants = self.env["stock.quant"].sudo()
        quants.invalidate_model(["lot_segregation", "owner_segregation"])
        quants._check_segregation_in(self, tightened)

    @api.model
    def _flush_segregation(self):
        """Bring the rules into the database, whose foreign key carries them on to the quants."""
        self.flush_model(["lot_segregation_effective", "owner_segregation_effective"])

    def _refuse_hand_made_stock(self, names):
        """A11, F07: stock changes with a move that tells who, when and why, never by hand.

        Odoo itself changes quants as the superuser, and a count only fills in what was counted.

        :param names: the fields of a quant that somebody wants to set in these locations.
        """
        names = {name for name in names if not name.startswith("x_")}
        controlled = self.filtered(lambda location: location._is_lot_controlled())
        if names and controlled:
            raise UserError(
                self.env._(
                    "The stock of %(bin)s cannot be written by hand. Make a transfer, or count the"
                    " location and apply the count.",
                    bin=controlled[0].display_name,
                )
            )
