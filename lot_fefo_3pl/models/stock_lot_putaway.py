from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.tools import SQL

from ..tools.putaway import Bin, Goods, Limits, assign

# Exactly as in the index of open lines by destination, so that PostgreSQL uses it.
OPEN_LINES = "state IN ('draft', 'waiting', 'confirmed', 'partially_available', 'assigned')"
NOT_BELOW_ZERO = SQL(
    "NOT EXISTS (SELECT 1 FROM stock_quant below"
    " WHERE below.location_id = place.id AND below.quantity < 0)"
)
# How many bins are looked at in one go when the first ones have no room.
PAGE = 500


class StockLotPutaway(models.AbstractModel):
    """Put-away by lot: the bins of all lines of an operation at once.

    First come the bins that hold the lot and empty ones, with a fixed number of queries; others
    only when these are not enough. A chosen bin is claimed by a real update of its row: of two
    users that receive at the same time the second one passes over the bins of the first, and one
    that began before the first has committed is tried again by Odoo.
    """

    _name = "stock.lot.putaway"
    _description = "Lot Put-away"

    @api.model
    def _find_bins(self, requests, warehouse, excluded_line_ids=(), claim=True):
        """Find bins for goods.

        :param requests: a list of ``tools.putaway.Request``; their areas are pairs of a location
            id and a storage category id (0 for any).
        :param warehouse: the ``stock.warehouse`` whose days count.
        :param excluded_line_ids: planned lines that do not count, as they are being planned now.
        :param claim: whether this transaction will write the bins down as destinations.
        :return: for each request a list of (location id, request for the part that goes there);
            the location id is None for what fits nowhere.
        """
        self._flush()
        found = [[] for _request in requests]
        pending = list(enumerate(requests))
        bins, claimed = defaultdict(list), set()
        for candidates in self._get_candidates(requests, warehouse, list(excluded_line_ids)):
            for area, candidate in candidates:
                bins[area].append(candidate)
            pending = self._place_all(pending, bins, found, claimed if claim else None)
            if not pending:
                break
        for index, request in pending:
            found[index].append((None, request))
        return found

    @api.model
    def _place_all(self, pending, bins, found, claimed):
        """Write the parts that find a bin into ``found``; return what is left.

        :param claimed: the ids of the bins that are ours already; None when none is to be claimed.
        """
        while pending:
            left, chosen = [], []
            for index, request in pending:
                parts, rest = assign(request, bins)
                chosen += [(index, candidate, part) for candidate, part in parts]
                if rest:
                    left.append((index, rest))
            lost = self._claim({candidate.id for _index, candidate, _part in chosen}, claimed)
            for index, candidate, part in chosen:
                if candidate.id in lost:
                    left.append((index, part))
                else:
                    found[index].append((candidate.id, part))
            pending = left
            if not lost:
                break
            for area, candidates in bins.items():
                bins[area] = [candidate for candidate in candidates if candidate.id not in lost]
        return pending

    @api.model
    def _claim(self, location_ids, claimed):
        """Take these bins for this transaction; return those that another one is taking."""
        if claimed is None or location_ids <= claimed:
            return set()
        self.env.cr.execute(
            SQL(
                """
                UPDATE stock_location SET write_date = write_date
                 WHERE id IN (SELECT id FROM stock_location WHERE id = ANY(%s)
                               ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING id
                """,
                sorted(location_ids - claimed),
            )
        )
        claimed.update(location_id for [location_id] in self.env.cr.fetchall())
        return location_ids - claimed

    @api.model
    def _flush(self):
        self.env["stock.location"].flush_model()
        self.env["stock.quant"].flush_model()
        self.env["stock.move.line"].flush_model()

    # Candidates ------------------------------------------------------------------------------

    @api.model
    def _get_candidates(self, requests, warehouse, excluded_line_ids):
        """Yield lists of (area, bin), the best bins first.

        Bins with something below zero are left out: what lies there is not known before a count.
        """
        areas = sorted({area for request in requests for area in request.areas})
        goods = [goods for request in requests for goods in request.goods]
        used = self._sql_used(excluded_line_ids)
        empty = SQL("NOT (%s)", used)
        page = len(goods) + 20

        holds = self._sql_holds(goods, warehouse, excluded_line_ids)
        same_lot = self._read_bins(areas, SQL("%s AND %s", holds, NOT_BELOW_ZERO), 0, None)
        first_empty = self._read_bins(areas, empty, 0, page)
        self._fill(same_lot, warehouse, excluded_line_ids)
        known = {candidate.id for _area, candidate in same_lot}
        yield same_lot + first_empty
        if len(first_empty) >= page:
            yield from self._get_pages(areas, empty, page)
        shared = SQL("(%s) AND %s", used, NOT_BELOW_ZERO)
        for candidates in self._get_pages(areas, shared, 0, page):
            candidates = [pair for pair in candidates if pair[1].id not in known]
            self._fill(candidates, warehouse, excluded_line_ids)
            yield candidates

    @api.model
    def _get_pages(self, areas, condition, offset, size=PAGE):
        while candidates := self._read_bins(areas, condition, offset, size):
            yield candidates
            offset, size = offset + size, PAGE

    @api.model
    def _read_bins(self, areas, condition, offset, limit):
        """The lowest locations of each area that meet the condition on ``place``, in order."""
        paths = {
            location.id: location.parent_path
            for location in self.env["stock.location"].browse({area[0] for area in areas}).sudo()
        }
        query = SQL(
            """
            SELECT area.location_id, area.category_id, bin.*
              FROM (VALUES %(areas)s) AS area (location_id, category_id, path)
             CROSS JOIN LATERAL (
                SELECT place.id, place.storage_category_id,
                       place.lot_segregation_effective, place.owner_segregation_effective
                  FROM stock_location place
                 WHERE place.parent_path LIKE area.path
                   AND place.usage = 'internal' AND place.active
                   AND place.segregation_pending IS NOT TRUE
                   AND area.category_id IN (0, place.storage_category_id)
                   AND NOT EXISTS (
                       SELECT 1 FROM stock_location child
                        WHERE child.location_id = place.id
                          AND child.usage = 'internal' AND child.active)
                   AND (%(condition)s)
                 ORDER BY place.complete_name, place.id
                OFFSET %(offset)s LIMIT %(limit)s
             ) bin
            """,
            areas=SQL(", ").join(
                SQL("(%s, %s, %s)", location_id, category_id, f"{paths[location_id]}%")
                for location_id, category_id in areas
            ),
            condition=condition,
            offset=offset,
            limit=limit,
        )
        self.env.cr.execute(query)
        rows = self.env.cr.fetchall()
        limits = self._get_limits({row[3] for row in rows if row[3]})
        known, candidates = {}, []
        for location_id, category_id, bin_id, bin_category_id, lot_rule, owner_rule in rows:
            limit = limits.get(bin_category_id) or Limits()
            candidate = known.setdefault(bin_id, Bin(bin_id, lot_rule, owner_rule, limit))
            candidates.append(((location_id, category_id), candidate))
        return candidates

    @api.model
    def _get_limits(self, category_ids):
        categories = self.env["stock.storage.category"].sudo().browse(category_ids)
        return {
            category.id: Limits(
                new_product=category.allow_new_product,
                weight=category.max_weight,
                per_product={c.product_id.id: c.quantity for c in category.product_capacity_ids},
                per_package_type={
                    c.package_type_id.id: c.quantity for c in category.package_capacity_ids
                },
            )
            for category in categories
        }

    @api.model
    def _sql_open_lines(self, excluded_line_ids):
        """What is planned: a condition on the lines ``line``."""
        return SQL("line.%s AND line.id <> ALL(%s)", SQL(OPEN_LINES), excluded_line_ids)

    @api.model
    def _sql_used(self, excluded_line_ids):
        """Whether something is recorded in ``place`` or is on its way to it."""
        return SQL(
            """
            EXISTS (SELECT 1 FROM stock_quant quant
                     WHERE quant.location_id = place.id AND quant.quantity <> 0)
            OR EXISTS (SELECT 1 FROM stock_move_line line
                        WHERE line.location_dest_id = place.id AND %s)
            """,
            self._sql_open_lines(excluded_line_ids),
        )

    @api.model
    def _sql_holds(self, goods, warehouse, excluded_line_ids):
        """Whether one of the lots of ``goods`` lies in ``place`` or is on its way to it."""
        known = [one for one in goods if one.lot[0] == one.product]
        serials = [one for one in goods if one.lot[0] == "serial"]
        return SQL(
            """
            place.id IN (
                SELECT quant.location_id
                  FROM stock_quant quant LEFT JOIN stock_lot lot ON lot.id = quant.lot_id
                 WHERE quant.product_id = ANY(%(products)s) AND quant.quantity > 0
                   AND CASE WHEN quant.is_serial
                            THEN COALESCE(quant.expiration_day, %(never)s) = ANY(%(days)s)
                            ELSE COALESCE(lot.name, '') = ANY(%(names)s) END
                 UNION
                SELECT line.location_dest_id
                  FROM stock_move_line line LEFT JOIN stock_lot lot ON lot.id = line.lot_id
                 WHERE line.product_id = ANY(%(products)s) AND %(open)s
                   AND CASE WHEN line.product_id = ANY(%(serials)s)
                            THEN COALESCE((line.expiration_date AT TIME ZONE 'UTC'
                                           AT TIME ZONE %(zone)s)::date, %(never)s) = ANY(%(days)s)
                            ELSE COALESCE(lot.name, line.lot_name, '') = ANY(%(names)s) END)
            """,
            products=sorted({one.product for one in goods}),
            serials=sorted({one.product for one in serials}),
            names=sorted({one.lot[1] or "" for one in known}),
            days=sorted({one.day or date.max for one in serials}),
            never=date.max,
            zone=warehouse._get_lot_timezone().key,
            open=self._sql_open_lines(excluded_line_ids),
        )

    # Contents --------------------------------------------------------------------------------

    @api.model
    def _fill(self, candidates, warehouse, excluded_line_ids):
        """Read what lies in the bins and what is on its way to them."""
        bins = {candidate.id: candidate for _area, candidate in candidates}
        if not bins:
            return
        query = SQL(
            """
            SELECT goods.location_id, goods.line_id, goods.product_id, goods.lot_name,
                   goods.quantity, goods.expiration_date, goods.owner_id, goods.package_id,
                   package.package_type_id, product.weight, template.tracking
              FROM (
                SELECT quant.location_id, NULL AS line_id, quant.product_id, lot.name AS lot_name,
                       quant.quantity, quant.expiration_date, quant.owner_id,
                       NULLIF(quant.outer_package_key, 0) AS package_id
                  FROM stock_quant quant LEFT JOIN stock_lot lot ON lot.id = quant.lot_id
                 WHERE quant.location_id = ANY(%(bins)s) AND quant.quantity > 0
                 UNION ALL
                SELECT line.location_dest_id, line.id, line.product_id,
                       COALESCE(lot.name, line.lot_name), line.quantity_product_uom,
                       line.expiration_date, line.owner_id, line.result_package_id
                  FROM stock_move_line line LEFT JOIN stock_lot lot ON lot.id = line.lot_id
                 WHERE line.location_dest_id = ANY(%(bins)s) AND %(open)s
              ) goods
              JOIN product_product product ON product.id = goods.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              LEFT JOIN stock_package package ON package.id = goods.package_id
            """,
            bins=sorted(bins),
            open=self._sql_open_lines(excluded_line_ids),
        )
        self.env.cr.execute(query)
        rows = self.env.cr.fetchall()
        days = {
            moment: warehouse._get_lot_day(moment) or None for moment in {row[5] for row in rows}
        }
        for row in rows:
            location_id, line_id, product_id, lot_name, quantity, expiry, owner_id = row[:7]
            package_id, package_type_id, weight, tracking = row[7:]
            bins[location_id].add(
                Goods(
                    product=product_id,
                    lot=get_lot_key(product_id, lot_name, tracking, line_id, days[expiry]),
                    quantity=float(quantity or 0),
                    day=days[expiry],
                    owner=owner_id or 0,
                    package=package_id,
                    package_type=package_type_id,
                    weight=float(weight or 0),
                ),
                is_coming=line_id is not None,
            )


def get_lot_key(product_id, lot_name, tracking, line_id, day):
    """What tells lots apart before they exist: goods of an unknown lot are alone in the world.

    Serial numbers of a product, known or not, count as one lot when they expire on the same day.
    """
    if tracking == "serial":
        return ("serial", product_id, day)
    if lot_name or tracking == "none":
        return (product_id, lot_name or None)
    return ("line", line_id)
