import re

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.gs1 import parse
from ..tools.lot_names import display_lot, lot_key

# What people write between the parts of a lot number, or leave out.
SEPARATORS = re.compile(r"[-_./#]")


def near_key(name):
    """Names with the same key may be meant for each other; a person has to confirm it."""
    return SEPARATORS.sub("", lot_key(name))


class StockLotRecallScope(models.AbstractModel):
    """From what a brand or an authority names to lots: exact, near, or not in the system."""

    _name = "stock.lot.recall.scope"
    _description = "Recall Scope"

    @api.model
    @api.readonly
    def find(
        self,
        names=None,
        pattern=None,
        owner_id=None,
        product_id=None,
        expiry_from=None,
        expiry_to=None,
        supplier_id=None,
        receipt_id=None,
    ):
        """Find the lots that a recall is about; every criterion given narrows the search.

        :param list names: lot numbers or scanned barcodes, as somebody typed or pasted them.
        :param str pattern: a lot number with ``*`` for any characters and ``?`` for one.
        :param int owner_id: the brand.
        :param int product_id: the product.
        :param str expiry_from: first expiry day, ``YYYY-MM-DD``.
        :param str expiry_to: last expiry day.
        :param int supplier_id: only lots received from this supplier.
        :param int receipt_id: only lots received with this transfer.
        :return: dict with ``lot_ids`` (exact), ``near`` (list of ``name, lot_id, lot``: look-alikes
            of names without an exact match) and ``unknown`` (names without either). Nothing given
            finds nothing.
        """
        domain = self._get_domain(
            pattern, owner_id, product_id, expiry_from, expiry_to, supplier_id, receipt_id
        )
        # Only spaces at the ends: a scan carries separators that a lot name would lose.
        names = list(dict.fromkeys(filter(None, (name.strip(" \t\r\n") for name in names or ()))))
        if not names:
            lots = self.env["stock.lot"].search(domain) if domain else self.env["stock.lot"]
            return {"lot_ids": lots.ids, "near": [], "unknown": []}
        return self._match(names, Domain.AND(domain))

    def _get_domain(
        self, pattern, owner_id, product_id, expiry_from, expiry_to, supplier_id, receipt_id
    ):
        domain = []
        calendar = self.env["stock.lot"]._get_retention_calendar(self.env.company)
        if pattern:
            escaped = re.sub(r"([%_\\])", r"\\\1", pattern.strip())
            domain.append(Domain("name", "=ilike", escaped.replace("*", "%").replace("?", "_")))
        for name, value in (("owner_id", owner_id), ("product_id", product_id)):
            if value:
                domain.append(Domain(name, "=", value))
        if expiry_from:
            begin = calendar._get_lot_day_start(fields.Date.to_date(expiry_from))
            domain.append(Domain("expiration_date", ">=", begin))
        if expiry_to:
            after = fields.Date.add(fields.Date.to_date(expiry_to), days=1)
            end = calendar._get_lot_day_start(after)
            domain.append(Domain("expiration_date", "<", end))
        if supplier_id or receipt_id:
            domain.append(Domain("id", "in", self._get_received_lots(supplier_id, receipt_id)))
        return domain

    def _get_received_lots(self, supplier_id, receipt_id):
        domain = Domain("state", "=", "done") & Domain("lot_id", "!=", False)
        if receipt_id:
            domain &= Domain("picking_id", "=", receipt_id)
        if supplier_id:
            domain &= Domain("location_id.usage", "=", "supplier") & Domain(
                "picking_id.partner_id", "child_of", supplier_id
            )
        groups = self.env["stock.move.line"]._read_group(domain, ["lot_id"])
        return [lot.id for (lot,) in groups]

    def _match(self, names, domain):
        """Exact matches first; look-alikes are sought for the rest only."""
        lots = self.env["stock.lot"]
        exact, left = lots, []
        wanted = {name: self._read_name(name) for name in names}
        known = lots.search(domain & Domain("name", "in", [lot for lot, _ids in wanted.values()]))
        for name, (lot_name, product_ids) in wanted.items():
            found = known.filtered(
                lambda lot, lot_name=lot_name, product_ids=product_ids: (
                    lot.name == lot_name and (not product_ids or lot.product_id.id in product_ids)
                )
            )
            exact |= found
            if not found:
                left.append(name)
        near = self._find_near({name: wanted[name] for name in left}, domain) if left else []
        matched = {row["name"] for row in near}
        return {
            "lot_ids": exact.ids,
            "near": [row for row in near if row["lot_id"] not in exact.ids],
            "unknown": [name for name in left if name not in matched],
        }

    def _read_name(self, name):
        """The lot number in it and, from a barcode, the products it may be of."""
        scan = parse(name)
        if not scan.lot:
            return display_lot(name), ()
        found = self.env["product.product"]._find_by_codes([scan.item], self.env.company)
        products = found.get(scan.item, (self.env["product.product"], 1.0))[0]
        return scan.lot, tuple(products.ids)

    def _find_near(self, wanted, domain):
        keys = {}
        for name, (lot_name, product_ids) in wanted.items():
            keys.setdefault(near_key(lot_name), []).append((name, product_ids))
        lots = self.env["stock.lot"].search_fetch(domain, ["name", "product_id"])
        return [
            {"name": name, "lot_id": lot.id, "lot": lot.name}
            for lot in lots
            for name, product_ids in keys.get(near_key(lot.name), ())
            if not product_ids or lot.product_id.id in product_ids
        ]
