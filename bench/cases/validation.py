"""`button_validate` of a delivery that is reserved and picked, and of a receipt with new lots."""

from datetime import datetime, timedelta

from bench.cases.scan import scan
from bench.cast import Cast
from bench.limit import run_limit
from bench.measure import Case


class Validation(Case):
    work = "validation"

    def __init__(self, lines):
        self.lines = lines
        self.title = f"{self.kind}, {lines} moves"
        self.goals = [("plain", 1.10)] if lines == 100 else []

    def plain(self, env, made):
        if made.button_validate() is not True:
            raise AssertionError("validation asks something")

    def limit(self, cr, made):
        run_limit(cr, f"validate_{self.kind}", picking_id=made.id)

    def outcome(self, env, made, result):
        if made.state != "done":
            raise AssertionError(f"the {self.kind} is {made.state}")
        quants = env["stock.quant"].search(
            [
                ("product_id", "in", made.move_ids.product_id.ids),
                ("owner_id", "=", made.owner_id.id),
            ]
        )
        stock = {}
        for quant in quants:
            usage = quant.location_id.usage
            stock[usage] = stock.get(usage, 0) + quant.quantity
        return stock


class DeliveryValidation(Validation):
    """Every move takes from the two bins of the lot that expires first, in all columns alike.

    Asked for less, plain Odoo and the addon would take another bin first and have other lines.
    """

    kind = "delivery"

    def prepare(self, env, column):
        cast = Cast(env)
        picking = cast.delivery("c10", self.lines, self._get_quantities(cast.products("c10")))
        picking.action_assign()
        if len(picking.move_line_ids) != 2 * self.lines:
            raise AssertionError(f"{len(picking.move_line_ids)} lines for {self.lines} moves")
        if column == "addon":
            picking.move_line_ids.mapped(scan)
        else:
            picking.move_ids.picked = True
        return picking

    def _get_quantities(self, products):
        """All but one unit of each product's lot that expires first."""
        lots = products.env["stock.quant"]._read_group(
            [("product_id", "in", products.ids), ("location_id.usage", "=", "internal")],
            ["product_id", "lot_id"],
            ["quantity:sum", "expiration_date:min"],
        )
        lots.sort(key=lambda row: row[3], reverse=True)
        return {product: quantity - 1 for product, _lot, quantity, _expiry in lots}


class ReceiptValidation(Validation):
    kind = "receipt"

    def prepare(self, env, column):
        picking = Cast(env).receipt("c10", self.lines, 24)
        bins = env["stock.location"].search(
            [("barcode", "=like", "SI%"), ("quant_ids", "=", False)], limit=self.lines
        )
        values = zip(picking.move_line_ids, bins, strict=True)
        expiry = datetime.combine(datetime.now(), datetime.min.time()) + timedelta(days=300)
        for number, (line, place) in enumerate(values):
            line.write(
                {
                    "lot_name": f"NEW-{number}",
                    "expiration_date": expiry,
                    "location_dest_id": place.id,
                }
            )
        picking.move_ids.picked = True
        return picking


def cases(size):
    return [
        kind(lines) for kind in (DeliveryValidation, ReceiptValidation) for lines in (1, 10, 100)
    ]
