from odoo import api, models
from odoo.exceptions import ConcurrencyError, ValidationError
from odoo.tools import SQL, format_date

from ..tools import segregation
from ..tools.putaway import Request

# How many bins one message names.
NAMED_BINS = 10


class StockQuant(models.Model):
    """Saying which goods cannot lie beside which, and why."""

    _inherit = "stock.quant"

    @api.model
    def _get_segregation_error(self, before):
        """What to raise when the database refuses the quants ``before`` (ids and quantities).

        What we do not see has been done by another transaction after this one began: Odoo tries
        this one again, and it will see it.
        """
        came, there = self._get_clash(list(before))
        if not came:
            return ConcurrencyError("Another operation has changed a bin that this one uses")
        return ValidationError(came._get_clash_message(there))

    @api.model
    def _get_clash(self, quant_ids):
        """The first of the quants that breaks its bin's rule, and the one that was there."""
        query = SQL(
            """
            WITH touched AS (
                SELECT DISTINCT location_id FROM stock_quant WHERE id = ANY(%(ids)s)
            ), goods AS (
                SELECT id, location_id, owner_segregation, id = ANY(%(ids)s) AS is_touched,
                       %(scope)s AS scope, %(key)s AS key, %(owner)s AS owner
                  FROM stock_quant JOIN touched USING (location_id)
                 WHERE quantity > 0
            )
            SELECT came.id, there.id
              FROM goods came JOIN goods there USING (location_id)
             WHERE came.is_touched
               AND ((came.scope = there.scope AND came.key <> there.key)
                    OR (came.owner_segregation = 'owner' AND came.owner <> there.owner))
             ORDER BY there.is_touched, came.id DESC, there.id
             LIMIT 1
            """,
            ids=quant_ids,
            scope=SQL(segregation.SCOPE),
            key=SQL(segregation.KEY),
            owner=SQL(segregation.OWNER_KEY),
        )
        self.env.cr.execute(query)
        came_id, there_id = self.env.cr.fetchone() or (None, None)
        self.invalidate_model(["lot_segregation", "owner_segregation"])
        return self.browse(came_id or ()), self.browse(there_id or ())

    def _get_clash_message(self, there):
        """Why the goods of ``self`` cannot lie beside ``there`` in their bin, and what to do."""
        self.ensure_one()
        free = self._get_nearest_free_place()
        advice = self.env._("Choose another location.")
        if free:
            advice = self.env._("The nearest free location is %(bin)s.", bin=free.display_name)
        return self.env._(
            "%(bin)s cannot take %(came)s: it holds %(there)s, and its rule is"
            " “%(rule)s”. %(advice)s",
            bin=self.location_id.display_name,
            came=self._get_goods_name(),
            there=there._get_goods_name(),
            rule=self._get_broken_rule(there),
            advice=advice,
        )

    def _get_nearest_free_place(self):
        """Where these goods could lie instead: beside this bin, else where put-away looks."""
        place, warehouse = self.location_id, self.location_id.warehouse_id
        package_type = self.package_id.package_type_id
        areas = warehouse.lot_stock_id._get_lot_areas(self.product_id, package_type)
        request = Request(
            [place._get_goods_of(self, self.quantity)], ((place.location_id.id, 0), *areas)
        )
        [[(location_id, _part)]] = self.env["stock.lot.putaway"]._find_bins(
            [request], warehouse, claim=False
        )
        return place.browse(location_id or ())

    def _get_goods_name(self):
        """Product, lot, package and owner in words, as far as they are known."""
        self.ensure_one()
        parts = [self.product_id.display_name]
        if self.lot_id and self.is_serial:
            parts.append(self._get_serial_name())
        elif self.lot_id:
            parts.append(self.env._("lot %(lot)s", lot=self.lot_id.name))
        elif self.product_id.tracking != "none":
            parts.append(self.env._("without lot"))
        if self.package_id:
            parts.append(self.env._("package %(package)s", package=self.package_id.complete_name))
        if self.owner_id:
            parts.append(self.env._("of %(owner)s", owner=self.owner_id.display_name))
        return ", ".join(parts)

    def _get_serial_name(self):
        """Serial numbers are kept apart by their days: name them."""
        if not self.expiration_day:
            return self.env._("serial number %(lot)s without expiry date", lot=self.lot_id.name)
        return self.env._(
            "serial number %(lot)s, expires %(day)s",
            lot=self.lot_id.name,
            day=format_date(self.env, self.expiration_day),
        )

    def _get_broken_rule(self, there):
        """The label of the rule that keeps ``self`` and ``there`` apart."""
        field = "owner_segregation"
        if self.owner_segregation != "owner" or self.owner_id == there.owner_id:
            field = "lot_segregation"
        labels = dict(self._fields[field]._description_selection(self.env))
        return labels[self[field]]

    @api.model
    def _check_segregation_in(self, locations, repaired=None):
        """Raise an error that names the bins of ``locations`` and below that break their rule."""
        conflicts = self._get_segregation_conflicts(locations, repaired)
        if not conflicts:
            return
        named = conflicts[:NAMED_BINS]
        lines = [quants._get_conflict_line() for quants in named]
        if len(conflicts) > len(named):
            lines.append(self.env._("and %(count)s more", count=len(conflicts) - len(named)))
        raise ValidationError(
            self.env._(
                "The rule does not hold for what is there today. Move the goods apart first:"
                "\n%(bins)s",
                bins="\n".join(f"- {line}" for line in lines),
            )
        )

    def _get_conflict_line(self):
        return self.env._(
            "%(bin)s holds %(goods)s",
            bin=self.location_id.display_name,
            goods="; ".join(quant._get_goods_name() for quant in self),
        )

    @api.model
    def _get_segregation_conflicts(self, locations, repaired=None, switched_on=None):
        """What lies together in ``locations`` and below against the rule.

        :param repaired: locations to be looked at as if they did not wait for repair.
        :param switched_on: a warehouse to be looked at as if lot control had been turned on there.
        :return: a list of recordsets of quants, one for each bin, in the order of the bins.
        """
        self.flush_model()
        locations._flush_rule_inputs()
        # No filter on the rules as stored: right after they have been set, the statistics still say
        # that no quant has one, and the join would be planned for one row instead of all of them.
        query = SQL(
            """
            WITH RECURSIVE %(rules)s, places AS (
                SELECT place.id, place.complete_name, rules.lot_segregation, rules.owner_segregation
                  FROM stock_location place JOIN rules ON rules.id = place.id
                 WHERE place.parent_path LIKE ANY(%(paths)s)
                   AND (rules.pending IS NOT TRUE OR rules.id = ANY(%(repaired)s))
            ), goods AS (
                SELECT goods.id, location_id, complete_name, %(scope)s AS scope, %(key)s AS key,
                       CASE owner_segregation WHEN 'owner' THEN %(owner)s END AS owner
                  FROM (SELECT quant.id, quant.location_id, quant.product_id, quant.lot_id,
                               quant.outer_package_key, quant.owner_id, quant.is_serial,
                               %(day)s AS expiration_day, place.complete_name,
                               place.lot_segregation, place.owner_segregation
                          FROM stock_quant quant JOIN places place ON place.id = quant.location_id
                         WHERE quant.quantity > 0) goods
            ), broken AS (
                SELECT location_id, array_agg(id) AS ids
                  FROM goods WHERE scope IS NOT NULL
                 GROUP BY location_id, scope HAVING min(key) <> max(key)
                 UNION ALL
                SELECT location_id, array_agg(id)
                  FROM goods GROUP BY location_id HAVING min(owner) <> max(owner)
            )
            SELECT array_agg(DISTINCT goods.id ORDER BY goods.id)
              FROM broken CROSS JOIN unnest(broken.ids) AS found (id) JOIN goods USING (id)
             GROUP BY goods.location_id, goods.complete_name
             ORDER BY goods.complete_name
            """,
            rules=locations._sql_rules(switched_on),
            # The quants from before the switch have no day yet.
            day=switched_on._sql_expiration_day() if switched_on else SQL("quant.expiration_day"),
            scope=SQL(segregation.SCOPE),
            key=SQL(segregation.KEY),
            owner=SQL(segregation.OWNER_KEY),
            paths=[f"{location.parent_path}%" for location in locations],
            repaired=(repaired or locations.browse()).ids,
        )
        self.env.cr.execute(query)
        return [self.browse(ids) for [ids] in self.env.cr.fetchall()]
