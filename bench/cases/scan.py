"""One scan of a label while a delivery of ten lines is picked: the answer and the evidence."""

from bench.cast import Cast
from bench.measure import Case


def scan(line):
    """Scan what the line says, as a handheld sends it."""
    answer = line.picking_id.lot_scan(
        f"]d201{line.product_id.barcode:0>14}10{line.lot_id.name}",
        quantity=line.quantity_product_uom,
        location_barcode=line.location_id.barcode,
    )
    if answer["status"] != "ok":
        raise AssertionError(answer["message"])
    return line


class ScanAnswer(Case):
    work = "scan"
    goals = (("ms", 50),)
    columns = ("addon",)  # plain Odoo has no scan that is checked and recorded

    def __init__(self, lines):
        self.lines = lines
        self.title = f"one label, delivery of {lines} lines"

    def prepare(self, env, column):
        picking = Cast(env).delivery("c10", self.lines, 100)
        picking.action_assign()
        return picking.move_line_ids[-1]

    def addon(self, env, made):
        return scan(made)


def cases(size):
    return [ScanAnswer(1), ScanAnswer(10), ScanAnswer(100)]
