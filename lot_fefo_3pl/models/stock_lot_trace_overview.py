import time

from odoo import api, models

PAGE = 40
# A picture with more nodes than this on one side is not read by anybody.
NODES = 12


class StockLotTrace(models.AbstractModel):
    """What the trace screen shows, in one call."""

    _inherit = "stock.lot.trace"

    @api.model
    @api.readonly
    def overview(self, lot_id, search="", offset=0):
        """One lot, both ways, with its balance.

        :param int lot_id: id of the stock.lot.
        :param str search: only customers whose name, address, phone or e-mail contains it.
        :param int offset: the first customer of the page.
        :return: dict with ``lot`` (id, name, product, uom, brand, expiry, held), ``balance`` (rows
            of ``mass_balance``), ``customers`` (``rows`` of ``consignees`` with what the lot went
            into, ``count`` of those found, ``total``, ``net``, ``offset``, ``page``),
            ``receipts``, ``stock``, ``open``, ``made_of``, ``went_into``, ``possible`` (number of
            possibly affected deliveries), ``graph`` (``nodes`` and ``links``) and ``seconds``.
        :raise AccessError: the user may not read stock moves or the lot.
        """
        begun = time.perf_counter()
        lot = self._check_lots([lot_id])
        consignees = self.consignees(lot.ids, descend=True)
        found = self._search_consignees(consignees, search)
        genealogy = self.env["stock.lot.genealogy"]
        result = {
            "lot": self._overview_lot(lot),
            "balance": self.mass_balance(lot.ids),
            "customers": {
                "rows": found[offset : offset + PAGE],
                "count": len(found),
                "total": len(consignees),
                "net": sum(row["net"] for row in consignees),
                "offset": offset,
                "page": PAGE,
            },
            "receipts": self.backward(lot.ids),
            "stock": self.on_hand(lot.ids),
            "open": self.in_process(lot.ids),
            "made_of": genealogy.ancestors(lot.ids),
            "went_into": genealogy.descendants(lot.ids),
            "possible": len(self.possibly_affected(lot.ids)),
        }
        result["graph"] = self._get_graph(result, consignees)
        result["seconds"] = round(time.perf_counter() - begun, 3)
        return result

    def _overview_lot(self, lot):
        calendar = lot._get_retention_calendar(lot.company_id or self.env.company)
        return {
            "id": lot.id,
            "name": lot.name,
            "product": lot.product_id.display_name,
            "uom": lot.product_id.uom_id.name,
            "brand": lot.owner_id.name or "",
            "expiry": calendar._get_lot_day(lot.expiration_date),
            "held": lot.hold_summary or "",
        }

    def _search_consignees(self, consignees, search):
        words = search.casefold().split()
        names = ("consignee", "address", "phone", "email")
        return [
            row
            for row in consignees
            if all(word in " ".join(row[name] for name in names).casefold() for word in words)
        ]

    # Picture ---------------------------------------------------------------------------------

    def _get_graph(self, result, consignees):
        """Nodes in columns (origin, receipt, lot, place) and links with quantities.

        The largest of each kind are drawn; the rest is one node that says how many they are.
        """
        env, lot = self.env, result["lot"]
        graph = Graph()
        graph.add("lot", 2, "lot", lot["name"], lot["product"])
        receipts = [
            (row["quantity"], row["picking"] or row["kind"], str(row["day"]), row["supplier"])
            for row in result["receipts"]
        ]
        for index, (quantity, name, day, supplier) in enumerate(
            _largest(receipts, env._("receipts"))
        ):
            graph.add(f"receipt{index}", 1, "receipt", name, day)
            graph.link(f"receipt{index}", "lot", quantity)
            origin = supplier or env._("Unknown origin")
            graph.add(f"from {origin}", 0, "supplier", origin, "")
            graph.link(f"from {origin}", f"receipt{index}", quantity)
        for index, link in enumerate(result["made_of"][:NODES]):
            graph.add(f"parent{index}", 0, "lot", link["parent_lot"] or "?", link["parent_product"])
            graph.link(f"parent{index}", "lot", link["consumed"])
        self._add_places(graph, result, consignees)
        return graph.as_dict()

    def _add_places(self, graph, result, consignees):
        env = self.env
        bins = [(row["quantity"], row["location"], row["package"]) for row in result["stock"]]
        direct = [
            (sum(lot["net"] for lot in row["lots"] if lot["lot_id"] == result["lot"]["id"]), row)
            for row in consignees
        ]
        customers = [(net, row["consignee"], row["address"]) for net, row in direct if net > 0]
        children = [
            (link["consumed"], link["child_lot"] or env._("no lot"), link["child_product"])
            for link in result["went_into"]
            if link["parent_lot_id"] == result["lot"]["id"]
        ]
        lost = [
            (sum(row[term] for row in result["balance"]), label, "")
            for term, label in (
                ("scrapped", env._("Scrapped")),
                ("lost", env._("Written off by a count")),
                ("sent_back", env._("Sent back to the supplier")),
            )
        ]
        for kind, rows, plural in (
            ("bin", bins, env._("bins")),
            ("child", children, env._("lots")),
            ("customer", customers, env._("customers")),
            ("lost", [row for row in lost if row[0]], ""),
        ):
            for index, (quantity, name, detail) in enumerate(_largest(rows, plural)):
                graph.add(f"{kind}{index}", 3, kind, name, detail)
                graph.link("lot", f"{kind}{index}", quantity)


class Graph:
    """Nodes by key, links between them."""

    def __init__(self):
        self.nodes, self.links = {}, []

    def add(self, key, column, kind, name, detail):
        self.nodes.setdefault(
            key, {"key": key, "column": column, "kind": kind, "name": name, "detail": detail}
        )

    def link(self, source, target, quantity):
        self.links.append({"source": source, "target": target, "quantity": quantity})

    def as_dict(self):
        return {"nodes": list(self.nodes.values()), "links": self.links}


def _largest(rows, plural):
    """The rows with the largest quantities, and one row for all the others."""
    rows = sorted(rows, key=lambda row: -row[0])
    if len(rows) <= NODES:
        return rows
    rest = rows[NODES - 1 :]
    others = (sum(row[0] for row in rest), f"+ {len(rest)} {plural}")
    return [*rows[: NODES - 1], others + ("",) * (len(rows[0]) - 2)]
