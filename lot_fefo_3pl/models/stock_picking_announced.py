from odoo import api, fields, models

from ..tools.receipt_differences import KINDS, Part, compare
from ..tools.sheet import to_csv, to_xlsx


class StockPicking(models.Model):
    """What a receipt was to bring beside what it brought."""

    _inherit = "stock.picking"

    lot_announcement_ids = fields.One2many("stock.lot.announcement", "picking_id", "Announced")
    lot_differences = fields.Html("Differences", compute="_compute_lot_differences")

    def _get_receipt_chain(self):
        """This receipt, the ones it is the back-order of, and its own back-orders."""
        chain = origin = self
        while origin.backorder_id:
            origin = origin.backorder_id
            chain |= origin
        following = self
        while following:
            following = following.backorder_ids - chain
            chain |= following
        return chain

    def _get_announced_here(self):
        """The announced goods that this receipt was to bring.

        A back-order has none of its own: it was to bring the pallets that came with no receipt
        before it, as far as it still expects their goods.
        """
        self.ensure_one()
        if self.lot_announcement_ids or not self.backorder_id:
            return self.lot_announcement_ids
        before = self.backorder_id
        while before[-1].backorder_id:
            before += before[-1].backorder_id
        came = set(before.move_line_ids.filtered("picked").result_package_id.mapped("name"))
        left = self._get_expected_by_product()
        here = self.env["stock.lot.announcement"]
        for part in before.lot_announcement_ids:
            rest = left.get(part.product_id, 0) - part.quantity
            if part.sscc and part.sscc not in came and part.uom_id.compare(rest, 0) >= 0:
                left[part.product_id] = rest
                here += part
        return here

    def _get_expected_by_product(self):
        """What the moves say, in the products' units, a dict by product."""
        moves = self.move_ids.filtered(
            lambda move: move.state != "cancel" and move.product_uom_qty > 0
        )
        # What went on to a back-order was to come with this receipt, too.
        moves |= self.backorder_ids.move_ids.filtered(lambda move: move.product_uom_qty > 0)
        return {
            product: sum(group.mapped("product_qty"))
            for product, group in moves.grouped("product_id").items()
        }

    @api.depends("move_line_ids.quantity", "move_line_ids.picked", "move_line_ids.lot_id")
    def _compute_lot_differences(self):
        for picking in self:
            picking.lot_differences = self.env["ir.qweb"]._render(
                "lot_fefo_3pl.receipt_differences",
                {"rows": picking._get_lot_difference_rows() if picking._origin else []},
            )

    def _get_announced_parts(self):
        """What was to come: as the brand announced it, else by product as the receipt says."""
        announced = self._get_announced_here()
        parts = [
            Part(
                part.product_id.id,
                part.quantity,
                part.lot_name or "",
                part.expiry or None,
                part.sscc or "",
            )
            for part in announced
        ]
        if self.lot_announcement_ids:
            return parts
        left = self._get_expected_by_product()
        for part in announced:
            left[part.product_id] -= part.quantity
        return parts + [
            Part(product.id, quantity)
            for product, quantity in left.items()
            if not product.uom_id.is_zero(quantity)
        ]

    def _get_received_parts(self):
        return [
            Part(
                line.product_id.id,
                line.quantity_product_uom,
                line._get_lot_name() or "",
                self._get_receipt_warehouse()._get_lot_day(line.expiration_date) or None,
                line.result_package_id.name or "",
            )
            for line in self.move_line_ids
            if line.picked and not line.product_uom_id.is_zero(line.quantity)
        ]

    def _get_receipt_warehouse(self):
        return self.picking_type_id.warehouse_id

    def _get_lot_difference_rows(self):
        """What was announced and what came, as plain values, what needs attention first.

        :return: a list of dicts with ``product`` (id), ``product_name``, ``uom``, ``sscc``,
            ``kinds`` (see ``tools.receipt_differences``), ``words``, and ``announced`` and
            ``received``, each a dict with ``quantity``, ``lot`` and ``expiry`` (date) or None.
        """
        self.ensure_one()
        found = compare(self._get_announced_parts(), self._get_received_parts())
        products = self.env["product.product"].browse({row.product for row in found})
        by_id = {product.id: product for product in products}
        words = self._get_difference_words()
        rows = [
            {
                "product": row.product,
                "product_name": by_id[row.product].display_name,
                "uom": by_id[row.product].uom_id.name,
                "sscc": row.sscc,
                "kinds": list(row.kinds),
                "words": ", ".join(words[kind] for kind in row.kinds or ("as_announced",)),
                "announced": _as_dict(row.announced),
                "received": _as_dict(row.received),
                "difference": row.quantity,
            }
            for row in found
        ]
        return sorted(rows, key=lambda row: KINDS.index((row["kinds"] or ["as_announced"])[0]))

    @api.model
    def _get_difference_words(self):
        return {
            "missing": self.env._("did not come"),
            "short": self.env._("too few"),
            "over": self.env._("too many"),
            "other_lot": self.env._("other lot"),
            "other_date": self.env._("other date"),
            "not_announced": self.env._("not announced"),
            "as_announced": self.env._("as announced"),
        }

    def action_download_lot_differences(self):
        """Download what was announced and what came as a workbook."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lot_fefo_3pl/receipt/{self.id}/differences.xlsx",
            "target": "download",
        }

    def _get_difference_document(self, name):
        """``differences.csv`` or ``differences.xlsx`` as bytes."""
        header = (
            self.env._("Product"),
            self.env._("Pallet"),
            self.env._("Announced"),
            self.env._("Announced lot"),
            self.env._("Announced expiry"),
            self.env._("Received"),
            self.env._("Received lot"),
            self.env._("Received expiry"),
            self.env._("Difference"),
            self.env._("Result"),
        )
        nothing = {"quantity": 0.0, "lot": "", "expiry": None}
        rows = []
        for row in self._get_lot_difference_rows():
            said, came = row["announced"] or nothing, row["received"] or nothing
            values = [row["product_name"], row["sscc"]]
            for part in (said, came):
                values += [part["quantity"], part["lot"], part["expiry"]]
            rows.append([*values, row["difference"], row["words"]])
        if name.endswith(".csv"):
            return to_csv(header, rows)
        return to_xlsx(self.env._("Differences"), header, rows)


def _as_dict(part):
    return part and {"quantity": part.quantity, "lot": part.lot, "expiry": part.expiry}
