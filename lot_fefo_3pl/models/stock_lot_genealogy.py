from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Consumed and produced side in Odoo's table of links; its column names say the opposite.
SIDES = {
    "down": ("produce_line_id", "consume_line_id"),
    "up": ("consume_line_id", "produce_line_id"),
}


class Way(NamedTuple):
    """How a lot is reached: through which lots, and since when units of them are in it."""

    text: str
    since: datetime
    depth: int


class StockLotGenealogy(models.AbstractModel):
    """Which lots went into which: relabelling, repacking, production, repair.

    Links are those that Odoo keeps between the consumed and the produced lines of one operation.
    Only units that were produced after a bad unit went in are followed: a lot that was consumed
    before it became affected does not spread it.
    """

    _name = "stock.lot.genealogy"
    _description = "Lot Genealogy"

    @api.model
    @api.readonly
    def descendants(self, lot_ids):
        """What the lots went into, level by level.

        :param list lot_ids: ids of stock.lot.
        :return: list of dicts with ``depth, parent_lot_id, parent_lot, parent_product_id,
            parent_product, child_lot_id, child_lot, child_product_id, child_product, document,
            date, consumed`` (units of the parent) and
            ``produced`` (units of the child). ``child_lot_id`` False is a product without lot:
            from there on nobody can tell; its shipments are "possibly affected".
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self.env["stock.lot.trace"]._check_lots(lot_ids)
        return self._complete_links(self._walk(lots, "down")[0])

    @api.model
    @api.readonly
    def ancestors(self, lot_ids):
        """What the lots were made of, level by level.

        :return: as ``descendants``; ``parent_lot_id`` False is a component without lot.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        lots = self.env["stock.lot.trace"]._check_lots(lot_ids)
        return self._complete_links(self._walk(lots, "up")[0])

    def _get_ways(self, lots, direction):
        """``{lot id: Way}`` of ``lots`` and, with a direction, of every lot reached from them."""
        if direction is None:
            return {lot.id: Way("", datetime.min, 0) for lot in lots}
        return self._walk(lots, direction)[1]

    def _walk(self, lots, direction):
        """Links and ways, one query per level; a lot is visited again when reached earlier."""
        ways = {lot.id: Way("", datetime.min, 0) for lot in lots}
        links, seen, level, depth = [], set(), list(ways), 0
        while level:
            depth += 1
            reached = set()
            for row in self._fetch_links(level, direction):
                if direction == "down" and row["from_date"] < ways[row["from_lot_id"]].since:
                    continue
                key = row["from_line_id"], row["to_line_id"]
                if key not in seen:
                    seen.add(key)
                    links.append(self._as_link(row, direction, depth))
                target = row["to_lot_id"]
                if not target:
                    continue
                since = row["to_date"] if direction == "down" else datetime.min
                if target not in ways or since < ways[target].since:
                    way = ways[row["from_lot_id"]].text or row["from_lot"]
                    ways[target] = Way(f"{way} > {row['to_lot']}", since, depth)
                    reached.add(target)
            level = list(reached)
        return links, ways

    def _fetch_links(self, lot_ids, direction):
        """One query: the lines of the lots with the lines on the other side."""
        own, other = SIDES[direction]
        lines = self.env["stock.move.line"]
        lines.flush_model()
        self.env["stock.lot"].flush_model(["name"])
        query = lines._search(Domain("lot_id", "in", lot_ids) & Domain("state", "=", "done"))
        line = query.table
        link = query.join(line, "id", "stock_move_line_consume_rel", own, "link")
        target = query.join(link, other, "stock_move_line", "id", "target")
        query.add_where(SQL("%s = 'done'", SQL.identifier(target, "state")))
        query.order = SQL("%s, %s", SQL.identifier(target, "date"), SQL.identifier(target, "id"))
        columns = self._link_columns(query, line, target)
        rows = self.env.execute_query(query.select(*columns.values()))
        return [dict(zip(columns, row, strict=True)) for row in rows]

    def _link_columns(self, query, line, target):
        """Columns of a link by name, joined to ``query``; bridges add theirs."""
        lot = query.left_join(target, "lot_id", "stock_lot", "id", "lot")
        own_lot = query.left_join(line, "lot_id", "stock_lot", "id", "own_lot")
        move = query.left_join(target, "move_id", "stock_move", "id", "move")
        return {
            "from_line_id": SQL.identifier(line, "id"),
            "from_lot_id": SQL.identifier(line, "lot_id"),
            "from_lot": SQL.identifier(own_lot, "name"),
            "from_product_id": SQL.identifier(line, "product_id"),
            "from_quantity": SQL.identifier(line, "quantity_product_uom"),
            "from_date": SQL.identifier(line, "date"),
            "to_line_id": SQL.identifier(target, "id"),
            "to_lot_id": SQL.identifier(target, "lot_id"),
            "to_lot": SQL.identifier(lot, "name"),
            "to_product_id": SQL.identifier(target, "product_id"),
            "to_quantity": SQL.identifier(target, "quantity_product_uom"),
            "to_date": SQL.identifier(target, "date"),
            "document": SQL(
                "COALESCE(%s, %s, '')",
                SQL.identifier(move, "reference"),
                SQL.identifier(move, "origin"),
            ),
        }

    def _as_link(self, row, direction, depth):
        """The same link seen from its consumed (``in``) and its produced (``out``) side."""
        source, target = ("from", "to") if direction == "down" else ("to", "from")
        names = ("line_id", "lot_id", "lot", "product_id", "quantity", "date")
        return {
            "depth": depth,
            "document": row["document"],
            **{f"in_{name}": row[f"{source}_{name}"] for name in names},
            **{f"out_{name}": row[f"{target}_{name}"] for name in names},
        }

    def _complete_links(self, links):
        """One dict per parent, child and document, with names; quantities of each line once."""
        products = self.env["product.product"].browse(
            {link[f"{side}_product_id"] for link in links for side in ("in", "out")}
        )
        names = {product.id: product.display_name for product in products}
        groups = {}
        for link in links:
            key = tuple(
                link[name]
                for name in (
                    "in_lot_id",
                    "in_product_id",
                    "out_lot_id",
                    "out_product_id",
                    "document",
                )
            )
            group = groups.setdefault(key, {**self._link_values(link, names), "in": {}, "out": {}})
            group["in"][link["in_line_id"]] = link["in_quantity"]
            group["out"][link["out_line_id"]] = link["out_quantity"]
        for group in groups.values():
            group["consumed"] = sum(group.pop("in").values())
            group["produced"] = sum(group.pop("out").values())
        return list(groups.values())

    def _link_values(self, link, product_names):
        return {
            "depth": link["depth"],
            "parent_lot_id": link["in_lot_id"] or False,
            "parent_lot": link["in_lot"] or "",
            "parent_product_id": link["in_product_id"],
            "parent_product": product_names[link["in_product_id"]],
            "child_lot_id": link["out_lot_id"] or False,
            "child_lot": link["out_lot"] or "",
            "child_product_id": link["out_product_id"],
            "child_product": product_names[link["out_product_id"]],
            "document": link["document"],
            "date": link["out_date"],
        }
