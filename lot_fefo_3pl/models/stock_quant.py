from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ..tools import segregation
from .stock_location import LOT_SEGREGATION, OWNER_SEGREGATION, add_rule_column

# What a change of a quant can break a rule with.
WATCHED_FIELDS = {"quantity", "product_id", "location_id", "lot_id", "package_id", "owner_id"}
WATCHED_QUANTS = "lot_fefo_3pl.watched_quants"
CONSTRAINTS = SQL(", ").join(
    SQL.identifier(f"stock_quant_segregation_{name}")
    for name in (*segregation.LOT_RULES, "owner", "single_row")
)


class StockQuant(models.Model):
    """Lots are kept apart by the database, whatever changes a quant.

    A quant carries its location's rule, and exclusion constraints compare the quants of a bin. They
    are deferred, so that two lots may change places in one operation, and are looked at when the
    cursor is flushed: still inside Odoo's retry loop and early enough for a good message.
    """

    _inherit = "stock.quant"

    lot_segregation = fields.Selection(
        LOT_SEGREGATION,
        string="Lot Rule",
        compute="_compute_segregation",
        store=True,
        readonly=False,
        required=True,
    )
    owner_segregation = fields.Selection(
        OWNER_SEGREGATION,
        string="Owner Rule",
        compute="_compute_segregation",
        store=True,
        readonly=False,
        required=True,
    )
    expiration_day = fields.Date(
        compute="_compute_expiration_day",
        store=True,
        help="The day of the expiry, in the warehouse's time zone.",
    )
    is_serial = fields.Boolean(
        compute="_compute_is_serial",
        store=True,
        readonly=False,
        required=True,
        help="Serial numbers of a product that expire on the same day count as one lot.",
    )

    # A number: a many2one would look for its quants whenever a package is deleted.
    outer_package_key = fields.Integer(
        compute="_compute_outer_package_key",
        store=True,
        readonly=False,
        help="The id of the outermost package: of the pallet, when cartons stand on it.",
    )

    # A changed rule reaches the quants of its location at once, those of running transactions too.
    _segregation_of_location = models.Constraint(
        "FOREIGN KEY (lot_segregation, owner_segregation, location_id)"
        " REFERENCES stock_location (lot_segregation_effective, owner_segregation_effective, id)"
        " ON UPDATE CASCADE"
    )
    _segregation_expiry = models.Constraint(segregation.lot_constraint("expiry"))
    _segregation_package = models.Constraint(segregation.lot_constraint("package"))
    _segregation_product = models.Constraint(segregation.lot_constraint("product"))
    _segregation_lot = models.Constraint(segregation.lot_constraint("lot"))
    _segregation_owner = models.Constraint(segregation.owner_constraint())
    _segregation_single_row = models.Constraint(segregation.single_row_constraint())
    # Finds a brand's goods that nobody is recorded to own; Odoo's index of the owner has no such.
    _unowned_lot_idx = models.Index("(lot_id) WHERE owner_id IS NULL AND lot_id IS NOT NULL")

    def _auto_init(self):
        """Add the columns without computing them: nothing is segregated before a switch is on."""
        cr = self.env.cr
        for column in ("lot_segregation", "owner_segregation"):
            add_rule_column(cr, self._table, column, "mixed")
        if not column_exists(cr, self._table, "expiration_day"):
            create_column(cr, self._table, "expiration_day", "date")
        if not column_exists(cr, self._table, "is_serial"):
            self._create_serial_column()
        if not column_exists(cr, self._table, "outer_package_key"):
            self._create_outer_package_column()
        return super()._auto_init()

    def _create_serial_column(self):
        cr = self.env.cr
        cr.execute("ALTER TABLE stock_quant ADD COLUMN is_serial boolean NOT NULL DEFAULT false")
        cr.execute(
            """
            UPDATE stock_quant SET is_serial = true
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.id = stock_quant.product_id AND template.tracking = 'serial'
            """
        )

    def _create_outer_package_column(self):
        cr = self.env.cr
        create_column(cr, self._table, "outer_package_key", "int4")
        cr.execute(
            """
            UPDATE stock_quant SET outer_package_key = split_part(package.parent_path, '/', 1)::int
              FROM stock_package package WHERE package.id = stock_quant.package_id
            """
        )

    @api.depends("location_id")
    def _compute_segregation(self):
        for quant in self:
            quant.update(self._get_rule_values(quant.location_id))

    @api.model
    def _get_rule_values(self, location):
        return {
            "lot_segregation": location.lot_segregation_effective or "mixed",
            "owner_segregation": location.owner_segregation_effective or "mixed",
        }

    @api.depends("expiration_date", "location_id")
    def _compute_expiration_day(self):
        for quant in self:
            warehouse = quant.location_id.warehouse_id
            moment = quant.expiration_date
            quant.expiration_day = warehouse._get_lot_day(moment) if warehouse else moment
        self._origin._watch_rules()

    @api.depends("product_id.tracking")
    def _compute_is_serial(self):
        for quant in self:
            quant.is_serial = quant.product_id.tracking == "serial"
        self._origin._watch_rules()

    @api.depends("package_id.parent_path")
    def _compute_outer_package_key(self):
        for quant in self:
            quant.outer_package_key = quant.package_id._get_outer().id
        self._origin._watch_rules()

    def _watch_rules(self):
        """Look at these quants when the cursor is flushed, though their quantity stays."""
        self._watch_quants(dict.fromkeys(self.ids))

    def _prepare_create_values(self, vals_list):
        """What the constraints look at is in the row from the beginning.

        It is given like any other value (so the fields are not read-only): to compute it first,
        Odoo would make a second record in memory for each quant, afterwards a second update.
        """
        locations = self.env["stock.location"].sudo()
        products = self.env["product.product"].sudo()
        packages = self.env["stock.package"].sudo()
        return super()._prepare_create_values(
            [
                {
                    **vals,
                    **self._get_rule_values(locations.browse(vals.get("location_id"))),
                    "is_serial": products.browse(vals.get("product_id")).tracking == "serial",
                    "outer_package_key": packages.browse(vals.get("package_id"))._get_outer().id,
                }
                for vals in vals_list
            ]
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.env["stock.location"]._flush_segregation()
        quants = super().create(vals_list)
        quants._watch_quants(dict.fromkeys(quants.ids, 0))
        return quants

    def write(self, vals):
        if not WATCHED_FIELDS & vals.keys():
            return super().write(vals)
        before = {quant.id: quant.quantity for quant in self}
        res = super().write(vals)
        self._watch_quants(before)
        return res

    def try_lock_for_update(self, *, allow_referencing=False, limit=None):
        """K02, K03: wait for a quant that somebody else is changing.

        Odoo skips it and adds another row for the same goods. Where lot control is on a row is all
        there is of its goods in its place, so we wait; when the other one has changed it, this
        transaction fails and Odoo tries it again on the new state.
        """
        if limit == 1 and self and self[0].location_id._is_lot_controlled():
            self.env.cr.execute(
                SQL("SELECT 1 FROM stock_quant WHERE id = %s FOR NO KEY UPDATE", self[0].id)
            )
            return self[:1] if self.env.cr.rowcount else self.browse()
        return super().try_lock_for_update(allow_referencing=allow_referencing, limit=limit)

    def _watch_quants(self, before):
        """Look at these quants when the cursor is flushed.

        :param dict before: the quantity that each of them had, by id; None when only something
            else than the quantity changes.
        """
        controlled = [quant.id for quant in self if quant.location_id._is_lot_controlled()]
        if not controlled:
            return
        callbacks = self.env.cr.precommit
        if WATCHED_QUANTS not in callbacks.data:
            callbacks.data[WATCHED_QUANTS] = {}
            callbacks.add(self.browse().sudo()._check_watched_quants)
        watched = callbacks.data[WATCHED_QUANTS]
        for quant_id in controlled:
            if watched.get(quant_id) is None:
                watched[quant_id] = before[quant_id]

    @api.model
    def _check_watched_quants(self):
        before = self.env.cr.precommit.data.pop(WATCHED_QUANTS, {})
        if before:
            self._check_changed_quants(before)

    @api.model
    def _check_changed_quants(self, before):
        """Refuse what an operation has done to the quants. Other parts of the addon extend it.

        :param dict before: see :meth:`_watch_quants`.
        """
        # The database looks at its constraints now instead of at the commit.
        cr = self.env.cr
        try:
            with cr.savepoint(flush=False):
                cr.execute(SQL("SET CONSTRAINTS %s IMMEDIATE", CONSTRAINTS), log_exceptions=False)
                cr.execute(SQL("SET CONSTRAINTS %s DEFERRED", CONSTRAINTS))
        except ExclusionViolation as error:
            raise self._get_segregation_error(before) from error
