from odoo import api, models
from odoo.tools import SQL

from .stock_location import SEGREGATED_USAGES

RULES = ("lot_segregation", "owner_segregation")
EFFECTIVE_RULES = tuple(f"{name}_effective" for name in RULES)
RULE_INPUTS = (*RULES, "segregation_pending", "usage", "location_id", "warehouse_id")
# From so many locations on, one query is faster than the ORM, which goes one by one.
MANY = 50


class StockLocation(models.Model):
    """The rules of many locations in one query, down the tree."""

    _inherit = "stock.location"

    @api.model
    def _flush_segregation(self):
        self._store_many_rules()
        return super()._flush_segregation()

    @api.model
    def _store_many_rules(self):
        """Compute the rules of all locations that wait for it, when they are many: the same as
        ``_compute_segregation_effective``."""
        rules = [self._fields[name] for name in EFFECTIVE_RULES]
        if all(len(self.env.records_to_compute(rule)) < MANY for rule in rules):
            return
        self._flush_rule_inputs()
        places = self.browse().union(*(self.env.records_to_compute(rule) for rule in rules))
        for rule in rules:
            self.env.remove_to_compute(rule, places)
        self.flush_model(EFFECTIVE_RULES)
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE %(rules)s
                UPDATE stock_location place
                   SET lot_segregation_effective = rules.lot_segregation,
                       owner_segregation_effective = rules.owner_segregation
                  FROM (SELECT id,
                               CASE WHEN pending THEN 'mixed' ELSE lot_segregation
                                END AS lot_segregation,
                               CASE WHEN pending THEN 'mixed' ELSE owner_segregation
                                END AS owner_segregation
                          FROM rules) rules
                 WHERE rules.id = place.id AND place.id = ANY(%(ids)s)
                   AND (place.lot_segregation_effective, place.owner_segregation_effective)
                       IS DISTINCT FROM (rules.lot_segregation, rules.owner_segregation)
                """,
                rules=self._sql_rules(),
                ids=list(places.ids),
            )
        )
        places.invalidate_recordset(EFFECTIVE_RULES, flush=False)

    @api.model
    def _flush_rule_inputs(self):
        self.flush_model(RULE_INPUTS)
        self.env["stock.warehouse"].flush_model(["lot_control"])

    @api.model
    def _sql_rules(self, switched_on=None):
        """The rules that hold in each location, as far as it does not wait for repair: the same as
        ``_get_intended_segregation``.

        :param switched_on: a warehouse to be looked at as if lot control had been turned on there.
        :return: a common table expression ``rules`` for WITH RECURSIVE, with the columns ``id``,
            ``pending``, ``lot_segregation`` and ``owner_segregation``.
        """
        switched_on = switched_on or self.env["stock.warehouse"]
        zones = switched_on.lot_stock_id.filtered(lambda zone: zone.lot_segregation == "inherit")
        own = SQL(
            "CASE WHEN place.id = ANY(%s) THEN 'product' ELSE place.lot_segregation END", zones.ids
        )
        applies = SQL(
            "place.usage = ANY(%s) AND (warehouse.lot_control OR warehouse.id = ANY(%s))",
            [*SEGREGATED_USAGES, "view"],
            switched_on.ids,
        )
        return SQL(
            """
            rules AS (
                SELECT place.id, place.segregation_pending AS pending,
                       %(lot_of_root)s AS lot_segregation, %(owner_of_root)s AS owner_segregation
                  FROM stock_location place
                  LEFT JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
                 WHERE place.location_id IS NULL
                 UNION ALL
                SELECT place.id, place.segregation_pending, %(lot_rule)s, %(owner_rule)s
                  FROM rules JOIN stock_location place ON place.location_id = rules.id
                  LEFT JOIN stock_warehouse warehouse ON warehouse.id = place.warehouse_id
            )
            """,
            lot_of_root=self._sql_rule(applies, own, SQL("'mixed'::varchar")),
            owner_of_root=self._sql_rule(
                applies, SQL("place.owner_segregation"), SQL("'mixed'::varchar")
            ),
            lot_rule=self._sql_rule(applies, own, SQL("rules.lot_segregation")),
            owner_rule=self._sql_rule(
                applies, SQL("place.owner_segregation"), SQL("rules.owner_segregation")
            ),
        )

    @api.model
    def _count_rules(self, switched_on):
        """How many locations get which rules when lot control is turned on in a warehouse.

        :return: a list of (lot rule, owner rule, number of locations), the most frequent first.
        """
        self._flush_rule_inputs()
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE %(rules)s
                SELECT rules.lot_segregation, rules.owner_segregation, count(*)
                  FROM rules JOIN stock_location place ON place.id = rules.id
                 WHERE place.warehouse_id = %(warehouse)s AND place.active
                   AND place.usage = ANY(%(usages)s)
                 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
                """,
                rules=self._sql_rules(switched_on),
                warehouse=switched_on.id,
                usages=list(SEGREGATED_USAGES),
            )
        )
        return self.env.cr.fetchall()

    @api.model
    def _sql_rule(self, applies, own, inherited):
        return SQL(
            "(CASE WHEN (%(applies)s) IS NOT TRUE THEN 'mixed'"
            " WHEN %(own)s = 'inherit' THEN %(inherited)s ELSE %(own)s END)::varchar",
            applies=applies,
            own=own,
            inherited=inherited,
        )
