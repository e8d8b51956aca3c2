"""`button_validate` of a delivery that is reserved and picked, and of a receipt with new lots."""

from bench.cases.scan import scan
from bench.cast import Cast
from bench.limit import run_limit
from bench.measure import Case


class Validation(Case):
    work = "validation"

    def __init__(self, lines):
        self.lines = lines
        self.title = f"{self.kind}, {lines} moves"

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
    kind = "delivery"

    def prepare(self, env, column):
        picking = Cast(env).delivery("c10", self.lines, 100)
        picking.action_assign()
        if column == "addon":
            picking.move_line_ids.mapped(scan)
        else:
            picking.move_ids.picked = True
        return picking


class ReceiptValidation(Validation):
    kind = "receipt"

    def prepare(self, env, column):
        picking = Cast(env).receipt("c10", self.lines, 24)
        bins = env["stock.location"].search(
            [("barcode", "=like", "SI%"), ("quant_ids", "=", False)], limit=self.lines
        )
        values = zip(picking.move_line_ids, bins, strict=True)
        for number, (line, place) in enumerate(values):
            line.write({"lot_name": f"NEW-{number}", "location_dest_id": place.id})
        picking.move_ids.picked = True
        return picking


def cases(size):
    return [
        kind(lines) for kind in (DeliveryValidation, ReceiptValidation) for lines in (1, 10, 100)
    ]
