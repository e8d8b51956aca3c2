from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.allotment import Candidate, Supply

# From so many products on, tables are read as a whole instead of row by row for each quant.
MANY_PRODUCTS = 5


class ReservationLedger:
    """Collects what new lines reserve on quants that are locked for them.

    It travels in the context while the lines are created and, being a Python object, cannot be
    sent by a caller. Closed, it lets everything through to core again.
    """

    def __init__(self, quants_by_place):
        self.quants_by_place = quants_by_place
        self.quantities = {}
        self.is_open = True

    def enter(self, place, quantity):
        """Note ``quantity`` for the quant of ``place``; False when it is none of ours."""
        quant_id = self.quants_by_place.get(place)
        if not self.is_open or not quant_id:
            return False
        self.quantities[quant_id] = self.quantities.get(quant_id, 0.0) + quantity
        return True


class StockQuant(models.Model):
    """Goods for many moves: found in one query, reserved in one."""

    _inherit = "stock.quant"

    @api.model
    def _get_allotment_search(self, demand, location):
        """What ``_gather`` searches for a move from ``location``, without the product.

        :return: the domain and the order.
        """
        # As in ``stock.move._with_lot_demand``.
        quants = self.with_context(lot_fefo_3pl_demand=demand)
        product = self.env["product.product"]
        order = quants._get_removal_strategy_order(quants._get_removal_strategy(product, location))
        domain = Domain("location_id", "child_of", location.id)
        return domain & self.env["stock.lot.rule"]._get_domain(demand), order

    @api.model
    def _find_supply(self, searches, needs):
        """The goods that go first for each search, enough for all that is needed.

        :param searches: list of (domain, order, products).
        :param dict needs: product -> what is needed of it by all searches together.
        :return: ``Supply``, the searches named by their position in the list.
        """
        self.flush_model(["product_id", "location_id", "lot_id", "package_id", "owner_id"])
        self.flush_model(["quantity", "reserved_quantity"])
        query = SQL(
            """
            SELECT search, id, product_id, location_id, lot_id, package_id, owner_id, free
              FROM (%(searches)s) AS candidate
              JOIN UNNEST(%(products)s, %(quantities)s::numeric[]) AS need (product_id, quantity)
             USING (product_id)
             WHERE CASE WHEN least < 0 THEN free = least ELSE running - free < need.quantity END
             ORDER BY search, product_id, running, id
            """,
            searches=SQL(" UNION ALL ").join(
                self._get_allotment_sql(number, *search) for number, search in enumerate(searches)
            ),
            products=[product.id for product in needs],
            quantities=list(needs.values()),
        )
        many = len(needs) >= MANY_PRODUCTS
        if many:
            # PostgreSQL takes owner and product for independent and expects a row or two.
            self.env.cr.execute("SET LOCAL enable_nestloop = off")
        rows = self.env.execute_query(query)
        if many:
            self.env.cr.execute("SET LOCAL enable_nestloop TO DEFAULT")
        return Supply(
            (Candidate(row[0], row[1], row[2:7], row[7]) for row in rows),
            next(iter(needs)).uom_id.is_zero,  # one precision for all units
        )

    @api.model
    def _get_allotment_sql(self, number, domain, order, products):
        """The free goods of one search, with what is free up to each of them in its order.

        Goods with a lot go before goods without, as in ``_gather``.
        """
        quants = self.sudo()
        query = quants._search(domain & Domain("product_id", "in", products.ids))
        order = quants._order_to_sql(order, query)
        return SQL(
            """
            SELECT %(number)s AS search, stock_quant.id, stock_quant.product_id,
                   stock_quant.location_id, stock_quant.lot_id, stock_quant.package_id,
                   stock_quant.owner_id, %(free)s AS free,
                   SUM(%(free)s) OVER rotation AS running,
                   MIN(%(free)s) OVER (PARTITION BY stock_quant.product_id) AS least
              FROM %(tables)s
             WHERE %(where)s
               AND stock_quant.quantity IS DISTINCT FROM stock_quant.reserved_quantity
            WINDOW rotation AS (
                PARTITION BY stock_quant.product_id
                ORDER BY stock_quant.lot_id IS NULL, %(order)s
                ROWS UNBOUNDED PRECEDING
            )
            """,
            number=number,
            free=SQL("(COALESCE(stock_quant.quantity, 0) - stock_quant.reserved_quantity)"),
            tables=query.from_clause,
            where=query.where_clause,
            order=order,
        )

    def _lock_for_reservation(self):
        """K03: wait until nobody else changes these quants, and keep them.

        When somebody has changed one since this transaction began, PostgreSQL refuses, and Odoo
        tries the whole operation again on the new state: no unit is promised twice.
        """
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM stock_quant WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
                sorted(self.ids),
            )
        )

    @api.model
    def _post_reservations(self, ledger):
        """Reserve what the lines have entered in ``ledger``, in one statement, and close it."""
        ledger.is_open = False
        if not ledger.quantities:
            return
        self.flush_model(["reserved_quantity"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_quant
                   SET reserved_quantity = GREATEST(0, reserved_quantity + entry.quantity),
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM UNNEST(%(ids)s, %(quantities)s::numeric[]) AS entry (id, quantity)
                 WHERE stock_quant.id = entry.id
                """,
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=list(ledger.quantities),
                quantities=list(ledger.quantities.values()),
            )
        )
        quants = self.browse(ledger.quantities)
        quants.invalidate_recordset(["reserved_quantity", "write_uid", "write_date"])
        quants.modified(["reserved_quantity"])

    @api.model
    def _update_reserved_quantity(
        self,
        product_id,
        location_id,
        quantity,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        ledger = self.env.context.get("lot_fefo_3pl_ledger")
        if isinstance(ledger, ReservationLedger):
            goods = (product_id, location_id, lot_id, package_id, owner_id)
            place = tuple(record.id if record else None for record in goods)
            if ledger.enter(place, quantity):
                return None
        return super()._update_reserved_quantity(
            product_id,
            location_id,
            quantity,
            lot_id=lot_id,
            package_id=package_id,
            owner_id=owner_id,
            strict=strict,
        )
